package suites

import (
	"time"

	"github.com/onsi/gomega"
)

const (
	whyRetried = "the Hub sends a delivery again whenever an answer was lost; a handler that refuses the second attempt makes it a failed delivery"
	whyOnce    = "a lost answer leads to a retry; a handler that does not look at Webhook-Id then does the work twice"
)

const (
	fixKnown  = "If you know the Webhook-Id, answer 2xx and do nothing more: the first answer was lost on its way."
	fixAtOnce = "Store or queue the event, answer 2xx, and do the work afterwards."
	fixOnce   = "Read the header Webhook-Id and remember it in the same step (one lock, one transaction) in which you store the event. If you know it already, answer 2xx and skip the work."
)

// promptParts is what part of the time that an answer may take is worth a word.
const promptParts = 4

// simultaneous is how many attempts at one delivery are made at the same time.
const simultaneous = 5

// retryChecks ask what becomes of a delivery that comes more than once.
func retryChecks() []Check {
	return []Check{
		{
			ID: "RTY-01", Area: Retry, Level: Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts the same delivery again",
			Fix:   fixKnown, Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				h.Given(h.Attempt(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-02", Area: Retry, Level: Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts the same delivery five times",
			Fix:   fixKnown, Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				h.Given(h.Attempt(d))
				for range 4 {
					g.Expect(h.Attempt(again(d))).To(BeAccepted())
				}
			},
		},
		{
			ID: "RTY-03", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "answers every shape within the Hub's time",
			Why:   "the Hub waits 30 s and then counts a failed delivery; slow work belongs after the answer",
			Fix:   fixAtOnce, Mend: MendAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				for _, answer := range h.EachShape() {
					g.Expect(answer).To(BeAnsweredInTime())
				}
				h.Given(h.Deliver()) // who refuses everything is quick to do so
			},
		},
		{
			ID: "RTY-04", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "answers itself, without a redirect",
			Why:   "only a 2xx answer counts; that the Hub follows a redirect is documented nowhere",
			Fix:   "Answer 2xx at the URL in the webhook's settings: no redirect to another page, to https, or to a URL with a trailing slash.", Mend: MendAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				g.Expect(h.Attempt(d)).To(BeAnsweredItself())
				g.Expect(h.Attempt(again(d))).To(BeAnsweredItself())
				for _, answer := range h.EachShape() {
					g.Expect(answer).To(BeAnsweredItself())
				}
				h.Given(h.Deliver())
			},
		},
		{
			ID: "RTY-07", Area: Retry, Level: Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock), and answer 2xx to the attempt that comes second.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, answer := range h.AtOnce(copies(h.New())...) {
					g.Expect(answer).To(BeAccepted())
				}
			},
		},
		{
			ID: "RTY-08", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "accepts an older event after a newer one",
			Why:   "the order of deliveries is not guaranteed, and a retry comes later than what happened since",
			Fix:   "Do not refuse an event that looks out of date. If the order matters to you, ask the Hub's API for the current state before you act.", Mend: MendAcknowledge,
			Run: func(g gomega.Gomega, h *Handler) {
				older := h.New(Called("the push before"))
				newer := h.New(After(older), Called("the push after"))
				h.Given(h.Attempt(newer))
				g.Expect(h.Attempt(older)).To(BeAccepted())
			},
		},
		{
			ID: "RTY-09", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for a delivery that is sent again",
			Fix:   fixOnce, Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(Of(h.Acting()))
				h.GivenEffect(h.EffectOf(func() { h.Given(h.Attempt(d)) }))
				g.Expect(h.SideEffectOf(func() { h.Attempt(again(d)) })).To(BeNone(again(d).words()))
			},
		},
		{
			ID: "RTY-10", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock): if you look first and write later, two attempts get through.", Mend: MendIdempotency,
			Run: actsOnceAtOnce,
		},
		{
			ID: "RTY-12", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true},
			Title: "acts again for another Webhook-Id with an equal body",
			Why:   "two pushes can look alike, such as those of the Parquet bot; only Webhook-Id shows whether it is a retry",
			Fix:   "Recognise a retry by the Webhook-Id header alone, not by headSha, the body or webhook.id: two different deliveries can have the same.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				shape := h.Acting()
				first := h.New(Of(shape))
				h.GivenEffect(h.EffectOf(func() { h.Given(h.Attempt(first)) }))
				second := h.New(Of(shape), WithBody(first.body, shape+", the same body as before with another Webhook-Id"))
				g.Expect(h.EffectOf(func() { g.Expect(h.Attempt(second)).To(BeAccepted()) })).To(BeSome(second.words()))
			},
		},
		{
			ID: "RTY-14", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "answers at once, and works afterwards",
			Why:   "the documentation asks for a 2xx at once: a handler that works before it answers runs into the Hub's time-out on the first slow day",
			Fix:   "Store or queue the event and answer 2xx; do the work afterwards, in a worker or a background task.", Mend: MendAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				slowest := time.Duration(0)
				for _, answer := range h.EachShape() {
					g.Expect(answer).To(BeFasterThan(h.run.options.Limits.Prompt))
					slowest = max(slowest, answer.Duration())
				}
				if slowest > h.run.options.Limits.Prompt/promptParts {
					h.Note("the slowest answer took %v, and a 2xx is due at once: the work belongs after it", slowest.Round(10*time.Millisecond))
				}
			},
		},
		{
			ID: "RTY-15", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "accepts a delivery without Webhook-Id, and takes no two for one",
			Why:   "the Hub sent none before August 2026, and tools that imitate it may still send none",
			Fix:   "If there is no Webhook-Id, accept the delivery and act, without looking for duplicates.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(WithoutID())).To(BeAccepted())
				if !h.sees() {
					return
				}
				another := h.New(Of(h.Acting()), WithoutID(), Called("another one"))
				g.Expect(h.EffectOf(func() { g.Expect(h.Attempt(another)).To(BeAccepted()) })).To(BeSome(another.words()))
			},
		},
	}
}

// again is a delivery as a retry is called.
func again(d Delivery) Delivery {
	d.what = append(append([]string{}, d.what...), "sent again with the same Webhook-Id")
	return d
}

// copies are attempts at one delivery, to be made at the same time.
func copies(d Delivery) []Delivery {
	d.what = append(append([]string{}, d.what...), "sent several times at once with the same Webhook-Id")
	list := make([]Delivery, simultaneous)
	for i := range list {
		list[i] = d
	}
	return list
}

// actsOnceAtOnce compares what one delivery leads to with what one leads to that
// comes several times at once. Without an effect of the single one there is
// nothing to compare; with none in common between two, neither.
func actsOnceAtOnce(g gomega.Gomega, h *Handler) {
	usual := h.actingEffect()
	together := copies(h.New(Of(h.Acting())))
	seen := h.EffectOf(func() { h.AtOnce(together...) })
	g.Expect(seen).To(BeTheSameAs(usual.second, usual.volatile(), together[0].words()))
}
