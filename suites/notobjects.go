package suites

import (
	"bytes"
	"strings"

	"github.com/onsi/gomega"
)

// notObjects are bodies that no webhook sends. Those that hold no JSON object
// are to be refused: who answers 2xx to them does not look. Of the others a
// parser may make what it likes, as long as the handler survives.
func notObjects() []Check {
	common := Check{
		ID: "PAY-19", Area: Payload, Level: Should, Spec: rfcJSON,
		Why: "the URL is public: whatever comes, a handler must not go down, nor take for an event what is none",
	}
	return table(common, []entry{
		refused("an empty body", ""),
		refused("a payload that is cut off", `{"event":{"action":"update","scope":"repo`),
		refused("null", `null`),
		refused("an empty array", `[]`),
		refused("a string", `"repo.update"`),
		refused("a number", `42`),
		survived("deep nesting", text(strings.Repeat(`{"a":`, 10_000)+`1`+strings.Repeat(`}`, 10_000))),
		survived("duplicate keys", text(`{"event":{"action":"update","scope":"repo","scope":"discussion"},"event":null}`)),
		survived("a byte order mark", text("\ufeff"+`{"event":{"action":"update","scope":"repo"}}`)),
		survived("invalid UTF-8", text("{\"event\":{\"action\":\"update\",\"scope\":\"repo\"},\"repo\":{\"name\":\"me/\xff\xfe\xc0\"}}")),
		survived("NaN for a number", text(`{"event":{"action":"update","scope":"repo"},"webhook":{"version":NaN}}`)),
		survived("10 MiB of spaces", spaces),
	})
}

// refused sends a body with the right secret, and wants a 4xx answer and a
// handler that goes on.
func refused(words, body string) entry {
	return entry{"refuses " + words, func(g gomega.Gomega, h *Handler) {
		h.Given(h.Deliver())
		g.Expect(h.Deliver(WithBody([]byte(body), words))).To(BeRefused())
		g.Expect(h.Deliver(Called("after " + words))).To(BeAccepted())
	}}
}

// survived sends a body with the right secret, and wants a handler that goes on.
func survived(words string, body func() []byte) entry {
	return entry{"survives " + words, func(g gomega.Gomega, h *Handler) {
		h.Given(h.Deliver())
		g.Expect(h.Deliver(WithBody(body(), words))).To(BeSurvived())
		g.Expect(h.Deliver(Called("after " + words))).To(BeAccepted())
	}}
}

func text(body string) func() []byte { return func() []byte { return []byte(body) } }

// spaces are longer than anything that the Hub sends, and are made only when
// they are sent.
func spaces() []byte {
	body := bytes.Repeat([]byte(" "), 10<<20)
	copy(body[len(body)-2:], "{}")
	return body
}
