package check

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A Handler is the handler under test as one check sees it: deliveries go in, responses
// and effects come out, and all of it is recorded.
type Handler struct {
	run       *Run
	recorder  recorder
	culprit   culprit
	nextIndex uint64   // of the next payload, different from those of other checks
	observed  bool     // the observer was asked for an effect
	overloads bool     // the check is about overload: see TakeOverload
	warning   string   // on a check that passes
	begun     *Outcome // of Check.Begin; nil if there is none

	reached      atomic.Bool // somebody answered
	refusedConn  atomic.Bool // nobody listened
	neverReached atomic.Bool // nobody listened at the first delivery
	broken       atomic.Bool // a connection broke before a response was complete

	idleConn  *delivery.Conn // left idle by LeaveIdle; may be nil
	idleSince time.Time
}

// An Outcome is how a check ended.
type Outcome struct {
	Status       reports.Status
	Reason       string                // empty if the check passed
	Observations []reports.Observation // of which Reason is made, if it is of any
	Trace        string                // the end of Reason if status is Error
	Cause        reports.Cause         // the kind of reason
}

func newOutcome(status reports.Status, list []reports.Observation) Outcome {
	return Outcome{Status: status, Reason: reports.FormatReason(list), Observations: list}
}

// Secret returns the secret that the handler knows.
func (h *Handler) Secret() secrets.Variant { return secrets.Of(h.run.target.Secret) }

// Target returns the handler under test.
func (h *Handler) Target() Target { return h.run.target }

// Limits returns how slow the handler may be.
func (h *Handler) Limits() Limits { return h.run.config.Limits }

// Schemas returns the schemas of payloads.
func (h *Handler) Schemas() *schemas.Set { return h.run.generator.Schemas() }

// NextIndex returns the index of the payload that NewDelivery makes next.
func (h *Handler) NextIndex() uint64 { return h.nextIndex }

// Skip ends the check: it does not apply to this target.
func (h *Handler) Skip(format string, a ...any) {
	panic(Outcome{Status: reports.Skipped, Reason: fmt.Sprintf(format, a...)})
}

// Inconclusive ends the check: neither verdict can be given.
func (h *Handler) Inconclusive(format string, a ...any) {
	panic(Outcome{Status: reports.Inconclusive, Reason: fmt.Sprintf(format, a...)})
}

// Fail ends the check: the handler failed it by what came back.
func (h *Handler) Fail(sent, expected, cameBack string) {
	panic(newOutcome(reports.Failed, observations(sent, expected, "came back", cameBack)))
}

// Warn adds a warning to a check that passes.
func (h *Handler) Warn(format string, a ...any) { h.warning = fmt.Sprintf(format, a...) }

// RequireRunning ends the check if nothing is sent any more.
func (h *Handler) RequireRunning() {
	if h.run.IsOver() {
		panic(h.run.notTried())
	}
}

// RequireAccepted ends the check as inconclusive if the response to a valid delivery does
// not accept it: without that, a rejection means nothing.
func (h *Handler) RequireAccepted(r Response) {
	if !r.Accepted() {
		h.Inconclusive("a genuine delivery was not accepted, so that this says nothing: %s: %s", r.what, r)
	}
}

// RequireShapeAccepted ends the check as inconclusive if the handler does not accept an
// ordinary delivery of a shape. It asks once for all checks.
func (h *Handler) RequireShapeAccepted(shape string) {
	if h.run.accepts[shape] {
		return
	}
	response := h.Deliver(WithShape(shape))
	h.run.accepts[shape] = response.Accepted()
	h.RequireAccepted(response)
}

// RequireRejected ends a check about rejections if a wrong secret is not rejected.
func (h *Handler) RequireRejected(r Response) {
	if !r.Rejected() {
		h.Inconclusive("a wrong secret is not refused at all: see SEC-02")
	}
}

// ExpectStillAccepts expects the handler to accept an ordinary delivery of a shape after
// something that may have brought it down.
func (h *Handler) ExpectStillAccepts(g gomega.Gomega, shape, after string) {
	response := h.Deliver(WithShape(shape), DescribeAfter(after))
	h.run.accepts[shape] = response.Accepted()
	g.Expect(response).To(BeAccepted())
}

