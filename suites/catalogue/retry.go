package catalogue

import (
	"strings"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
)

const (
	whyRetried = "the Hub sends a delivery again whenever an answer was lost; a handler that refuses the second attempt makes it a failed delivery"
	whyBroken  = "senders give up and connections break; a retry with the same Webhook-Id follows"
	whyOnce    = "a lost answer leads to a retry; a handler that does not look at Webhook-Id then does the work twice"

	fixKnown  = "If you know the Webhook-Id, answer 2xx and do nothing more: the first answer was lost on its way."
	fixAtOnce = "Store or queue the event, answer 2xx, and do the work afterwards."
	fixOnce   = "Read the header Webhook-Id and remember it in the same step (one lock, one transaction) in which you store the event. If you know it already, answer 2xx and skip the work."
)

// promptParts is what part of the prompt limit a response may take without a warning.
const promptParts = 4

// retryChecks returns the checks of what becomes of a delivery that comes more than once.
func retryChecks() []check.Check {
	return []check.Check{
		{
			ID: "RTY-01", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts the same delivery again",
			Fix:   fixKnown, Example: check.ExampleIdempotency,
			Run: acceptsAgain(1),
		},
		{
			ID: "RTY-02", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts the same delivery five times",
			Fix:   fixKnown, Example: check.ExampleIdempotency,
			Run: acceptsAgain(4),
		},
		{
			ID: "RTY-03", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery,
			Title: "answers every shape within the Hub's time",
			Why:   "the Hub waits 30 s and then counts a failed delivery; slow work belongs after the answer",
			Fix:   fixAtOnce, Example: check.ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *check.Handler) {
				for _, response := range h.DeliverEachShape() {
					g.Expect(response).To(check.BeInTime())
				}
				h.RequireAccepted(h.Deliver()) // who refuses everything is quick to do so
			},
		},
		{
			ID: "RTY-04", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery,
			Title: "answers itself, without a redirect",
			Why:   "only a 2xx answer counts; that the Hub follows a redirect is documented nowhere",
			Fix:   "Answer 2xx at the URL in the webhook's settings: no redirect to another page, to https, or to a URL with a trailing slash.", Example: check.ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *check.Handler) {
				d := h.NewDelivery()
				g.Expect(h.Attempt(d)).To(check.BeNoRedirect())
				g.Expect(h.Attempt(d.AsRetry())).To(check.BeNoRedirect())
				for _, response := range h.DeliverEachShape() {
					g.Expect(response).To(check.BeNoRedirect())
				}
				h.RequireAccepted(h.Deliver())
			},
		},
		{
			ID: "RTY-05", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt whose answer was not awaited",
			Fix:   "Answer 2xx to a Webhook-Id that you know, whether or not your first answer arrived.", Example: check.ExampleIdempotency,
			Run: acceptsAfter(check.Delivery.WithoutWaiting),
		},
		{
			ID: "RTY-06", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery, Why: whyBroken,
			Title: "accepts the retry of an attempt that was cut off in the middle of its body",
			Fix:   "Remember a Webhook-Id only after the whole body arrived and the event is stored; drop a body that did not arrive whole.", Example: check.ExampleIdempotency,
			Run: acceptsAfter(check.Delivery.CutOff),
		},
		{
			ID: "RTY-07", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery, Why: whyRetried,
			Title: "accepts attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock), and answer 2xx to the attempt that comes second.", Example: check.ExampleIdempotency,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				for _, response := range h.AttemptTogether(h.NewDelivery().Copies()...) {
					g.Expect(response).To(check.BeAccepted())
				}
			},
		},
		{
			ID: "RTY-08", Area: check.AreaRetry, Level: check.Must, Spec: docDelivery,
			Title: "accepts an older event after a newer one",
			Why:   "the order of deliveries is not guaranteed, and a retry comes later than what happened since",
			Fix:   "Do not refuse an event that looks out of date. If the order matters to you, ask the Hub's API for the current state before you act.", Example: check.ExampleAcknowledge,
			Run: func(g gomega.Gomega, h *check.Handler) {
				older := h.NewDelivery(check.Describe("the push before"))
				newer := h.NewDelivery(check.WithPushAfter(older), check.Describe("the push after"))
				h.RequireAccepted(h.Attempt(newer))
				g.Expect(h.Attempt(older)).To(check.BeAccepted())
			},
		},
		{
			ID: "RTY-09", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for a delivery that is sent again",
			Fix:   fixOnce, Example: check.ExampleIdempotency,
			Run: actsOnce(check.Delivery.AsRetry),
		},
		{
			ID: "RTY-10", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true}, Why: whyOnce,
			Title: "acts once for attempts at one delivery that come at the same time",
			Fix:   "Claim the Webhook-Id in one step (INSERT … ON CONFLICT DO NOTHING, SET NX, a map behind a lock): if you look first and write later, two attempts get through.", Example: check.ExampleIdempotency,
			Run: actsOnceTogether,
		},
		{
			ID: "RTY-11", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true}, Why: whyOnce,
			Title: "acts once where the answer to the first attempt was not awaited",
			Fix:   "Remember the Webhook-Id together with the event, before you answer: then a retry finds it even if the answer was lost.", Example: check.ExampleIdempotency,
			Run: actsOnceAfterAbandoned,
		},
		{
			ID: "RTY-12", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true},
			Title: "acts again for another Webhook-Id with an equal body",
			Why:   "two pushes can look alike, such as those of the Parquet bot; only Webhook-Id shows whether it is a retry",
			Fix:   "Recognise a retry by the Webhook-Id header alone, not by headSha, the body or webhook.id: two different deliveries can have the same.", Example: check.ExampleIdempotency,
			Run: func(g gomega.Gomega, h *check.Handler) {
				first, shape := actedOn(h), h.ActiveShape()
				second := h.NewDelivery(check.WithShape(shape), check.WithBody(first.Body(), shape+", the same body as before with another Webhook-Id"))
				h.ExpectAnyEffect(h.EffectOf(func() { g.Expect(h.Attempt(second)).To(check.BeAccepted()) }), second.String())
			},
		},
		{
			ID: "RTY-13", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true},
			Title: "does nothing for a body that was cut off, and acts on the retry",
			Why:   "a lenient parser may take half a payload for a whole one; and if the half one uses up the id, the event is lost",
			Fix:   "Read the whole body first, and stop if that fails. Remember the Webhook-Id only after the event is stored.", Example: check.ExampleParse,
			Run: func(g gomega.Gomega, h *check.Handler) {
				d := h.NewDelivery(check.WithShape(h.ActiveShape()))
				broken := d.CutOff()
				h.ExpectNoEffect(h.SideEffectOf(func() { h.Attempt(broken) }), broken.String())
				h.ExpectAnyEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(d.AsRetry())) }), d.AsRetry().String())
			},
		},
		{
			ID: "RTY-14", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery,
			Title: "answers at once, and works afterwards",
			Why:   "the documentation asks for a 2xx at once: a handler that works before it answers runs into the Hub's time-out on the first slow day",
			Fix:   "Store or queue the event and answer 2xx; do the work afterwards, in a worker or a background task.", Example: check.ExampleAnswerFirst,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				slowest := time.Duration(0)
				for _, response := range h.DeliverEachShape() {
					g.Expect(response).To(check.BeWithin(h.Limits().Prompt))
					slowest = max(slowest, response.Duration())
				}
				if slowest > h.Limits().Prompt/promptParts {
					h.Warn("the slowest answer took %v, and a 2xx is due at once: the work belongs after it", slowest.Round(10*time.Millisecond))
				}
			},
		},
		{
			ID: "RTY-15", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery,
			Title: "accepts a delivery without Webhook-Id, and takes no two for one",
			Why:   "the Hub sent none before August 2026, and tools that imitate it may still send none",
			Fix:   "If there is no Webhook-Id, accept the delivery and act, without looking for duplicates.", Example: check.ExampleIdempotency,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(check.WithoutID())).To(check.BeAccepted())
				if !h.SeesEffects() {
					return
				}
				another := h.NewDelivery(check.WithShape(h.ActiveShape()), check.WithoutID(), check.Describe("another one"))
				h.ExpectAnyEffect(h.EffectOf(func() { g.Expect(h.Attempt(another)).To(check.BeAccepted()) }), another.String())
			},
		},
		{
			ID: "RTY-16", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery,
			Title: "survives odd Webhook-Ids: 4 KiB, quotes, bytes beyond ASCII",
			Why:   "the form of the id is not documented; any id must be safe in a query, a file name or a column",
			Fix:   "Treat the id as opaque: pass it to a query as a parameter, never build a query or a path from it, and store a digest if the length matters.", Example: check.ExampleIdempotency,
			Run: survivesEach("these",
				oddID("4 KiB", strings.Repeat("0123456789abcdef", 256)),
				oddID("quotes", `'"; DROP TABLE deliveries; --`),
				oddID("dots and slashes", "../../../../tmp/id"),
				oddID("bytes beyond ASCII", "d\xe9livr\xe9 \xf0\x9f\xa4\x97"),
			),
		},
		{
			ID: "RTY-17", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery,
			Title: "answers while another sender stalls in the middle of its body",
			Why:   "a handler that serves one connection at a time is stopped by a single slow sender",
			Fix:   "Serve connections concurrently (threads, workers or an event loop), and limit the time for reading a request.", Example: check.ExampleServer,
			Run: answersWhileOneStalls,
		},
		{
			ID: "RTY-18", Area: check.AreaRetry, Level: check.Should, Spec: docDelivery, Needs: check.Needs{Observer: true, Restart: true},
			Title: "still knows a Webhook-Id after a restart",
			Why:   "a restart loses answers that are on their way, and all ids that are only in memory",
			Fix:   "Keep the ids outside of the process: in a table with a unique column, in Redis, in a file.", Example: check.ExampleRestart,
			Run: knowsIDsAfterRestart,
		},
		{
			ID: "RTY-19", Area: check.AreaRetry, Level: check.Should, Spec: rfcFieldNames, Needs: check.Needs{Observer: true},
			Title: "finds Webhook-Id whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Example: check.ExampleIdempotency,
			Run: actsOnce(func(d check.Delivery) check.Delivery { return d.AsRetry().SpelledID("webhook-id") }),
		},
	}
}

