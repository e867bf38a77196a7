package suites

import (
	"fmt"
	"sync"

	"github.com/hubhook/hubhook/emitter"
)

// Handler is the handler under test as one check sees it: deliveries go in,
// answers and observations come out, and all of it is recorded.
type Handler struct {
	run   *run
	notes notebook
	next  uint64 // the index of the next payload, other than those of other checks
}

// outcome ends a check early; the runner recovers it.
type outcome struct {
	kind   outcomeKind
	reason string
}

type outcomeKind int8

const (
	outcomeFailed outcomeKind = iota
	outcomeInconclusive
	outcomeSkipped
)

// Given ends the check as inconclusive where what it stands on does not hold.
// It takes the delivery that a genuine sender would have had accepted: without
// that one accepted, a refusal means nothing.
func (h *Handler) Given(answer Answer) {
	if !answer.Accepted() {
		h.Inconclusive("a genuine delivery was not accepted, so that this says nothing: %s: %s", answer.what, answer)
	}
}

// Inconclusive ends the check: neither verdict can be given.
func (h *Handler) Inconclusive(format string, a ...any) {
	panic(outcome{outcomeInconclusive, fmt.Sprintf(format, a...)})
}

// Skip ends the check: it does not apply to this target.
func (h *Handler) Skip(format string, a ...any) {
	panic(outcome{outcomeSkipped, fmt.Sprintf(format, a...)})
}

// Secret is the secret that the handler was told.
func (h *Handler) Secret() SecretForm { return theSecret(h.run.target.Secret) }

// New makes a genuine delivery, and changes it. Each tells of another repo.
func (h *Handler) New(changes ...Change) Delivery {
	id := emitter.NewWebhookID()
	genuine := emitter.NewAttempt(h.run.target.URL, id, nil)
	d := Delivery{
		what:    []string{usual},
		request: emitter.Request{Shape: usual, Index: h.next, Scene: plain()},
		id:      id,
		method:  genuine.Method,
		name:    emitter.SecretHeader,
		header:  genuine.Header,
	}
	if h.run.target.SecretIn != emitter.InNone {
		d.secret = h.Secret()
	}
	h.next++
	for _, change := range changes {
		change(&d)
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

// send sends without asking whether the run may go on. It may be called from
// any goroutine, and never panics.
func (h *Handler) send(d Delivery) Answer {
	answer := h.run.send(d)
	if h.run.observer != nil {
		h.run.observer.disturb()
	}
	h.notes.add(d, answer)
	return answer
}
