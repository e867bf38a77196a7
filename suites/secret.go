package suites

import (
	"net/http"

	"github.com/onsi/gomega"
)

const fixCompare = "Compare the whole value with the whole secret, in constant time (hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare). Do not compare a prefix or a substring, and do not change the case."

// secretChecks ask whether anybody but the Hub is let in.
func secretChecks() []Check {
	return []Check{
		{
			ID: "SEC-01", Area: Secret, Level: Must, Spec: docSecret,
			Title: "accepts a delivery with the right secret",
			Why:   "a genuine delivery that is not acknowledged is retried, and in the end the webhook is suspended",
			Fix:   "Compare the value of X-Webhook-Secret with the secret in the webhook's settings, without changing either. If they are equal, answer 2xx.", Mend: MendSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver()).To(BeAccepted())
			},
		},
		{
			ID: "SEC-02", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret of the same length",
			Why:   "anyone who finds the URL could otherwise act as the Hub",
			Fix:   fixCompare, Mend: MendSecret,
			Run: refuses(SecretForm.shifted, "with a wrong secret of the same length"),
		},
		{
			ID: "SEC-03", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses a delivery without the secret's header",
			Why:   "a handler that compares only if the header is there lets in anyone who leaves it out",
			Fix:   "Treat a missing header as a wrong secret: refuse it before you do anything else.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(WithoutSecret())).To(BeRefused())
			},
		},
		{
			ID: "SEC-04", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses an empty secret",
			Why:   "a loose comparison takes an empty value for \"nothing to compare\"",
			Fix:   "Refuse an empty value like any other wrong secret. If no secret is configured, do not start.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(WithSecret(literalForm(""), "with an empty secret"))).To(BeRefused())
			},
		},
		{
			ID: "SEC-05", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: 2},
			Title: "refuses the beginning of the secret",
			Why:   "a comparison by prefix lets a secret be guessed character by character",
			Fix:   fixCompare, Mend: MendSecret,
			Run: refuses(SecretForm.withoutLast, "with the secret but for its last character"),
		},
		{
			ID: "SEC-06", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses the secret with something appended",
			Why:   "only the whole value proves that the sender knows the secret",
			Fix:   fixCompare, Mend: MendSecret,
			Run: refuses(func(f SecretForm) SecretForm { return f.appended("x") }, "with the secret and an x appended"),
		},
		{
			ID: "SEC-07", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLetter: true},
			Title: "refuses the secret in another letter case",
			Why:   "the Hub sends the secret verbatim, and ignoring its case makes it far easier to guess",
			Fix:   fixCompare, Mend: MendSecret,
			Run: refuses(SecretForm.swappedCase, "with the secret in another letter case"),
		},
		{
			ID: "SEC-08", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses the secret within a longer value",
			Why:   "a handler that only searches for the secret in the header accepts values that are not the secret",
			Fix:   fixCompare, Mend: MendSecret,
			Run: refuses(SecretForm.quoted, "with the secret inside quotes"),
		},
		{
			ID: "SEC-09", Area: Secret, Level: Must, Spec: rfcFieldNames, Needs: Needs{HeaderSecret: true},
			Title: "finds the header whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Mend: MendSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, name := range []string{"x-webhook-secret", "X-WEBHOOK-SECRET", "x-Webhook-sEcret"} {
					g.Expect(h.Deliver(WithSecretHeader(name))).To(BeAccepted())
				}
			},
		},
		{
			ID: "SEC-10", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret for every shape",
			Why:   "a comparison in one branch of the handler leaves the other branches open",
			Fix:   "Compare the secret once, before you look at the event, not in the branches that handle events.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, answer := range h.EachShape(WithSecret(h.Secret().shifted(), "with a wrong secret")) {
					g.Expect(answer).To(BeRefused())
				}
			},
		},
		{
			ID: "SEC-11", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: tellableSecret},
			Title: "never shows the secret in an answer",
			Why:   "an answer that repeats the secret gives it to anyone who asks, and to every log on the way",
			Fix:   "Refuse with a fixed text. Keep headers, the query and the configuration out of answers, debug pages and error messages.", Mend: MendRefuse,
			Run: keepsSecret,
		},
		{
			ID: "SEC-12", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, Observer: true},
			Title: "does nothing for a refused delivery",
			Why:   "a handler that acts first and refuses afterwards has already done what the forger wanted",
			Fix:   "Compare the secret first, and return if it is wrong. Do not store, queue or start anything before that.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				shape := h.Acting()
				for _, forged := range []Change{WithSecret(h.Secret().shifted(), "with a wrong secret"), WithoutSecret()} {
					d := h.New(Of(shape), forged)
					g.Expect(h.SideEffectOf(func() { h.Attempt(d) })).To(BeNone(d.words()))
				}
			},
		},
		{
			ID: "SEC-13", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, Observer: true},
			Title: "keeps no Webhook-Id of a refused delivery",
			Why:   "a stranger who learns of an id could otherwise use it up before the genuine delivery comes",
			Fix:   "Remember a Webhook-Id only after the secret was right and the event is stored.", Mend: MendIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				genuine := h.New(Of(h.Acting()))
				h.Deliver(Of(h.Acting()), WithID(genuine), WithSecret(h.Secret().shifted(), "with a wrong secret"))
				g.Expect(h.EffectOf(func() { h.Given(h.Attempt(genuine)) })).To(BeSome("a genuine delivery whose id was sent with a wrong secret before"))
			},
		},
		{
			ID: "SEC-15", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret on a body that does not parse",
			Why:   "a handler that parses first can be brought down by anyone who finds the URL",
			Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request.", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				g.Expect(h.Deliver(WithBody([]byte(`{"event":`), "half a payload"), WithSecret(h.Secret().shifted(), "with a wrong secret"))).To(BeRefused())
			},
		},
		{
			ID: "SEC-16", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{QuerySecret: true},
			Title: "with the secret in the URL, refuses a wrong, an empty and no secret",
			Why:   "anyone who finds the rest of the URL could otherwise act as the Hub",
			Fix:   "Compare the parameter secret like the header: exactly one, the whole value. A missing or empty one is wrong.", Mend: MendQuerySecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				for _, change := range []Change{
					WithSecret(h.Secret().shifted(), "with a wrong secret"),
					WithSecret(literalForm(""), "with an empty secret"),
					WithoutSecret(),
				} {
					g.Expect(h.Deliver(change)).To(BeRefused())
				}
			},
		},
		{
			ID: "SEC-17", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses with 401 or 403",
			Why:   "these statuses tell the sender, and anyone who reads the log, that the secret was the problem",
			Fix:   "Answer 401 or 403 if the secret is missing or wrong (a 401 has a WWW-Authenticate header).", Mend: MendRefuse,
			Run: func(g gomega.Gomega, h *Handler) {
				h.Given(h.Deliver())
				answer := h.Deliver(WithSecret(h.Secret().shifted(), "with a wrong secret"))
				if !answer.Refused() {
					h.Inconclusive("a wrong secret is not refused at all: see SEC-02")
				}
				g.Expect(answer).To(HaveStatus(http.StatusUnauthorized, http.StatusForbidden))
			},
		},
	}
}

// tellableSecret is the length from which on a secret in an answer is no chance.
const tellableSecret = 6

// refuses sends a genuine delivery, which must be accepted for the rest to mean
// anything, and one with a variant of the secret.
func refuses(variant func(SecretForm) SecretForm, words string) func(gomega.Gomega, *Handler) {
	return func(g gomega.Gomega, h *Handler) {
		wrong := variant(h.Secret())
		if !wrong.differs(h.Secret()) {
			h.Skip("the secret has no such variant")
		}
		h.Given(h.Deliver())
		g.Expect(h.Deliver(WithSecret(wrong, words))).To(BeRefused())
	}
}
