// Package hub is a Hub on one's own machine, for handlers to be tried against: a
// mock of the Hugging Face Hub, which the official clients talk to as they are.
// Webhooks are registered by the settings API, repos and discussions change by the
// API, and every change is delivered as the Hub delivers it: payloads made by the
// emitter from the schemas, retries, a quota, suspension, an activity with replays,
// and a page that shows all of it.
//
// [New] makes a [Hub], which is an http.Handler; several can live in one process. A test
// registers a webhook ([Hub.AddWebhook]), has something happen, by a call of the API or by
// [Hub.Trigger], waits for what comes of it ([Hub.Idle], [Hub.WaitFor], [Hub.Advance]),
// and looks ([Hub.Deliveries], [Hub.Effects]). Other processes do the same over HTTP,
// below /_mock/v1.
//
// It is no place for data: any token is a user who may do anything, unless Options.Token
// is the only one, and what it keeps is bounded.
package hub

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/schemas"
)

// Hub is a mock Hub. It is safe for concurrent use. Close it.
type Hub struct {
	options Options
	log     *slog.Logger
	clock   *clock
	schemas *schemas.Set
	tell    *teller
	sender  *delivery.Sender
	routes  *router
	pages   *pages
	serve   http.Handler

	mu    sync.RWMutex // guards state
	state *state

	writer   *writer
	post     *post
	calls    *callLog
	watchers *watchers
	xet      *xetFiles
	masks    masks

	ctx    context.Context // ends with the Hub
	stop   context.CancelFunc
	ending sync.Once
	ended  error // why the database could not be closed
}

// New makes a Hub, with what is in Options.DB where that names a file.
func New(o Options) (*Hub, error) {
	o, err := o.completed()
	if err != nil {
		return nil, err
	}
	h := &Hub{options: o, log: o.Log, schemas: o.Schemas, watchers: newWatchers(), xet: newXetFiles(), calls: newCallLog(o.KeepCalls)}
	if h.pages, err = newPages(); err != nil {
		return nil, err
	}
	h.state = newState(o.Seed)
	if h.writer, err = openWriter(h, o.DB); err != nil {
		return nil, err
	}
	if err := h.writer.load(h.state); err != nil {
		h.writer.close()
		return nil, fmt.Errorf("read %s: %w", o.DB, err)
	}
	h.options.Seed = h.state.seed
	if h.tell, err = newTeller(h.options); err != nil {
		h.writer.close()
		return nil, err
	}
	h.clock = newClock(o.Start, h.state.meta().Now, o.TimeScale)
	h.ctx, h.stop = context.WithCancel(context.Background())
	transport := o.Route.Transport()
	transport.MaxIdleConnsPerHost = o.Concurrency
	h.sender = delivery.NewSender(delivery.SenderOptions{Timeout: o.Timeout, Route: o.Route, Transport: transport})
	h.routes = newRouter()
	h.serve = h.guarded(http.HandlerFunc(h.answer))
	h.post = newPost(h)
	h.writer.start()
	h.post.start()
	if err := h.register(o.Webhooks); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// ServeHTTP answers a call of the API, or shows the page.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.serve.ServeHTTP(w, r) }

// Close ends deliveries and closes the database. Attempts that are under way are
// given up, and made again when the database is next opened. Closing it twice does
// nothing.
func (h *Hub) Close() error {
	h.ending.Do(func() {
		h.stop()
		h.watchers.close()
		h.post.wait()
		h.ended = h.writer.close()
		h.sender.Close()
	})
	return h.ended
}

// Seed is what ids, jitter and faults follow from: that of the options, or of a
// database that has one.
func (h *Hub) Seed() uint64 { return h.options.Seed }

// Now is the time on the Hub, in UTC.
func (h *Hub) Now() time.Time { return h.clock.now() }

// Advance lets time pass on the Hub: what falls due is attempted.
func (h *Hub) Advance(by time.Duration) { h.clock.advance(by) }

// Reset forgets everything, but not what time it is; webhooks of the options are
// registered anew.
func (h *Hub) Reset() error {
	err := h.change(func(tx *tx) error {
		tx.clear()
		return nil
	})
	if err != nil {
		return err
	}
	h.calls.forget()
	return h.register(h.options.Webhooks)
}
