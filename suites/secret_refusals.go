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
			Why:   "the Hub's addresses are shared, and proxies hide them: who locks out by address lets a stranger keep the Hub out",
			Fix:   "Do not count refusals against an address; refuse each one, cheaply, and accept the next delivery with the right secret.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				h.Several(refusals, WithSecret(h.Secret().shifted(), "with a wrong secret"))
				g.Expect(h.Deliver(Called("after fifty with a wrong secret"))).To(BeAccepted())
			},
		},
		{
			ID: "SEC-21", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses within a second",
			Why:   "a refusal that takes long keeps a worker busy for whoever asks, and genuine deliveries wait",
			Fix:   "Refuse before the body is read, and without looking anything up: no sleep, no database.", Mend: MendRefuse,
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
			Why:   "a comparison that stops at the first difference tells by its time how much of a guess was right",
			Fix:   "Compare in constant time: hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare, over digests of equal length.", Mend: MendSecret,
			Run: tellsNothingByTime,
		},
	}
}

// refusedAtAll ends a check about refusals where a wrong secret is not refused.
func (h *Handler) refusedAtAll(answer Answer) {
	if !answer.Refused() {
		h.Inconclusive("a wrong secret is not refused at all: see SEC-02")
	}
}
