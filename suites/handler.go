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
	run       *run
	notes     notebook
	about     telling
	next      uint64         // the index of the next payload, other than those of other checks
	met       atomic.Bool    // somebody answered
	refused   atomic.Bool    // nobody listened
	alone     atomic.Bool    // nobody did at the first delivery
	broken    atomic.Bool    // a connection broke before an answer came
	observed  bool           // whether the observer was asked what came of something
	note      string         // on a check that passes
	line      *delivery.Conn // that was left idle; nil where none was
	idleSince time.Time
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
func (r *run) handler(check Check) *Handler { return &Handler{run: r, next: firstIndex(check)} }

// after goes on where a first try of the same check ended: no payload is made twice.
func (h *Handler) after(first *Handler) *Handler {
	h.next = first.next
	return h
}

// Given ends the check as inconclusive where what it stands on does not hold.
// It takes the delivery that a genuine sender would have had accepted: without
// that one accepted, a refusal means nothing.
func (h *Handler) Given(answer Answer) {
	if !answer.Accepted() {
		h.Inconclusive("a genuine delivery was not accepted, so that this says nothing: %s: %s", answer.what, answer)
	}
}

// GivenShape ends the check as inconclusive where the handler does not accept a
// plain delivery of a shape. What one check found out, the next ones need not ask.
func (h *Handler) GivenShape(shape string) {
	if h.run.accepts[shape] {
		return
	}
	answer := h.Deliver(Of(shape))
	h.run.accepts[shape] = answer.Accepted()
	h.Given(answer)
}

// GoesOn makes a plain delivery of a shape, which must be accepted, after something
// that may have brought the handler down.
func (h *Handler) GoesOn(g gomega.Gomega, shape, after string) {
	answer := h.Deliver(Of(shape), Called("after "+after))
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
func (h *Handler) Secret() SecretForm { return theSecret(h.run.target.Secret) }

// New makes a genuine delivery, and changes it. Each tells of another repo.
func (h *Handler) New(changes ...Change) Delivery {
	id := delivery.NewWebhookID()
	genuine := delivery.NewAttempt(h.run.target.URL, id, nil)
	d := Delivery{
		what:     []string{usual},
		request:  emitter.Request{Shape: usual, Index: h.next, Scene: h.run.target.special(emitter.Scene{})},
		id:       id,
		idHeader: delivery.IDHeader,
		method:   genuine.Method,
		name:     delivery.SecretHeader,
		header:   genuine.Header,
	}
	if h.run.target.SecretIn != delivery.InNone {
		d.secrets = []secretField{{form: h.Secret()}}
	}
	for name, values := range h.run.target.Header {
		d.header[name] = values
	}
	d.target = &h.run.target
	h.next++
	for _, change := range changes {
		change(&d)
	}
	if why := neverSends(d.request); why != "" && !d.made {
		h.Skip("%s", why)
	}
	if err := d.payload(h.run.generator); err != nil {
		panic(fmt.Errorf("make %s: %w", d.words(), err))
	}
	return d
}

// Deliver makes a genuine delivery, changes it, and sends it once.
func (h *Handler) Deliver(changes ...Change) Answer { return h.Attempt(h.New(changes...)) }

// Attempt sends a delivery. Sent again it is a retry: the same bytes, the same
// Webhook-Id.
func (h *Handler) Attempt(d Delivery) Answer {
	h.run.mayGoOn(h)
	return h.send(d)
}

// AtOnce sends the deliveries at the same time, each on a connection of its own,
// and gives their answers in the same order.
func (h *Handler) AtOnce(deliveries ...Delivery) []Answer {
	h.run.mayGoOn(h)
	answers := make([]Answer, len(deliveries))
	var all sync.WaitGroup
	for i, d := range deliveries {
		all.Go(func() { answers[i] = h.send(d) })
	}
	all.Wait()
	return answers
}

// FewAtOnce sends the deliveries, some at the same time, and gives their answers in
// the order in which they came.
func (h *Handler) FewAtOnce(deliveries ...Delivery) []Answer {
	h.run.mayGoOn(h)
	var mu sync.Mutex
	var answers []Answer
	h.pour(h.run.ctx, handOver(deliveries), simultaneous, func(d Delivery, answer Answer) {
		mu.Lock()
		defer mu.Unlock()
		h.notes.add(d, answer)
		answers = append(answers, answer)
	})
	return answers
}

// EachShape makes a delivery of each shape of today, a few at a time.
func (h *Handler) EachShape(changes ...Change) []Answer {
	var deliveries []Delivery
	for _, shape := range h.today() {
		deliveries = append(deliveries, h.New(append([]Change{Of(shape)}, changes...)...))
	}
	return h.FewAtOnce(deliveries...)
}

// Several makes so many alike deliveries over a few connections.
func (h *Handler) Several(n int, changes ...Change) []Answer {
	deliveries := make([]Delivery, n)
	for i := range deliveries {
		deliveries[i] = h.New(changes...)
	}
	return h.FewAtOnce(deliveries...)
}

// Note says something about a check that passes.
func (h *Handler) Note(format string, a ...any) { h.note = fmt.Sprintf(format, a...) }

// send sends without asking whether the run may go on. It may be called from
// any goroutine, and never panics.
func (h *Handler) send(d Delivery) Answer {
	answer := h.sendUnnoted(d)
	h.notes.add(d, answer)
	return answer
}

func (h *Handler) sendUnnoted(d Delivery) Answer {
	answer := h.run.send(d)
	answer.about = &h.about
	h.meets(answer)
	h.disturb()
	return answer
}
