// Package hub is a mock of the Hugging Face Hub, for testing webhook handlers on one's own
// machine. The official clients talk to it unchanged. Webhooks are registered by the settings
// API, repos and discussions change by the API, and every change is delivered as the Hub
// delivers it: with payloads from the schemas, retries, a quota, suspension, and an activity
// with replays that its web page shows.
//
// [New] returns a [Hub], which is an http.Handler; several can live in one process. A test
// registers a webhook ([Hub.AddWebhook]), makes something happen by a call of the API or
// [Hub.Trigger], waits ([Hub.Idle], [Hub.WaitFor], [Hub.Advance]), and checks
// [Hub.Deliveries] and [Hub.Effects]. Other processes do the same over HTTP, below /_mock/v1.
// Package activity has the types that these methods take and return.
//
// It is no place for data: any token is a user who may do anything, unless Options.Token
// is set, and what it keeps is bounded.
package hub

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/internal/api"
	"github.com/hubhook/hubhook/emitter/hub/internal/control"
	"github.com/hubhook/hubhook/emitter/hub/internal/dispatch"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/page"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
	"github.com/hubhook/hubhook/emitter/hub/internal/scenario"
	"github.com/hubhook/hubhook/emitter/hub/internal/store"
)

// Hub is a mock Hub. It is safe for concurrent use. Close it.
type Hub struct {
	options    Options
	db         *domain.DB
	clock      *dispatch.Clock
	dispatcher *dispatch.Dispatcher
	scenario   *scenario.Runner
	calls      *router.CallLog
	server     *router.Server
	pages      *page.Pages

	ctx    context.Context // ends with the Hub
	stop   context.CancelFunc
	ending sync.Once
	ended  error // why the database could not be closed
}

// New returns a Hub, with what is in Options.DB if that names a file.
func New(o Options) (*Hub, error) {
	o, err := o.completed()
	if err != nil {
		return nil, err
	}
	h := &Hub{options: o, calls: router.NewCallLog(o.KeepCalls)}
	if h.db, err = openDB(&o); err != nil {
		return nil, err
	}
	h.options.Seed = h.db.Seed()
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.clock = dispatch.NewClock(o.Start, h.db.Written(), o.TimeScale)
	if err := h.start(); err != nil {
		h.stop()
		h.db.Close()
		return nil, err
	}
	if err := h.register(o.Webhooks); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

func openDB(o *Options) (*domain.DB, error) {
	var stored domain.Records
	if o.DB != "" {
		file, err := store.Open(o.DB)
		if err != nil {
			return nil, err
		}
		stored = file
	}
	if o.wrap != nil {
		stored = o.wrap(stored)
	}
	db, err := domain.Open(stored, o.Seed)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.DB, err)
	}
	return db, nil
}

func (h *Hub) start() error {
	o := &h.options
	generator, err := emitter.New(emitter.Options{Seed: o.Seed, Schemas: o.Schemas, Future: o.Faults.Future})
	if err != nil {
		return err
	}
	h.dispatcher = dispatch.New(h.ctx, h.dispatchConfig(), h.db, h.clock)
	h.scenario = &scenario.Runner{DB: h.db, Schemas: o.Schemas}
	inspector := &inspect.Inspector{DB: h.db, Schemas: o.Schemas, UserAgent: o.UserAgent, ContentType: o.ContentType}
	h.pages, err = page.New(page.Config{
		DB: h.db, Clock: h.clock, Dispatcher: h.dispatcher, Scenario: h.scenario, Calls: h.calls, Inspector: inspector,
		Log: o.Log, Origin: func(r *http.Request) domain.Origin { return h.server.Origin(r) },
		Strict: o.Strict, User: o.User, Quota: o.Quota, TimeScale: o.TimeScale,
	})
	if err != nil {
		return err
	}
	control := &control.Control{
		DB: h.db, Clock: h.clock, Dispatcher: h.dispatcher, Scenario: h.scenario, Calls: h.calls, Inspector: inspector,
		Options: o.inForce(), TimeScale: o.TimeScale, Done: h.ctx.Done(),
		Reset: h.Reset, Idle: h.Idle, WaitFor: h.WaitFor,
	}
	api := api.New(h.db, o.Strict, h.dispatcher.Replay)
	var before func(*router.Call)
	if o.AutoCreate {
		before = h.autoCreate
	}
	h.server = router.New(router.Config{
		URL: o.URL, Hosts: o.Hosts, Token: o.Token, User: o.User, Users: o.Users, Log: o.Log, Before: before, Page: h.pages,
	}, h.db, h.calls, slices.Concat(api.Routes(), control.Routes()))
	h.db.Start(h.domainConfig(generator), h.clock)
	h.dispatcher.Start()
	return nil
}

