package catalogue

import (
	"net/http"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/secrets"
)

const fixCompare = "Compare the whole value with the whole secret, in constant time (hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare). Do not compare a prefix or a substring, and do not change the case."

// minSecretLength is the length of the shortest secret that a response does not have by
// chance.
const minSecretLength = 6

// forgedAttempts is how many forged deliveries must not lock out the valid sender.
const forgedAttempts = 50

// secretChecks returns the checks of whether anybody but the Hub is let in.
func secretChecks() []check.Check {
	return []check.Check{
		{
			ID: "SEC-01", Area: check.AreaSecret, Level: check.Must, Spec: docSecret,
			Title: "accepts a delivery with the right secret",
			Why:   "a genuine delivery that is not acknowledged is retried, and in the end the webhook is suspended",
			Fix:   "Compare the value of X-Webhook-Secret with the secret in the webhook's settings, without changing either. If they are equal, answer 2xx.", Example: check.ExampleSecret,
			Run: acceptsOne(),
		},
		{
			ID: "SEC-02", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses a wrong secret of the same length",
			Why:   "anyone who finds the URL could otherwise act as the Hub",
			Fix:   fixCompare, Example: check.ExampleSecret,
			Run: rejectsVariant(secrets.Variant.Shifted, "with a wrong secret of the same length"),
		},
		{
			ID: "SEC-03", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{HeaderSecret: true},
			Title: "refuses a delivery without the secret's header",
			Why:   "a handler that compares only if the header is there lets in anyone who leaves it out",
			Fix:   "Treat a missing header as a wrong secret: refuse it before you do anything else.", Example: check.ExampleReject,
			Run: rejectsEach(check.WithoutSecret()),
		},
		{
			ID: "SEC-04", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{HeaderSecret: true},
			Title: "refuses an empty secret",
			Why:   "a loose comparison takes an empty value for \"nothing to compare\"",
			Fix:   "Refuse an empty value like any other wrong secret. If no secret is configured, do not start.", Example: check.ExampleReject,
			Run: rejectsEach(emptySecret()),
		},
		{
			ID: "SEC-05", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true, SecretLength: 2},
			Title: "refuses the beginning of the secret",
			Why:   "a comparison by prefix lets a secret be guessed character by character",
			Fix:   fixCompare, Example: check.ExampleSecret,
			Run: rejectsVariant(secrets.Variant.WithoutLast, "with the secret but for its last character"),
		},
		{
			ID: "SEC-06", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses the secret with something appended",
			Why:   "only the whole value proves that the sender knows the secret",
			Fix:   fixCompare, Example: check.ExampleSecret,
			Run: rejectsVariant(func(v secrets.Variant) secrets.Variant { return v.Appended("x") }, "with the secret and an x appended"),
		},
		{
			ID: "SEC-07", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true, SecretLetter: true},
			Title: "refuses the secret in another letter case",
			Why:   "the Hub sends the secret verbatim, and ignoring its case makes it far easier to guess",
			Fix:   fixCompare, Example: check.ExampleSecret,
			Run: rejectsVariant(secrets.Variant.SwappedCase, "with the secret in another letter case"),
		},
		{
			ID: "SEC-08", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses the secret within a longer value",
			Why:   "a handler that only searches for the secret in the header accepts values that are not the secret",
			Fix:   fixCompare, Example: check.ExampleSecret,
			Run: rejectsVariant(secrets.Variant.Quoted, "with the secret inside quotes"),
		},
		{
			ID: "SEC-09", Area: check.AreaSecret, Level: check.Must, Spec: rfcFieldNames, Needs: check.Needs{HeaderSecret: true},
			Title: "finds the header whatever the case of its name",
			Why:   "header names have no case: HTTP/2 sends them in lower case, and proxies rewrite them",
			Fix:   "Ask your framework for the header by name, which ignores case. Do not look for one spelling in the raw headers.", Example: check.ExampleSecret,
			Run: afterControl(acceptsEach(check.WithSecretHeader("x-webhook-secret"),
				check.WithSecretHeader("X-WEBHOOK-SECRET"), check.WithSecretHeader("x-Webhook-sEcret"))),
		},
		{
			ID: "SEC-10", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses a wrong secret for every shape",
			Why:   "a comparison in one branch of the handler leaves the other branches open",
			Fix:   "Compare the secret once, before you look at the event, not in the branches that handle events.", Example: check.ExampleReject,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				for _, response := range h.DeliverEachShape(wrongSecret()) {
					g.Expect(response).To(check.BeRejected())
				}
			},
		},
		{
			ID: "SEC-11", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true, SecretLength: minSecretLength},
			Title: "never shows the secret in an answer",
			Why:   "an answer that repeats the secret gives it to anyone who asks, and to every log on the way",
			Fix:   "Refuse with a fixed text. Keep headers, the query and the configuration out of answers, debug pages and error messages.", Example: check.ExampleReject,
			Run: hidesSecret,
		},
		{
			ID: "SEC-12", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true, Observer: true},
			Title: "does nothing for a refused delivery",
			Why:   "a handler that acts first and refuses afterwards has already done what the forger wanted",
			Fix:   "Compare the secret first, and return if it is wrong. Do not store, queue or start anything before that.", Example: check.ExampleReject,
			Run: func(g gomega.Gomega, h *check.Handler) {
				shape := h.ActiveShape()
				for _, forged := range []check.DeliveryOption{wrongSecret(), check.WithoutSecret()} {
					d := h.NewDelivery(check.WithShape(shape), forged)
					h.ExpectNoEffect(h.SideEffectOf(func() { h.Attempt(d) }), d.String())
				}
			},
		},
		{
			ID: "SEC-13", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true, Observer: true},
			Title: "keeps no Webhook-Id of a refused delivery",
			Why:   "a stranger who learns of an id could otherwise use it up before the genuine delivery comes",
			Fix:   "Remember a Webhook-Id only after the secret was right and the event is stored.", Example: check.ExampleIdempotency,
			Run: func(g gomega.Gomega, h *check.Handler) {
				genuine := h.NewDelivery(check.WithShape(h.ActiveShape()))
				h.Deliver(check.WithShape(h.ActiveShape()), check.WithIDOf(genuine), wrongSecret())
				h.ExpectAnyEffect(h.EffectOf(func() { h.RequireAccepted(h.Attempt(genuine)) }), "a genuine delivery whose id was sent with a wrong secret before")
			},
		},
		{
			ID: "SEC-14", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "accepts a genuine delivery after fifty that were forged",
			Why:   "the Hub's addresses are shared, and proxies hide them: if you lock out by address, a stranger can lock out the Hub",
			Fix:   "Do not count refusals by address. Refuse each forged delivery quickly, and accept the next one with the right secret.", Example: check.ExampleReject,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				h.TakeOverload()
				h.DeliverMany(forgedAttempts, wrongSecret())
				g.Expect(h.Deliver(check.DescribeAfter("fifty with a wrong secret"))).To(check.BeAccepted())
			},
		},
		{
			ID: "SEC-15", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses a wrong secret on a body that does not parse",
			Why:   "a handler that parses first can be brought down by anyone who finds the URL",
			Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request.", Example: check.ExampleReject,
			Run: rejectsEach(check.WithAll(check.WithBody([]byte(`{"event":`), "half a payload"), wrongSecret())),
		},
		{
			ID: "SEC-16", Area: check.AreaSecret, Level: check.Must, Spec: docSecret, Needs: check.Needs{QuerySecret: true},
			Title: "with the secret in the URL, refuses a wrong, an empty and no secret",
			Why:   "anyone who finds the rest of the URL could otherwise act as the Hub",
			Fix:   "Compare the parameter secret like the header: exactly one, the whole value. A missing or empty one is wrong.", Example: check.ExampleQuerySecret,
			Run: rejectsEach(wrongSecret(), emptySecret(), check.WithoutSecret()),
		},
		{
			ID: "SEC-17", Area: check.AreaSecret, Level: check.Should, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses with 401 or 403",
			Why:   "these statuses tell the sender, and anyone who reads the log, that the secret was the problem",
			Fix:   "Answer 401 or 403 if the secret is missing or wrong (a 401 has a WWW-Authenticate header).", Example: check.ExampleReject,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				response := h.Deliver(wrongSecret())
				h.RequireRejected(response)
				g.Expect(response).To(check.HaveStatus(http.StatusUnauthorized, http.StatusForbidden))
			},
		},
		{
			ID: "SEC-18", Area: check.AreaSecret, Level: check.Should, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses two secrets, a right and a wrong one, in either order",
			Why:   "the Hub sends one; with several, a proxy may look at the first and your framework at the last",
			Fix:   "Read all values of the header (or parameter), and refuse unless there is exactly one.", Example: check.ExampleSecret,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				right, wrong := h.Secret(), h.Secret().Shifted()
				g.Expect(h.Deliver(check.WithSecret(right, "with the right secret and then a wrong one", wrong))).To(check.BeRejected())
				g.Expect(h.Deliver(check.WithSecret(wrong, "with a wrong secret and then the right one", right))).To(check.BeRejected())
			},
		},
		{
			ID: "SEC-19", Area: check.AreaSecret, Level: check.Should, Spec: docSecret, Needs: check.Needs{HeaderSecret: true},
			Title: "refuses the secret in the body, in Authorization, in a cookie and in the URL",
			Why:   "the Hub sends it in one place; every other place that you accept is one more that can leak it, or that a web page can set",
			Fix:   "Read the secret from X-Webhook-Secret and from nowhere else.", Example: check.ExampleSecret,
			Run: rejectsElsewhere,
		},
		{
			ID: "SEC-20", Area: check.AreaSecret, Level: check.Should, Spec: rfcFieldValues, Needs: check.Needs{HeaderSecret: true},
			Title: "survives bytes beyond ASCII, 8 KiB and control characters in the secret's header",
			Why:   "a stranger can put anything into the header; a comparison that throws gives a 500, or ends the process",
			Fix:   "Compare digests of the bytes. hmac.compare_digest raises for text that is not ASCII, and crypto.timingSafeEqual throws if the lengths differ.", Example: check.ExampleSecret,
			Run: survivesEach("these",
				oddSecret("bytes beyond ASCII", "s\xe9cr\xe8t \xf0\x9f\xa4\x97"),
				oddSecret("8 KiB", strings.Repeat("x", 8<<10)),
				oddSecret("control characters", "a\x01b\x7fc\x1b[31m"),
			),
		},
		{
			ID: "SEC-21", Area: check.AreaSecret, Level: check.Should, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses within a second",
			Why:   "a slow refusal lets any stranger keep your workers busy, and genuine deliveries wait",
			Fix:   "Refuse before you read the body, without a sleep and without a database.", Example: check.ExampleReject,
			Run: func(g gomega.Gomega, h *check.Handler) {
				h.RequireAccepted(h.Deliver())
				for range 2 {
					response := h.Deliver(wrongSecret())
					h.RequireRejected(response)
					g.Expect(response).To(check.BeWithin(h.Limits().Rejection))
				}
			},
		},
		{
			ID: "SEC-22", Area: check.AreaSecret, Level: check.May, Spec: docSecret, Needs: check.Needs{Secret: true, SecretLength: 4},
			Title: "takes as long to refuse a secret that is nearly right as one that is all wrong",
			Why:   "a comparison that stops at the first difference shows, by its time, how much of a guess was right",
			Fix:   "Compare digests of equal length in constant time: hmac.compare_digest, crypto.timingSafeEqual, subtle.ConstantTimeCompare.", Example: check.ExampleSecret,
			Run: comparesInConstantTime,
		},
		{
			ID: "SEC-23", Area: check.AreaSecret, Level: check.Should, Spec: docSecret, Needs: check.Needs{Secret: true},
			Title: "refuses a wrong secret alike, whatever the body",
			Why:   "a 400 or 422 tells a stranger that the body was parsed before the secret was compared, and often which fields it should have",
			Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request. In FastAPI, take a Request: a parameter such as payload: Payload is parsed before your code runs. Parse the body yourself then, and catch ValueError and RecursionError.", Example: check.ExampleReject,
			Run: rejectsAlike,
		},
	}
}

