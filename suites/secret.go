package suites

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/hubhook/hubhook/emitter/delivery"
)

const fixCompare = "Compare the whole value with the whole secret, in constant time (hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare). Do not compare a prefix or a substring, and do not change the case."

// secretChecks ask whether anybody but the Hub is let in.
func secretChecks() []Check {
	return []Check{
		{
			ID: "SEC-01", Area: Secret, Level: Must, Spec: docSecret,
			Title: "accepts a delivery with the right secret",
			Why:   "a genuine delivery that is not acknowledged is retried, and in the end the webhook is suspended",
			Fix:   "Compare the value of X-Webhook-Secret with the secret in the webhook's settings, without changing either. If they are equal, answer 2xx.", Example: ExampleSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				g.Expect(h.Deliver()).To(BeAccepted())
			},
		},
		{
			ID: "SEC-02", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret of the same length",
			Why:   "anyone who finds the URL could otherwise act as the Hub",
			Fix:   fixCompare, Example: ExampleSecret,
			Run: refuses(Variant.shifted, "with a wrong secret of the same length"),
		},
		{
			ID: "SEC-03", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses a delivery without the secret's header",
			Why:   "a handler that compares only if the header is there lets in anyone who leaves it out",
			Fix:   "Treat a missing header as a wrong secret: refuse it before you do anything else.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithoutSecret())).To(BeRejected())
			},
		},
		{
			ID: "SEC-04", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses an empty secret",
			Why:   "a loose comparison takes an empty value for \"nothing to compare\"",
			Fix:   "Refuse an empty value like any other wrong secret. If no secret is configured, do not start.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithSecret(literalSecret(""), "with an empty secret"))).To(BeRejected())
			},
		},
		{
			ID: "SEC-05", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: 2},
			Title: "refuses the beginning of the secret",
			Why:   "a comparison by prefix lets a secret be guessed character by character",
			Fix:   fixCompare, Example: ExampleSecret,
			Run: refuses(Variant.withoutLast, "with the secret but for its last character"),
		},
		{
			ID: "SEC-06", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses the secret with something appended",
			Why:   "only the whole value proves that the sender knows the secret",
			Fix:   fixCompare, Example: ExampleSecret,
			Run: refuses(func(f Variant) Variant { return f.appended("x") }, "with the secret and an x appended"),
		},
		{
			ID: "SEC-07", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLetter: true},
			Title: "refuses the secret in another letter case",
			Why:   "the Hub sends the secret verbatim, and ignoring its case makes it far easier to guess",
			Fix:   fixCompare, Example: ExampleSecret,
			Run: refuses(Variant.swappedCase, "with the secret in another letter case"),
		},
		{
			ID: "SEC-08", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses the secret within a longer value",
			Why:   "a handler that only searches for the secret in the header accepts values that are not the secret",
			Fix:   fixCompare, Example: ExampleSecret,
			Run: refuses(Variant.quoted, "with the secret inside quotes"),
		},
		{
			ID: "SEC-09", Area: Secret, Level: Must, Spec: rfcFieldNames, Needs: Needs{HeaderSecret: true},
			Title: "finds the header whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Example: ExampleSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, name := range []string{"x-webhook-secret", "X-WEBHOOK-SECRET", "x-Webhook-sEcret"} {
					g.Expect(h.Deliver(WithSecretHeader(name))).To(BeAccepted())
				}
			},
		},
		{
			ID: "SEC-10", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret for every shape",
			Why:   "a comparison in one branch of the handler leaves the other branches open",
			Fix:   "Compare the secret once, before you look at the event, not in the branches that handle events.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, answer := range h.DeliverEachShape(WithSecret(h.Secret().shifted(), "with a wrong secret")) {
					g.Expect(answer).To(BeRejected())
				}
			},
		},
		{
			ID: "SEC-11", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: tellableSecret},
			Title: "never shows the secret in an answer",
			Why:   "an answer that repeats the secret gives it to anyone who asks, and to every log on the way",
			Fix:   "Refuse with a fixed text. Keep headers, the query and the configuration out of answers, debug pages and error messages.", Example: ExampleReject,
			Run: keepsSecret,
		},
		{
			ID: "SEC-12", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, Observer: true},
			Title: "does nothing for a refused delivery",
			Why:   "a handler that acts first and refuses afterwards has already done what the forger wanted",
			Fix:   "Compare the secret first, and return if it is wrong. Do not store, queue or start anything before that.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				shape := h.ActiveShape()
				for _, forged := range []DeliveryOption{WithSecret(h.Secret().shifted(), "with a wrong secret"), WithoutSecret()} {
					d := h.New(WithShape(shape), forged)
					g.Expect(h.SideEffectOf(func() { h.Attempt(d) })).To(BeNoEffect(d.String()))
				}
			},
		},
		{
			ID: "SEC-13", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true, Observer: true},
			Title: "keeps no Webhook-Id of a refused delivery",
			Why:   "a stranger who learns of an id could otherwise use it up before the genuine delivery comes",
			Fix:   "Remember a Webhook-Id only after the secret was right and the event is stored.", Example: ExampleIdempotency,
			Run: func(g gomega.Gomega, h *Handler) {
				genuine := h.New(WithShape(h.ActiveShape()))
				h.Deliver(WithShape(h.ActiveShape()), WithIDOf(genuine), WithSecret(h.Secret().shifted(), "with a wrong secret"))
				g.Expect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(genuine)) })).To(BeAnyEffect("a genuine delivery whose id was sent with a wrong secret before"))
			},
		},
		{
			ID: "SEC-15", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses a wrong secret on a body that does not parse",
			Why:   "a handler that parses first can be brought down by anyone who finds the URL",
			Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				g.Expect(h.Deliver(WithBody([]byte(`{"event":`), "half a payload"), WithSecret(h.Secret().shifted(), "with a wrong secret"))).To(BeRejected())
			},
		},
		{
			ID: "SEC-16", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{QuerySecret: true},
			Title: "with the secret in the URL, refuses a wrong, an empty and no secret",
			Why:   "anyone who finds the rest of the URL could otherwise act as the Hub",
			Fix:   "Compare the parameter secret like the header: exactly one, the whole value. A missing or empty one is wrong.", Example: ExampleQuerySecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, change := range []DeliveryOption{
					WithSecret(h.Secret().shifted(), "with a wrong secret"),
					WithSecret(literalSecret(""), "with an empty secret"),
					WithoutSecret(),
				} {
					g.Expect(h.Deliver(change)).To(BeRejected())
				}
			},
		},
		{
			ID: "SEC-17", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses with 401 or 403",
			Why:   "these statuses tell the sender, and anyone who reads the log, that the secret was the problem",
			Fix:   "Answer 401 or 403 if the secret is missing or wrong (a 401 has a WWW-Authenticate header).", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				answer := h.Deliver(WithSecret(h.Secret().shifted(), "with a wrong secret"))
				if !answer.Rejected() {
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
func refuses(variant func(Variant) Variant, words string) func(gomega.Gomega, *Handler) {
	return func(g gomega.Gomega, h *Handler) {
		wrong := variant(h.Secret())
		if !wrong.differs(h.Secret()) {
			h.Skip("the secret has no such variant")
		}
		h.RequireAccepted(h.Deliver())
		g.Expect(h.Deliver(WithSecret(wrong, words))).To(BeRejected())
	}
}

// alikeCheck asks whether a stranger learns what becomes of a body.
func alikeCheck() Check {
	return Check{
		ID: "SEC-23", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
		Title: "refuses a wrong secret alike, whatever the body",
		Why:   "a 400 or 422 tells a stranger that the body was parsed before the secret was compared, and often which fields it should have",
		Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request. In FastAPI, take a Request: a parameter such as payload: Payload is parsed before your code runs. Parse the body yourself then, and catch ValueError and RecursionError.", Example: ExampleReject,
		Run: refusesAlike,
	}
}

// refusesAlike compares the refusals of what is no payload with that of a whole one.
func refusesAlike(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	wrong := WithSecret(h.Secret().shifted(), "with a wrong secret")
	whole := h.Deliver(wrong)
	h.RequireRejected(whole)
	for _, b := range []struct{ body, words string }{
		{`{"event":`, "half a payload"},
		{`{}`, "an empty object"},
		{`[]`, "an empty array"},
	} {
		g.Expect(h.Deliver(WithBody([]byte(b.body), b.words), wrong)).To(beRefusedLike(whole))
	}
}

// beRefusedLike wants the status of another refusal.
func beRefusedLike(other Response) types.GomegaMatcher {
	status := strings.TrimSpace(fmt.Sprintf("%d %s", other.Status(), http.StatusText(other.Status())))
	return ResponseMatcher{status + ", as for a whole payload with a wrong secret", func(a Response) bool { return a.Status() == other.Status() }}
}

// oddSecretChecks ask what becomes of several secrets, of one in another place, and of
// what no header holds.
func oddSecretChecks() []Check {
	return []Check{
		{
			ID: "SEC-18", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses two secrets, a right and a wrong one, in either order",
			Why:   "the Hub sends one; with several, a proxy may look at the first and your framework at the last",
			Fix:   "Read all values of the header (or parameter), and refuse unless there is exactly one.", Example: ExampleSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				right, wrong := h.Secret(), h.Secret().shifted()
				g.Expect(h.Deliver(WithSecret(right, "with the right secret and then a wrong one", wrong))).To(BeRejected())
				g.Expect(h.Deliver(WithSecret(wrong, "with a wrong secret and then the right one", right))).To(BeRejected())
			},
		},
		{
			ID: "SEC-19", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{HeaderSecret: true},
			Title: "refuses the secret in the body, in Authorization, in a cookie and in the URL",
			Why:   "the Hub sends it in one place; every other place that you accept is one more that can leak it, or that a web page can set",
			Fix:   "Read the secret from X-Webhook-Secret and from nowhere else.", Example: ExampleSecret,
			Run: refusesElsewhere,
		},
		{
			ID: "SEC-20", Area: Secret, Level: Should, Spec: rfcFieldValues, Needs: Needs{HeaderSecret: true},
			Title: "survives bytes beyond ASCII, 8 KiB and control characters in the secret's header",
			Why:   "a stranger can put anything into the header; a comparison that throws gives a 500, or ends the process",
			Fix:   "Compare digests of the bytes. hmac.compare_digest raises for text that is not ASCII, and crypto.timingSafeEqual throws if the lengths differ.", Example: ExampleSecret,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for _, odd := range oddHeaderValues() {
					g.Expect(h.Deliver(WithRawRequest(), WithSecret(literalSecret(odd.value), "with a secret of "+odd.name))).To(BeBelow500())
				}
				g.Expect(h.Deliver(Describe("after these"))).To(BeAccepted())
			},
		},
	}
}

