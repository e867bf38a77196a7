package suites

import (
	"time"

	"github.com/onsi/gomega"
)

// whyBroken says what attempts are about that their sender left.
const whyBroken = "senders give up and connections break; a retry with the same Webhook-Id follows"

// brokenChecks ask what becomes of a delivery the first attempt at which went wrong
// on the way.
func brokenChecks() []Check {
	return []Check{
		{
			ID: "RTY-05", Area: Retry, Level: Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt whose answer was not awaited",
			Fix:   "Answer 2xx to a Webhook-Id that you know, whether or not your first answer arrived.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				d := h.New()
				h.Attempt(givenUp(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-06", Area: Retry, Level: Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt that was cut off in the middle of its body",
			Fix:   "Remember a Webhook-Id only after the whole body arrived and the event is stored; drop a body that did not arrive whole.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				d := h.New()
				h.Attempt(cutOff(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-11", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once where the answer to the first attempt was not awaited",
			Fix:   "Remember the Webhook-Id together with the event, before you answer: then a retry finds it even if the answer was lost.", Mend: MendIdempotency,
			Run: actsOnceWhenGivenUp,
		},
		{
			ID: "RTY-13", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true},
			Title: "does nothing for a body that was cut off, and acts on the retry",
			Why:   "a lenient parser may take half a payload for a whole one; and if the half one uses up the id, the event is lost",
			Fix:   "Read the whole body first, and stop if that fails. Remember the Webhook-Id only after the event is stored.", Mend: MendParse,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(Of(h.Acting()))
				broken := cutOff(d)
				g.Expect(h.SideEffectOf(func() { h.Attempt(broken) })).To(BeNone(broken.words()))
				g.Expect(h.EffectOf(func() { h.Given(h.Attempt(again(d))) })).To(BeSome(again(d).words()))
			},
		},
		{
			ID: "RTY-17", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "answers while another sender stalls in the middle of its body",
			Why:   "a handler that serves one connection at a time is stopped by a single slow sender",
			Fix:   "Serve connections concurrently (threads, workers or an event loop), and limit the time for reading a request.", Mend: MendServer,
			Run: answersWhileOneStalls,
		},
	}
}

// actsOnceWhenGivenUp expects the effect of one delivery from two attempts, whichever
// of them has it: a handler need not work for a sender that is gone.
func actsOnceWhenGivenUp(g gomega.Gomega, h *Handler) {
	usual := h.actingEffect()
	d := h.New(Of(h.Acting()))
	first := h.SideEffectOf(func() { h.Attempt(givenUp(d)) })
	if len(first.without(usual.volatile())) > 0 {
		g.Expect(h.SideEffectOf(func() { h.Attempt(again(d)) })).To(BeNone(again(d).words() + ", after " + givenUp(d).words()))
		return
	}
	second := h.EffectOf(func() { h.Attempt(again(d)) })
	g.Expect(second).To(BeTheSameAs(usual.second, usual.volatile(), again(d).words()))
}

func answersWhileOneStalls(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	release := h.Stall(1)
	defer release()
	began := time.Now()
	answer := h.Deliver(OnNewConnection(), Called("while another delivery has stopped in the middle of its body"))
	g.Expect(answer).To(BeFasterThan(h.run.options.Limits.Prompt))
	g.Expect(answer).To(BeAccepted(), "after %v", time.Since(began))
}
