package suites

import (
	"strings"
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
			Fix:   fixKnown, Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				h.RequireAccepted(h.Attempt(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-02", Area: Retry, Level: Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts the same delivery five times",
			Fix:   fixKnown, Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				h.RequireAccepted(h.Attempt(d))
				for range 4 {
					g.Expect(h.Attempt(again(d))).To(BeAccepted())
				}
			},
		},
		{
			ID: "RTY-03", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "answers every shape within the Hub's time",
			Why:   "the Hub waits 30 s and then counts a failed delivery; slow work belongs after the answer",
			Fix:   fixAtOnce, Example: ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				for _, answer := range h.DeliverEachShape() {
					g.Expect(answer).To(BeInTime())
				}
				h.RequireAccepted(h.Deliver()) // who refuses everything is quick to do so
			},
		},
		{
			ID: "RTY-04", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "answers itself, without a redirect",
			Why:   "only a 2xx answer counts; that the Hub follows a redirect is documented nowhere",
			Fix:   "Answer 2xx at the URL in the webhook's settings: no redirect to another page, to https, or to a URL with a trailing slash.", Example: ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New()
				g.Expect(h.Attempt(d)).To(BeNoRedirect())
				g.Expect(h.Attempt(again(d))).To(BeNoRedirect())
				for _, answer := range h.DeliverEachShape() {
					g.Expect(answer).To(BeNoRedirect())
				}
				h.RequireAccepted(h.Deliver())
			},
		},
		{
			ID: "RTY-07", Area: Retry, Level: Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock), and answer 2xx to the attempt that comes second.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, answer := range h.AttemptTogether(copies(h.New())...) {
					g.Expect(answer).To(BeAccepted())
				}
			},
		},
		{
			ID: "RTY-08", Area: Retry, Level: Must, Spec: docDelivery,
			Title: "accepts an older event after a newer one",
			Why:   "the order of deliveries is not guaranteed, and a retry comes later than what happened since",
			Fix:   "Do not refuse an event that looks out of date. If the order matters to you, ask the Hub's API for the current state before you act.", Example: ExampleAcknowledge,
			Run: func(g gomega.Gomega, h *Handler) {
				older := h.New(Describe("the push before"))
				newer := h.New(WithPushAfter(older), Describe("the push after"))
				h.RequireAccepted(h.Attempt(newer))
				g.Expect(h.Attempt(older)).To(BeAccepted())
			},
		},
		{
			ID: "RTY-09", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for a delivery that is sent again",
			Fix:   fixOnce, Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(WithShape(h.ActiveShape()))
				h.RequireEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(d)) }))
				g.Expect(h.SideEffectOf(func() { h.Attempt(again(d)) })).To(BeNoEffect(again(d).String()))
			},
		},
		{
			ID: "RTY-10", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock): if you look first and write later, two attempts get through.", Example: ExampleIdempotency,
			Run: actsOnceAtOnce,
		},
		{
			ID: "RTY-12", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true},
			Title: "acts again for another Webhook-Id with an equal body",
			Why:   "two pushes can look alike, such as those of the Parquet bot; only Webhook-Id shows whether it is a retry",
			Fix:   "Recognise a retry by the Webhook-Id header alone, not by headSha, the body or webhook.id: two different deliveries can have the same.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				shape := h.ActiveShape()
				first := h.New(WithShape(shape))
				h.RequireEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(first)) }))
				second := h.New(WithShape(shape), WithBody(first.body, shape+", the same body as before with another Webhook-Id"))
				g.Expect(h.EffectOf(func() { g.Expect(h.Attempt(second)).To(BeAccepted()) })).To(BeAnyEffect(second.String()))
			},
		},
		{
			ID: "RTY-14", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "answers at once, and works afterwards",
			Why:   "the documentation asks for a 2xx at once: a handler that works before it answers runs into the Hub's time-out on the first slow day",
			Fix:   "Store or queue the event and answer 2xx; do the work afterwards, in a worker or a background task.", Example: ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				slowest := time.Duration(0)
				for _, answer := range h.DeliverEachShape() {
					g.Expect(answer).To(BeWithin(h.run.options.Limits.Prompt))
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
			Fix:   "If there is no Webhook-Id, accept the delivery and act, without looking for duplicates.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithoutID())).To(BeAccepted())
				if !h.SeesEffects() {
					return
				}
				another := h.New(WithShape(h.ActiveShape()), WithoutID(), Describe("another one"))
				g.Expect(h.EffectOf(func() { g.Expect(h.Attempt(another)).To(BeAccepted()) })).To(BeAnyEffect(another.String()))
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
	usual := h.ActiveBaseline()
	together := copies(h.New(WithShape(h.ActiveShape())))
	seen := h.EffectOf(func() { h.AttemptTogether(together...) })
	g.Expect(seen).To(BeSameEffect(usual.Second, usual.Volatile(), together[0].String()))
}

// idChecks ask what a handler makes of Webhook-Ids: odd ones, old ones, and how their
// header is spelt.
func idChecks() []Check {
	return []Check{
		{
			ID: "RTY-16", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "survives odd Webhook-Ids: 4 KiB, quotes, bytes beyond ASCII",
			Why:   "the form of the id is not documented; any id must be safe in a query, a file name or a column",
			Fix:   "Treat the id as opaque: pass it to a query as a parameter, never build a query or a path from it, and store a digest if the length matters.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, odd := range []struct{ name, id string }{
					{"4 KiB", strings.Repeat("0123456789abcdef", 256)},
					{"quotes", `'"; DROP TABLE deliveries; --`},
					{"dots and slashes", "../../../../tmp/id"},
					{"bytes beyond ASCII", "d\xe9livr\xe9 \xf0\x9f\xa4\x97"},
				} {
					g.Expect(h.Deliver(WithRawRequest(), WithID(odd.id, "with a Webhook-Id of "+odd.name))).To(BeBelow500())
				}
				g.Expect(h.Deliver(Describe("after these"))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-18", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true, Restart: true},
			Title: "still knows a Webhook-Id after a restart",
			Why:   "a restart loses answers that are on their way, and all ids that are only in memory",
			Fix:   "Keep the ids outside of the process: in a table with a unique column, in Redis, in a file.", Example: ExampleRestart,
			Run: knowsIDsAfterRestart,
		},
		{
			ID: "RTY-19", Area: Retry, Level: Should, Spec: rfcFieldNames, Needs: Needs{Observer: true},
			Title: "finds Webhook-Id whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(WithShape(h.ActiveShape()))
				h.RequireEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(d)) }))
				lower := again(d)
				lower.header = d.header.Clone()
				lower.idHeader = "webhook-id"
				lower.describe("spelt webhook-id")
				g.Expect(h.SideEffectOf(func() { h.Attempt(lower) })).To(BeNoEffect(lower.String()))
			},
		},
	}
}

