package suites

import (
	"github.com/onsi/gomega"
)

// refusals is how many forged deliveries must not lock the genuine sender out.
const refusals = 50

// refusalChecks ask what refusals cost, and what they tell.
func refusalChecks() []Check {
	return []Check{
		{
			ID: "SEC-14", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "accepts a genuine delivery after fifty that were forged",
			Why:   "the Hub's addresses are shared, and proxies hide them: if you lock out by address, a stranger can lock out the Hub",
			Fix:   "Do not count refusals by address. Refuse each forged delivery quickly, and accept the next one with the right secret.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				h.Several(refusals, WithSecret(h.Secret().shifted(), "with a wrong secret"))
				g.Expect(h.Deliver(Called("after fifty with a wrong secret"))).To(BeAccepted())
			},
		},
		{
			ID: "SEC-21", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses within a second",
			Why:   "a slow refusal lets any stranger keep your workers busy, and genuine deliveries wait",
			Fix:   "Refuse before you read the body, without a sleep and without a database.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for range 2 {
					answer := h.Deliver(WithSecret(h.Secret().shifted(), "with a wrong secret"))
					h.refusedAtAll(answer)
					g.Expect(answer).To(BeFasterThan(h.run.options.Limits.Refusal))
				}
			},
		},
		{
			ID: "SEC-22", Area: Secret, Level: May, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: 4},
			Title: "takes as long to refuse a secret that is nearly right as one that is all wrong",
			Why:   "a comparison that stops at the first difference shows, by its time, how much of a guess was right",
			Fix:   "Compare digests of equal length in constant time: hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare.", Mend: MendSecret,
			Run: tellsNothingByTime,
		},
		alikeCheck(),
	}
}

// refusedAtAll ends a check about refusals where a wrong secret is not refused.
func (h *Handler) refusedAtAll(answer Answer) {
	if !answer.Refused() {
		h.Inconclusive("a wrong secret is not refused at all: see SEC-02")
	}
}
