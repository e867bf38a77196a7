package suites

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// alikeCheck asks whether a stranger learns what becomes of a body.
func alikeCheck() Check {
	return Check{
		ID: "SEC-23", Area: Secret, Level: Should, Spec: docSecret, Needs: Needs{Secret: true},
		Title: "refuses a wrong secret alike, whatever the body",
		Why:   "a 400 or 422 tells a stranger that the body was parsed before the secret was compared, and often which fields it should have",
		Fix:   "Compare the secret before the body is parsed: in a middleware, a dependency, or on the raw request. In FastAPI, take a Request: a parameter such as payload: Payload is parsed before your code runs. Parse the body yourself then, and catch ValueError and RecursionError.", Mend: MendRefuse,
		Run: refusesAlike,
	}
}

// refusesAlike compares the refusals of what is no payload with that of a whole one.
func refusesAlike(g gomega.Gomega, h *Handler) {
	h.Given(h.Deliver())
	wrong := WithSecret(h.Secret().shifted(), "with a wrong secret")
	whole := h.Deliver(wrong)
	h.refusedAtAll(whole)
	for _, b := range []struct{ body, words string }{
		{`{"event":`, "half a payload"},
		{`{}`, "an empty object"},
		{`[]`, "an empty array"},
	} {
		g.Expect(h.Deliver(WithBody([]byte(b.body), b.words), wrong)).To(beRefusedLike(whole))
	}
}

// beRefusedLike wants the status of another refusal.
func beRefusedLike(other Answer) types.GomegaMatcher {
	status := strings.TrimSpace(fmt.Sprintf("%d %s", other.Status(), http.StatusText(other.Status())))
	return expectation{status + ", as for a whole payload with a wrong secret", func(a Answer) bool { return a.Status() == other.Status() }}
}
