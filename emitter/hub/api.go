package hub

import (
	"context"
	"slices"
)

// API serves the calls of the Hub's API.
type API struct {
	DB     *DB
	strict bool
	xet    *xetFiles
	replay func(ctx context.Context, webhookID, deliveryID string) (Attempt, error)
}

// NewAPI returns the Hub's API. A strict one answers 400 where the official sources
// disagree. Replay attempts a delivery again.
func NewAPI(db *DB, strict bool, replay func(ctx context.Context, webhookID, deliveryID string) (Attempt, error)) *API {
	return &API{DB: db, strict: strict, xet: newXetFiles(), replay: replay}
}

// call is a call of the API.
type call struct {
	*Call_
	*API
}

// route is a Route of this package.
type route struct {
	name, method, path string
	limit              int64
	serve              func(*call) (any, error)
	open               bool
}

// Routes returns all calls.
func (a *API) Routes() []Route {
	var list []Route
	for _, r := range slices.Concat(webhookRoutes(), bucketRoutes(), repoRoutes(), contentRoutes(), readRoutes(), discussionRoutes()) {
		list = append(list, Route{Name: r.name, Method: r.method, Path: r.path, Limit: r.limit, Open: r.open, Serve: func(c *Call_) (any, error) {
			return r.serve(&call{c, a})
		}})
	}
	return list
}
