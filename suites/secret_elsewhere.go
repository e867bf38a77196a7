package suites

import (
	"github.com/onsi/gomega"
	"strings"
)

// oddSecretChecks ask what becomes of several secrets, of one in another place, and of
// what no header holds.
func oddSecretChecks() []Check {
	return []Check{
		{
			ID: "SEC-18", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses two secrets, a right and a wrong one, in either order",
			Why:   "the Hub sends one; with several, a proxy may look at the first and your framework at the last",
			Fix:   "Read all values of the header (or parameter), and refuse unless there is exactly one.", Mend: MendSecret,
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
			Why:   "the Hub sends it in one place; every other place that you accept is one more that can leak it, or that a web page can set",
			Fix:   "Read the secret from X-Webhook-Secret and from nowhere else.", Mend: MendSecret,
			Run: refusesElsewhere,
		},
		{
			ID: "SEC-20", Area: Secret, Level: Should, Spec: rfcFieldValues, Needs: Needs{HeaderSecret: true},
			Title: "survives bytes beyond ASCII, 8 KiB and control characters in the secret's header",
			Why:   "a stranger can put anything into the header; a comparison that throws gives a 500, or ends the process",
			Fix:   "Compare digests of the bytes. hmac.compare_digest raises for text that is not ASCII, and crypto.timingSafeEqual throws if the lengths differ.", Mend: MendSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, odd := range oddHeaderValues() {
					g.Expect(h.Deliver(ByHand(), WithSecret(literalForm(odd.value), "with a secret of "+odd.name))).To(BeSurvived())
				}
				g.Expect(h.Deliver(Called("after these"))).To(BeAccepted())
			},
		},
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