// knowsIDsAfterRestart sends a delivery again after the handler was restarted. What
// the observer tells may begin anew with the process, so only what comes after counts.
func knowsIDsAfterRestart(g gomega.Gomega, h *Handler) {
	d := h.New(WithShape(h.ActiveShape()))
	h.RequireEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(d)) }))
	if err := h.run.target.Restart(h.run.ctx); err != nil {
		h.Inconclusive("the handler could not be restarted: %v", err)
	}
	g.Expect(h.SideEffectOf(func() { g.Expect(h.Attempt(again(d))).To(BeAccepted()) })).To(BeNoEffect(again(d).String() + ", after a restart"))
	g.Expect(h.EffectOf(func() { h.RequireAccepted(h.Deliver(WithShape(h.ActiveShape()))) })).To(BeAnyEffect("a new delivery after the restart"))
}

// whyBroken says what attempts are about that their sender left.
const whyBroken = "senders give up and connections break; a retry with the same Webhook-Id follows"

// brokenChecks ask what becomes of a delivery the first attempt at which went wrong
// on the way.
func brokenChecks() []Check {
	return []Check{
		{
			ID: "RTY-05", Area: Retry, Level: Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt whose answer was not awaited",
			Fix:   "Answer 2xx to a Webhook-Id that you know, whether or not your first answer arrived.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				d := h.New()
				h.Attempt(givenUp(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-06", Area: Retry, Level: Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt that was cut off in the middle of its body",
			Fix:   "Remember a Webhook-Id only after the whole body arrived and the event is stored; drop a body that did not arrive whole.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				d := h.New()
				h.Attempt(cutOff(d))
				g.Expect(h.Attempt(again(d))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-11", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true}, Why: whyOnce,
			Title: "acts once where the answer to the first attempt was not awaited",
			Fix:   "Remember the Webhook-Id together with the event, before you answer: then a retry finds it even if the answer was lost.", Example: ExampleIdempotency,
			Run: actsOnceWhenGivenUp,
		},
		{
			ID: "RTY-13", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true},
			Title: "does nothing for a body that was cut off, and acts on the retry",
			Why:   "a lenient parser may take half a payload for a whole one; and if the half one uses up the id, the event is lost",
			Fix:   "Read the whole body first, and stop if that fails. Remember the Webhook-Id only after the event is stored.", Example: ExampleParse,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(WithShape(h.ActiveShape()))
				broken := cutOff(d)
				g.Expect(h.SideEffectOf(func() { h.Attempt(broken) })).To(BeNoEffect(broken.String()))
				g.Expect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(again(d))) })).To(BeAnyEffect(again(d).String()))
			},
		},
		{
			ID: "RTY-17", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "answers while another sender stalls in the middle of its body",
			Why:   "a handler that serves one connection at a time is stopped by a single slow sender",
			Fix:   "Serve connections concurrently (threads, workers or an event loop), and limit the time for reading a request.", Example: ExampleServer,
			Run: answersWhileOneStalls,
		},
	}
}

// actsOnceWhenGivenUp expects the effect of one delivery from two attempts, whichever
// of them has it: a handler need not work for a sender that is gone.
func actsOnceWhenGivenUp(g gomega.Gomega, h *Handler) {
	usual := h.ActiveBaseline()
	d := h.New(WithShape(h.ActiveShape()))
	first := h.SideEffectOf(func() { h.Attempt(givenUp(d)) })
	if len(first.without(usual.Volatile())) > 0 {
		g.Expect(h.SideEffectOf(func() { h.Attempt(again(d)) })).To(BeNoEffect(again(d).String() + ", after " + givenUp(d).String()))
		return
	}
	second := h.EffectOf(func() { h.Attempt(again(d)) })
	g.Expect(second).To(BeSameEffect(usual.Second, usual.Volatile(), again(d).String()))
}

func answersWhileOneStalls(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	release := h.Stall(1)
	defer release()
	began := time.Now()
	answer := h.Deliver(WithNewConnection(), Describe("while another delivery has stopped in the middle of its body"))
	g.Expect(answer).To(BeWithin(h.run.options.Limits.Prompt))
	g.Expect(answer).To(BeAccepted(), "after %v", time.Since(began))
}
