// Package api has the calls of the Hub's API that the official clients make. Each file has
// its routes, requests and responses, and calls operations of package domain.
package api

import (
	"context"
	"slices"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// API serves the calls of the Hub's API.
type API struct {
	DB     *domain.DB
	strict bool
	xet    *xetFiles
	replay Replay
}

// New returns the Hub's API. A strict one responds with 400 if the official sources disagree.
// Replay attempts a delivery again.
func New(db *domain.DB, strict bool, replay Replay) *API {
	return &API{DB: db, strict: strict, xet: &xetFiles{sizes: map[string]int64{}}, replay: replay}
}

// Replay attempts a delivery of a webhook again; see dispatch.Dispatcher.
type Replay func(ctx context.Context, webhookID, deliveryID string) (activity.Attempt, error)

type call struct {
	*router.Call
	*API
}

// route is a router.Route that the API serves; see there for what its fields mean.
type route struct {
	name, method, path string
	limit              int64
	serve              func(*call) (any, error)
	open               bool
}

// Routes returns all calls.
func (a *API) Routes() []router.Route {
	var list []router.Route
	for _, r := range slices.Concat(webhookRoutes(), bucketRoutes(), repoRoutes(), contentRoutes(), readRoutes(),
		discussionRoutes()) {
		list = append(list, router.Route{
			Name: r.name, Method: r.method, Path: r.path, Limit: r.limit, Open: r.open,
			Serve: func(c *router.Call) (any, error) { return r.serve(&call{c, a}) },
		})
	}
	return list
}

// viewFound responds with what read makes of what find returns.
func viewFound[T any](c *call, find func(*domain.State) (T, error), read func(*domain.State, T) any) (any, error) {
	return c.View(func(s *domain.State) (any, error) {
		found, err := find(s)
		if err != nil {
			return nil, err
		}
		return read(s, found), nil
	})
}

// withBody returns what serves a call whose body is read first, a JSON object. An empty
// one is the zero T.
func withBody[T any](serve func(*call, *T) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		body := new(T)
		if err := c.Read(body); err != nil {
			return nil, err
		}
		return serve(c, body)
	}
}
