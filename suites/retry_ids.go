package suites

import (
	"github.com/onsi/gomega"
	"strings"
)

// idChecks ask what a handler makes of Webhook-Ids: odd ones, old ones, and how their
// header is spelt.
func idChecks() []Check {
	return []Check{
		{
			ID: "RTY-16", Area: Retry, Level: Should, Spec: docDelivery,
			Title: "survives odd Webhook-Ids: 4 KiB, quotes, bytes beyond ASCII",
			Why:   "the form of the id is not documented; any id must be safe in a query, a file name or a column",
			Fix:   "Treat the id as opaque: pass it to a query as a parameter, never build a query or a path from it, and store a digest if the length matters.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, odd := range []struct{ name, id string }{
					{"4 KiB", strings.Repeat("0123456789abcdef", 256)},
					{"quotes", `'"; DROP TABLE deliveries; --`},
					{"dots and slashes", "../../../../tmp/id"},
					{"bytes beyond ASCII", "d\xe9livr\xe9 \xf0\x9f\xa4\x97"},
				} {
					g.Expect(h.Deliver(ByHand(), Identified(odd.id, "with a Webhook-Id of "+odd.name))).To(BeSurvived())
				}
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
			},
		},
		{
			ID: "RTY-18", Area: Retry, Level: Should, Spec: docDelivery, Needs: Needs{Observer: true, Restart: true},
			Title: "still knows a Webhook-Id after a restart",
			Why:   "a restart loses answers that are on their way, and all ids that are only in memory",
			Fix:   "Keep the ids outside of the process: in a table with a unique column, in Redis, in a file.", Mend: MendRestart,
			Run: knowsIDsAfterRestart,
		},
		{
			ID: "RTY-19", Area: Retry, Level: Should, Spec: rfcFieldNames, Needs: Needs{Observer: true},
			Title: "finds Webhook-Id whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				d := h.New(Of(h.Acting()))
				h.GivenEffect(h.EffectOf(func() { h.Given(h.Attempt(d)) }))
				lower := again(d)
				lower.header = d.header.Clone()
				lower.idHeader = "webhook-id"
				lower.say("spelt webhook-id")
				g.Expect(h.SideEffectOf(func() { h.Attempt(lower) })).To(BeNone(lower.words()))
			},
		},
	}
}

// knowsIDsAfterRestart sends a delivery again after the handler was restarted. What
// the observer tells may begin anew with the process, so only what comes after counts.
func knowsIDsAfterRestart(g gomega.Gomega, h *Handler) {
	d := h.New(Of(h.Acting()))
	h.GivenEffect(h.EffectOf(func() { h.Given(h.Attempt(d)) }))
	if err := h.run.target.Restart(h.run.ctx); err != nil {
		h.Inconclusive("the handler could not be restarted: %v", err)
	}
	g.Expect(h.SideEffectOf(func() { g.Expect(h.Attempt(again(d))).To(BeAccepted()) })).To(BeNone(again(d).words() + ", after a restart"))
	g.Expect(h.EffectOf(func() { h.Given(h.Deliver(Of(h.Acting()))) })).To(BeSome("a new delivery after the restart"))
}
