package suites

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// Handler is the handler under test as one check sees it: deliveries go in,
// answers and observations come out, and all of it is recorded.
type Handler struct {
	run          *run
	recorder     recorder
	culprit      culprit
	nextIndex    uint64         // the index of the next payload, other than those of other checks
	reached      atomic.Bool    // somebody answered
	refusedConn  atomic.Bool    // nobody listened
	neverReached atomic.Bool    // nobody did at the first delivery
	broken       atomic.Bool    // a connection broke before an answer came
	observed     bool           // whether the observer was asked what came of something
	note         string         // on a check that passes
	idleConn     *delivery.Conn // that was left idle; nil where none was
	idleSince    time.Time
	// How the part of the check ended that comes long before the rest; empty where
	// there is none.
	began       reports.Status
	beganReason string
}

// outcome ends a check early; the runner recovers it.
type outcome struct {
	status reports.Status
	reason string
}

// handler is the handler as a check sees it.
func (r *run) handler(check Check) *Handler { return &Handler{run: r, nextIndex: firstIndex(check)} }

// after goes on where a first try of the same check ended: no payload is made twice.
func (h *Handler) after(first *Handler) *Handler {
	h.nextIndex = first.nextIndex
	return h
}

// RequireAccepted ends the check as inconclusive where what it stands on does not hold.
// It takes the delivery that a genuine sender would have had accepted: without
// that one accepted, a refusal means nothing.
func (h *Handler) RequireAccepted(answer Response) {
	if !answer.Accepted() {
		h.Inconclusive("a genuine delivery was not accepted, so that this says nothing: %s: %s", answer.what, answer)
	}
}

// RequireShapeAccepted ends the check as inconclusive where the handler does not accept a
// plain delivery of a shape. What one check found out, the next ones need not ask.
func (h *Handler) RequireShapeAccepted(shape string) {
	if h.run.accepts[shape] {
		return
	}
	answer := h.Deliver(WithShape(shape))
	h.run.accepts[shape] = answer.Accepted()
	h.RequireAccepted(answer)
}

// ExpectStillAccepts makes a plain delivery of a shape, which must be accepted, after something
// that may have brought the handler down.
func (h *Handler) ExpectStillAccepts(g gomega.Gomega, shape, after string) {
	answer := h.Deliver(WithShape(shape), Describe("after "+after))
	h.run.accepts[shape] = answer.Accepted()
	g.Expect(answer).To(BeAccepted())
}

// Inconclusive ends the check: neither verdict can be given.
func (h *Handler) Inconclusive(format string, a ...any) {
	panic(outcome{reports.Inconclusive, fmt.Sprintf(format, a...)})
}

// Skip ends the check: it does not apply to this target.
func (h *Handler) Skip(format string, a ...any) {
	panic(outcome{reports.Skipped, fmt.Sprintf(format, a...)})
}

// Secret is the secret that the handler was told.
func (h *Handler) Secret() Variant { return theSecret(h.run.target.Secret) }

// New makes a genuine delivery, and changes it. Each tells of another repo.
func (h *Handler) New(changes ...DeliveryOption) Delivery {
	id := delivery.NewWebhookID()
	genuine := delivery.NewAttempt(h.run.target.URL, id, nil)
	d := Delivery{
		what:         []string{UsualShape},
		request:      emitter.Request{Shape: UsualShape, Index: h.nextIndex, Scene: h.run.target.mergeDefaults(emitter.Scene{})},
		id:           id,
		idHeader:     delivery.IDHeader,
		method:       genuine.Method,
		secretHeader: delivery.SecretHeader,
		header:       genuine.Header,
	}
	if h.run.target.SecretIn != delivery.InNone {
		d.secrets = []secretField{{form: h.Secret()}}
	}
	for name, values := range h.run.target.Header {
		d.header[name] = values
	}
	d.target = &h.run.target
	h.nextIndex++
	for _, change := range changes {
		change(&d)
	}
	if why := unsendableReason(d.request); why != "" && !d.made {
		h.Skip("%s", why)
	}
	if err := d.payload(h.run.generator); err != nil {
		panic(fmt.Errorf("make %s: %w", d.String(), err))
	}
	return d
}

// Deliver makes a genuine delivery, changes it, and sends it once.
func (h *Handler) Deliver(changes ...DeliveryOption) Response { return h.Attempt(h.New(changes...)) }

// Attempt sends a delivery. Sent again it is a retry: the same bytes, the same
// Webhook-Id.
func (h *Handler) Attempt(d Delivery) Response {
	h.run.requireRunning(h)
	return h.send(d)
}

// AttemptTogether sends the deliveries at the same time, each on a connection of its own,
// and gives their answers in the same order.
func (h *Handler) AttemptTogether(deliveries ...Delivery) []Response {
	h.run.requireRunning(h)
	answers := make([]Response, len(deliveries))
	var all sync.WaitGroup
	for i, d := range deliveries {
		all.Go(func() { answers[i] = h.send(d) })
	}
	all.Wait()
	return answers
}

// AttemptAll sends the deliveries, some at the same time, and gives their answers in
// the order in which they came.
func (h *Handler) AttemptAll(deliveries ...Delivery) []Response {
	h.run.requireRunning(h)
	var mu sync.Mutex
	var answers []Response
	h.sendAll(h.run.ctx, handOver(deliveries), simultaneous, func(d Delivery, answer Response) {
		mu.Lock()
		defer mu.Unlock()
		h.recorder.add(d, answer)
		answers = append(answers, answer)
	})
	return answers
}

// DeliverEachShape makes a delivery of each shape of today, a few at a time.
func (h *Handler) DeliverEachShape(changes ...DeliveryOption) []Response {
	var deliveries []Delivery
	for _, shape := range h.todaysShapes() {
		deliveries = append(deliveries, h.New(append([]DeliveryOption{WithShape(shape)}, changes...)...))
	}
	return h.AttemptAll(deliveries...)
}

// DeliverMany makes so many alike deliveries over a few connections.
func (h *Handler) DeliverMany(n int, changes ...DeliveryOption) []Response {
	deliveries := make([]Delivery, n)
	for i := range deliveries {
		deliveries[i] = h.New(changes...)
	}
	return h.AttemptAll(deliveries...)
}

// Note says something about a check that passes.
func (h *Handler) Note(format string, a ...any) { h.note = fmt.Sprintf(format, a...) }

// send sends without asking whether the run may go on. It may be called from
// any goroutine, and never panics.
func (h *Handler) send(d Delivery) Response {
	answer := h.sendUnnoted(d)
	h.recorder.add(d, answer)
	return answer
}

func (h *Handler) sendUnnoted(d Delivery) Response {
	answer := h.run.send(d)
	answer.culprit = &h.culprit
	h.noteReachability(answer)
	h.markDirty()
	return answer
}