func wrongSecret() check.DeliveryOption {
	return check.WithVariant(secrets.Variant.Shifted, "with a wrong secret")
}

func emptySecret() check.DeliveryOption {
	return check.WithSecret(secrets.Literal(""), "with an empty secret")
}

func oddSecret(name, value string) check.DeliveryOption {
	return check.WithAll(check.WithRawRequest(), check.WithSecret(secrets.Literal(value), "with a secret of "+name))
}

// rejectsVariant sends a valid delivery, which must be accepted for the rest to mean
// anything, and one with a variant of the secret.
func rejectsVariant(variant func(secrets.Variant) secrets.Variant, words string) run {
	return func(g gomega.Gomega, h *check.Handler) {
		wrong := variant(h.Secret())
		if !wrong.Differs(h.Secret()) {
			h.Skip("the secret has no such variant")
		}
		h.RequireAccepted(h.Deliver())
		g.Expect(h.Deliver(check.WithSecret(wrong, words))).To(check.BeRejected())
	}
}

// rejectsAlike compares the rejections of invalid payloads with that of a valid one.
func rejectsAlike(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	whole := h.Deliver(wrongSecret())
	h.RequireRejected(whole)
	for _, b := range []struct{ body, words string }{
		{`{"event":`, "half a payload"},
		{`{}`, "an empty object"},
		{`[]`, "an empty array"},
	} {
		g.Expect(h.Deliver(check.WithBody([]byte(b.body), b.words), wrongSecret())).To(check.BeRejectedLike(whole))
	}
}