// acceptsAgain returns a run that expects a number of retries of a delivery to be accepted.
func acceptsAgain(retries int) run {
	return func(g gomega.Gomega, h *check.Handler) {
		d := h.NewDelivery()
		h.RequireAccepted(h.Attempt(d))
		for range retries {
			g.Expect(h.Attempt(d.AsRetry())).To(check.BeAccepted())
		}
	}
}

// acceptsAfter returns a run that expects the retry of an attempt that broke off to be accepted.
func acceptsAfter(broken func(check.Delivery) check.Delivery) run {
	return afterControl(func(g gomega.Gomega, h *check.Handler) {
		d := h.NewDelivery()
		h.Attempt(broken(d))
		g.Expect(h.Attempt(d.AsRetry())).To(check.BeAccepted())
	})
}

// actedOn makes a delivery on which the handler is seen to act.
func actedOn(h *check.Handler) check.Delivery {
	d := h.NewDelivery(check.WithShape(h.ActiveShape()))
	h.RequireEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(d)) }))
	return d
}

// actsOnce returns a run that expects no effect of a retry.
func actsOnce(retry func(check.Delivery) check.Delivery) run {
	return func(g gomega.Gomega, h *check.Handler) {
		again := retry(actedOn(h))
		h.ExpectNoEffect(h.SideEffectOf(func() { h.Attempt(again) }), again.String())
	}
}