func refusesElsewhere(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	secret := h.Secret()
	for _, elsewhere := range []DeliveryOption{
		WithProperty("secret", secret.value()),
		WithSecretIn("Authorization", secret.within("Bearer ", ""), "in Authorization"),
		WithSecretIn("Cookie", secret.within("secret=", ""), "in a cookie"),
		WithSecretInURL(secret),
	} {
		g.Expect(h.Deliver(WithoutSecret(), Describe("where it belongs, but with it elsewhere"), elsewhere)).To(BeRejected())
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

// keepsSecret looks for the secret in answers of all kinds.
func keepsSecret(g gomega.Gomega, h *Handler) {
	for _, changes := range [][]DeliveryOption{
		{},
		{WithSecret(h.Secret().shifted(), "with a wrong secret")},
		{WithoutSecret()},
		{WithBody([]byte(`{"event":`), "half a payload")},
		{WithBody([]byte(`[]`), "an empty array")},
		{WithProperty("event.scope", "repo.config.dois")},
		{WithMethod(http.MethodGet)},
		{WithHeader("Content-Type", "text/plain")},
	} {
		answer := h.Deliver(changes...)
		if answer.exchange.Response == nil {
			continue
		}
		g.Expect(answer).To(keepTheSecret(newMasker(h.run.target.Secret)))
	}
	h.RequireAccepted(h.Deliver())
}

// keepTheSecret wants an answer in which the secret is not to be found, encoded or
// not. What a stranger sent himself may be repeated: it tells him nothing.
func keepTheSecret(mask *masker) ResponseMatcher {
	return ResponseMatcher{"an answer without the secret in it", func(a Response) bool {
		for _, x := range []string{string(a.exchange.Response.Body), headerText(a.exchange)} {
			if mask.Text(x) != x {
				return false
			}
		}
		return true
	}}
}

func headerText(x delivery.Exchange) string {
	text := ""
	for _, header := range headerList(x.Response.Header) {
		text += header.Name + ": " + header.Value + "\n"
	}
	return text
}

// refusals is how many forged deliveries must not lock the genuine sender out.
const refusals = 50

// refusalChecks ask what refusals cost, and what they tell.
func refusalChecks() []Check {
	return []Check{
		{
			ID: "SEC-14", Area: Secret, Level: Must, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "accepts a genuine delivery after fifty that were forged",
			Why:   "the Hub's addresses are shared, and proxies hide them: if you lock out by address, a stranger can lock out the Hub",
			Fix:   "Do not count refusals by address. Refuse each forged delivery quickly, and accept the next one with the right secret.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				h.DeliverMany(refusals, WithSecret(h.Secret().shifted(), "with a wrong secret"))
				g.Expect(h.Deliver(Describe("after fifty with a wrong secret"))).To(BeAccepted())
			},
		},
		{
			ID: "SEC-21", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
			Title: "refuses within a second",
			Why:   "a slow refusal lets any stranger keep your workers busy, and genuine deliveries wait",
			Fix:   "Refuse before you read the body, without a sleep and without a database.", Example: ExampleReject,
			Run: func(g gomega.Gomega, h *Handler) {
				h.RequireAccepted(h.Deliver())
				for range 2 {
					answer := h.Deliver(WithSecret(h.Secret().shifted(), "with a wrong secret"))
					h.RequireRejected(answer)
					g.Expect(answer).To(BeWithin(h.run.options.Limits.Refusal))
				}
			},
		},
		{
			ID: "SEC-22", Area: Secret, Level: May, Spec: docSecret, Needs: Needs{Secret: true, SecretLength: 4},
			Title: "takes as long to refuse a secret that is nearly right as one that is all wrong",
			Why:   "a comparison that stops at the first difference shows, by its time, how much of a guess was right",
			Fix:   "Compare digests of equal length in constant time: hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare.", Example: ExampleSecret,
			Run: tellsNothingByTime,
		},
		alikeCheck(),
	}
}

// RequireRejected ends a check about refusals where a wrong secret is not refused.
func (h *Handler) RequireRejected(answer Response) {
	if !answer.Rejected() {
		h.Inconclusive("a wrong secret is not refused at all: see SEC-02")
	}
}