func rejectsElsewhere(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	secret := h.Secret()
	for _, elsewhere := range []check.DeliveryOption{
		check.WithProperty("secret", secret.Value()),
		check.WithSecretIn("Authorization", secret.Within("Bearer ", ""), "in Authorization"),
		check.WithSecretIn("Cookie", secret.Within("secret=", ""), "in a cookie"),
		check.WithSecretInURL(secret),
	} {
		g.Expect(h.Deliver(check.WithoutSecret(), check.Describe("where it belongs, but with it elsewhere"), elsewhere)).To(check.BeRejected())
	}
}

// hidesSecret looks for the secret in responses of all kinds. What a stranger sent may be
// echoed: it tells nothing new.
func hidesSecret(g gomega.Gomega, h *check.Handler) {
	hideIt := check.MatchResponse("an answer without the secret in it",
		func(r check.Response) bool { return !r.Shows(h.Secret()) })
	for _, options := range [][]check.DeliveryOption{
		{},
		{wrongSecret()},
		{check.WithoutSecret()},
		{check.WithBody([]byte(`{"event":`), "half a payload")},
		{check.WithBody([]byte(`[]`), "an empty array")},
		{check.WithProperty("event.scope", "repo.config.dois")},
		{check.WithMethod(http.MethodGet)},
		{check.WithHeader("Content-Type", "text/plain")},
	} {
		g.Expect(h.Deliver(options...)).To(hideIt)
	}
	h.RequireAccepted(h.Deliver())
}