func (h *Hub) domainConfig(generator *emitter.Generator) domain.Config {
	o := &h.options
	return domain.Config{
		URL: o.URL, User: o.User, Log: o.Log,
		Quota: o.Quota, DeliverOverQuota: o.OverQuota == Deliver, CountAttempts: o.QuotaCounts == CountAttempts,
		ObjectIDs: o.IDForm == FormObjectID, Retries: o.Retries, SuspendAfter: o.SuspendAfter,
		KeepDeliveries: o.KeepDeliveries, KeepFor: o.KeepFor, KeepBytes: o.KeepBytes, KeepCommits: o.KeepCommits,
		MaxStored: o.maxStored,
		Generator: generator, Faults: h.faultPlan, Due: h.dispatcher.Schedule, Changed: o.Changed,
	}
}

func (h *Hub) dispatchConfig() dispatch.Config {
	o := &h.options
	transport := o.Route.Transport()
	transport.MaxIdleConnsPerHost = o.Concurrency
	return dispatch.Config{
		Sender:  delivery.NewSender(delivery.SenderOptions{Timeout: o.Timeout, Route: o.Route, Transport: transport}),
		Timeout: o.Timeout, UserAgent: o.UserAgent, ContentType: o.ContentType, Chunked: o.Chunked, Redirects: o.Redirects,
		Concurrency: o.Concurrency, JobCommand: o.JobCommand, JobRepoID: string(o.JobRepoID), Faults: h.faultPlan,
	}
}

func (h *Hub) faultPlan(number uint64, w *Webhook) domain.FaultPlan {
	return h.options.Faults.plan(h.options.Seed, number, w)
}

// autoCreate creates the repo and the discussion that a path names. It does not count as a change
// of the call. For what cannot be created, the call responds with 404.
func (h *Hub) autoCreate(c *router.Call) {
	num, _ := strconv.Atoi(c.Params["num"])
	if err := h.scenario.AutoCreate(c.Origin(), c.RepoType(), c.Params["repo"], num); err != nil {
		h.options.Log.Warn("cannot imagine a repo", "repo", c.Params["repo"], "error", err)
	}
}

// ServeHTTP answers a call of the API, or shows the page.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.server.ServeHTTP(w, r) }

// Close ends deliveries and closes the database. Attempts under way are given up, and are
// made again when the database is next opened. Closing a Hub twice does nothing.
func (h *Hub) Close() error {
	h.ending.Do(func() {
		h.stop()
		h.db.Watchers.Close()
		h.dispatcher.Wait()
		h.ended = h.db.Close()
	})
	return h.ended
}

// Seed returns what ids, jitter and faults follow from: the seed of the options, or of a
// database that has one.
func (h *Hub) Seed() uint64 { return h.options.Seed }

// Now returns the time on the Hub, in UTC.
func (h *Hub) Now() time.Time { return h.clock.Now() }

// Advance lets time pass on the Hub. What falls due is attempted.
func (h *Hub) Advance(by time.Duration) { h.clock.Advance(by) }

// Reset forgets everything except what time it is, and registers the webhooks of the options again.
func (h *Hub) Reset() error {
	err := h.db.Update(func(tx *domain.Tx) error {
		tx.Clear()
		return nil
	})
	if err != nil {
		return err
	}
	h.calls.Forget()
	return h.register(h.options.Webhooks)
}

// Trigger makes something happen, and returns the deliveries for it, in the order of the
// events: none if no webhook watches the repo. The URLs in payloads begin with Options.URL.
// The error is about what was asked for, or says that nothing can be written.
func (h *Hub) Trigger(t Trigger) ([]Delivery, error) {
	return h.scenario.Trigger(domain.Origin{URL: h.options.URL, User: h.options.User}, t)
}

// Replay attempts an old delivery once more, to the webhook's current URL and secret, with
// the same Webhook-Id (hub docs). It returns when the response is there. If the context ends
// before, the attempt does not count, and the error is the context's.
func (h *Hub) Replay(ctx context.Context, webhookID, deliveryID string) (Attempt, error) {
	return h.dispatcher.Replay(ctx, webhookID, deliveryID)
}

// ImportPayload makes this Hub hold what a payload says, whoever sent it: the repo, what
// its references point to or what files it has, the discussion, the comment. A handler that
// was sent the payload can then call the API on them. What was there of the same name gives
// way; of a repo or a discussion that was deleted, nothing is left. No event is published.
// Accounts, of which a payload has only the id, get names that are made of it.
//
// The error is about the payload, or says that nothing can be written.
func (h *Hub) ImportPayload(payload []byte) error { return h.scenario.Import(payload) }
