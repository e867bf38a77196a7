package suites

import (
	"net/http"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// keepsSecret looks for the secret in answers of all kinds.
func keepsSecret(g gomega.Gomega, h *Handler) {
	for _, changes := range [][]Change{
		{},
		{WithSecret(h.Secret().shifted(), "with a wrong secret")},
		{WithoutSecret()},
		{WithBody([]byte(`{"event":`), "half a payload")},
		{WithBody([]byte(`[]`), "an empty array")},
		{With("event.scope", "repo.config.dois")},
		{WithMethod(http.MethodGet)},
		{WithHeader("Content-Type", "text/plain")},
	} {
		answer := h.Deliver(changes...)
		if answer.x.Response == nil {
			continue
		}
		g.Expect(answer).To(keepTheSecret(newMasker(h.run.target.Secret)))
	}
	h.Given(h.Deliver())
}

// keepTheSecret wants an answer in which the secret is not to be found, encoded or
// not. What a stranger sent himself may be repeated: it tells him nothing.
func keepTheSecret(mask *masker) expectation {
	return expectation{"an answer without the secret in it", func(a Answer) bool {
		for _, x := range []string{string(a.x.Response.Body), headerText(a.x)} {
			if mask.text(x) != x {
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