// NewDelivery makes a valid delivery and changes it. Each is about another repo.
func (h *Handler) NewDelivery(options ...DeliveryOption) Delivery {
	id := delivery.NewWebhookID()
	valid := delivery.NewAttempt(h.run.target.URL, id, nil)
	scene := h.run.target.mergeDefaults(emitter.Scene{})
	d := Delivery{
		what:         []string{UsualShape},
		target:       &h.run.target,
		request:      emitter.Request{Shape: UsualShape, Index: h.nextIndex, Scene: scene},
		id:           id,
		idHeader:     delivery.IDHeader,
		method:       valid.Method,
		secretHeader: delivery.SecretHeader,
		header:       valid.Header,
	}
	if h.run.target.SecretIn != delivery.InNone {
		d.secrets = []secretField{{variant: h.Secret()}}
	}
	for name, values := range h.run.target.Header {
		d.header[name] = values
	}
	h.nextIndex++
	for _, option := range options {
		option(&d)
	}
	if why := unsendableReason(d.request); why != "" && !d.made {
		h.Skip("%s", why)
	}
	if err := d.makeBody(h.run.generator); err != nil {
		panic(fmt.Errorf("make %s: %w", d, err))
	}
	return d
}

// Deliver makes a valid delivery, changes it, and sends it once.
func (h *Handler) Deliver(options ...DeliveryOption) Response {
	return h.Attempt(h.NewDelivery(options...))
}

// Attempt sends a delivery. Sent again it is a retry: the same bytes, the same Webhook-Id.
func (h *Handler) Attempt(d Delivery) Response {
	h.RequireRunning()
	return h.send(d)
}

// AttemptTogether sends deliveries at the same time, each on a connection of its own, and
// returns the responses in the same order.
func (h *Handler) AttemptTogether(deliveries ...Delivery) []Response {
	h.RequireRunning()
	responses := make([]Response, len(deliveries))
	var all sync.WaitGroup
	for i, d := range deliveries {
		all.Go(func() { responses[i] = h.send(d) })
	}
	all.Wait()
	return responses
}

// simultaneous is how many attempts are made at the same time, unless a check says more.
const simultaneous = 5

// AttemptAll sends deliveries, a few at a time, and returns the responses in the order in
// which they came.
func (h *Handler) AttemptAll(deliveries ...Delivery) []Response {
	h.RequireRunning()
	var mu sync.Mutex
	var responses []Response
	h.sendAll(h.run.ctx, slices.Values(deliveries), simultaneous, func(d Delivery, r Response) {
		mu.Lock()
		h.recorder.add(d, r)
		mu.Unlock()
		r = h.outwait(d, r)
		mu.Lock()
		defer mu.Unlock()
		responses = append(responses, r)
	})
	return responses
}

// DeliverMany sends n deliveries with the same options, a few at a time.
func (h *Handler) DeliverMany(n int, options ...DeliveryOption) []Response {
	deliveries := make([]Delivery, n)
	for i := range deliveries {
		deliveries[i] = h.NewDelivery(options...)
	}
	return h.AttemptAll(deliveries...)
}

// DeliverEachShape sends a delivery of each shape that the Hub sends today, a few at a
// time.
func (h *Handler) DeliverEachShape(options ...DeliveryOption) []Response {
	var deliveries []Delivery
	for _, shape := range h.todaysShapes() {
		deliveries = append(deliveries, h.NewDelivery(append([]DeliveryOption{WithShape(shape)}, options...)...))
	}
	return h.AttemptAll(deliveries...)
}

// todaysShapes returns the shapes that the Hub sends today to such a webhook, the usual
// one first.
func (h *Handler) todaysShapes() []string {
	shapes := []string{UsualShape}
	scene := h.run.target.mergeDefaults(emitter.Scene{})
	for _, shape := range h.Schemas().Shapes() {
		sent := unsendableReason(emitter.Request{Shape: shape.Name, Scene: scene}) == ""
		if sent && !shape.Narrowed && shape.Name != UsualShape {
			shapes = append(shapes, shape.Name)
		}
	}
	return shapes
}

// Restart ends the handler and starts it again.
func (h *Handler) Restart() {
	if err := h.run.target.Restart(h.run.ctx); err != nil {
		h.Inconclusive("the handler could not be restarted: %v", err)
	}
}

// send sends without asking whether the run is over. It may be called from any goroutine,
// and never panics.
func (h *Handler) send(d Delivery) Response {
	r := h.sendUnrecorded(d)
	h.recorder.add(d, r)
	return h.outwait(d, r)
}

func (h *Handler) sendUnrecorded(d Delivery) Response {
	r := h.run.send(d)
	r.culprit = &h.culprit
	h.noteReachability(r)
	h.markDirty()
	return r
}

// sendAll sends deliveries over several connections until there are no more, a context
// ends, or the run stops. It calls report from several goroutines.
func (h *Handler) sendAll(
	ctx context.Context, deliveries iter.Seq[Delivery], connections int, report func(Delivery, Response),
) {
	next, stop := iter.Pull(deliveries)
	defer stop()
	var mu sync.Mutex
	locked := func() (Delivery, bool) {
		mu.Lock()
		defer mu.Unlock()
		return next()
	}
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && !h.run.isStopped() {
				d, more := locked()
				if !more {
					return
				}
				report(d, h.sendUnrecorded(d))
			}
		})
	}
	all.Wait()
}