func oddID(name, id string) check.DeliveryOption {
	return check.WithAll(check.WithRawRequest(), check.WithID(id, "with a Webhook-Id of "+name))
}

// actsOnceTogether compares the effect of one delivery with that of one that comes several
// times at once.
func actsOnceTogether(g gomega.Gomega, h *check.Handler) {
	baseline := h.ActiveBaseline()
	together := h.NewDelivery(check.WithShape(h.ActiveShape())).Copies()
	seen := h.EffectOf(func() { h.AttemptTogether(together...) })
	h.ExpectSameEffect(seen, baseline.Second, baseline.Volatile(), together[0].String())
}

// knowsIDsAfterRestart sends a delivery again after the handler was restarted. What the
// observer shows may begin anew with the process, so only what comes after counts.
func knowsIDsAfterRestart(g gomega.Gomega, h *check.Handler) {
	d := actedOn(h)
	h.Restart()
	h.ExpectNoEffect(h.SideEffectOf(func() { g.Expect(h.Attempt(d.AsRetry())).To(check.BeAccepted()) }), d.AsRetry().String()+", after a restart")
	h.ExpectAnyEffect(h.EffectOf(func() { h.RequireAccepted(h.Deliver(check.WithShape(h.ActiveShape()))) }), "a new delivery after the restart")
}

// actsOnceAfterAbandoned expects the effect of one delivery from two attempts, whichever of
// them has it: a handler need not work for a sender that is gone.
func actsOnceAfterAbandoned(g gomega.Gomega, h *check.Handler) {
	baseline := h.ActiveBaseline()
	d := h.NewDelivery(check.WithShape(h.ActiveShape()))
	first := h.SideEffectOf(func() { h.Attempt(d.WithoutWaiting()) })
	if len(first.Without(baseline.Volatile())) > 0 {
		h.ExpectNoEffect(h.SideEffectOf(func() { h.Attempt(d.AsRetry()) }), d.AsRetry().String()+", after "+d.WithoutWaiting().String())
		return
	}
	second := h.EffectOf(func() { h.Attempt(d.AsRetry()) })
	h.ExpectSameEffect(second, baseline.Second, baseline.Volatile(), d.AsRetry().String())
}

func answersWhileOneStalls(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	release := h.Stall()
	defer release()
	began := time.Now()
	response := h.Deliver(check.WithNewConnection(), check.Describe("while another delivery has stopped in the middle of its body"))
	g.Expect(response).To(check.BeWithin(h.Limits().Prompt))
	g.Expect(response).To(check.BeAccepted(), "after %v", time.Since(began))
}
