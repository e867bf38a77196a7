package suites

import (
	"strings"

	"github.com/onsi/gomega"
)

// refusals is how many forged deliveries must not lock the genuine sender out.
const refusals = 50

// moreSecretChecks ask for what goes beyond one comparison: several values, other
// places, what no header holds, and how long it takes.
func moreSecretChecks() []Check {
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
			ID: "SEC-18", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses two secrets, a right and a wrong one, in either order",
			Why:   "the Hub sends one; who takes the first or the last of several disagrees with proxies and frameworks on which one counts",
			Fix:   "Ask for all values of the header (or parameter), and refuse unless there is exactly one.", Mend: MendSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				right, wrong := h.Secret(), h.Secret().shifted()
				g.Expect(h.Deliver(WithSecret(right, "with the right secret and then a wrong one", wrong))).To(BeRefused())
				g.Expect(h.Deliver(WithSecret(wrong, "with a wrong secret and then the right one", right))).To(BeRefused())
			},
		},
		{
			ID: "SEC-19", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses the secret in the body, in Authorization, in a cookie and in the URL",
			Why:   "the Hub sends it in one place; each other one that is looked at is one more that logs it or lets it be set by a page",
			Fix:   "Look for the secret in X-Webhook-Secret and nowhere else.", Mend: MendSecret,
			Run: refusesElsewhere,
		},
		{
			ID: "SEC-20", Area: Secret, Level: Should, Spec: rfcFieldValues, Needs: Needs{HeaderSecret: true},
			Title: "survives bytes beyond ASCII, 8 KiB and control characters in the secret's header",
			Why:   "whatever a stranger puts into the header, a comparison that throws answers 500 or ends the process",
			Fix:   "Compare bytes, or digests of them, of any length: comparisons of text throw where the text is not ASCII, or the lengths differ.", Mend: MendSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, odd := range oddHeaderValues() {
					g.Expect(h.Deliver(ByHand(), WithSecret(literalForm(odd.value), "with a secret of "+odd.name))).To(BeSurvived())
				}
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
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

func refusesElsewhere(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	secret := h.Secret()
	for _, elsewhere := range []Change{
		With("secret", secret.value()),
		WithSecretIn("Authorization", secret.within("Bearer ", ""), "in Authorization"),
		WithSecretIn("Cookie", secret.within("secret=", ""), "in a cookie"),
		InURL(secret),
	} {
		g.Expect(h.Deliver(WithoutSecret(), Called("where it belongs, but with it elsewhere"), elsewhere)).To(BeRefused())
	}
}

// oddHeaderValues are what no genuine sender puts into a header.
func oddHeaderValues() []struct{ name, value string } {
	return []struct{ name, value string }{
		{"bytes beyond ASCII", "s\xe9cr\xe8t \xf0\x9f\xa4\x97"},
		{"8 KiB", strings.Repeat("x", 8<<10)},
		{"control characters", "a\x01b\x7fc\x1b[31m"},
	}
}
