package suites

import (
	"bytes"
	"strings"

	"github.com/onsi/gomega"
)

const (
	fixObject = "Catch all that the parser can throw (in Python ValueError and, where it is nested too deep, RecursionError), check that the result is a JSON object, and answer 400 if not. Test for an object: many parsers take null without an error (Go's Unmarshal, JSON.parse, json.loads)."
	fixSize   = "Limit the body to a few MiB, and answer 413 if it is longer: the Hub's longest is about 1.5 MB."
)

// notObjects are bodies that no webhook sends. Those that hold no JSON object
// are to be refused: who answers 2xx to them does not look. Of the others, which are
// payloads but for one thing, a parser may make what it likes, as long as the handler
// survives.
func notObjects() []Check {
	common := Check{
		ID: "PAY-19", Area: Payload, Level: Should, Spec: rfcJSON,
		Fix: fixObject, Mend: MendParse,
		Why: "the URL is public: whatever arrives, a handler must not go down, and must not take it for an event if it is none",
	}
	checks := table(common, []entry{
		refused("an empty body", ""),
		refused("a payload that is cut off", `{"event":{"action":"update","scope":"repo`),
		refused("null", `null`),
		refused("an empty array", `[]`),
		refused("a string", `"repo.update"`),
		refused("a number", `42`),
		survived("deep nesting", ending(`,"addedLater":`+strings.Repeat(`{"a":`, deep)+`1`+strings.Repeat(`}`, deep))),
		survived("duplicate keys", ending(`,"event":null`)),
		survived("a byte order mark", beginning("\ufeff")),
		survived("invalid UTF-8", ending(",\"addedLater\":\"\xff\xfe\xc0\"")),
		survived("NaN for a number", ending(`,"addedLater":NaN`)),
		survived("10 MiB of spaces", spaced),
	})
	for i := range checks {
		if strings.HasSuffix(checks[i].Title, "deep nesting") {
			checks[i].Spec = rfcLimits
		}
	}
	last := &checks[len(checks)-1]
	last.Fix, last.Mend = fixSize, MendBodyLimit
	return checks
}

// refused sends a body with the right secret, and wants a 4xx answer and a
// handler that goes on.
func refused(words, body string) entry {
	return entry{"refuses " + words, func(g gomega.Gomega, h *Handler) {
		h.GivenShape(usual)
		g.Expect(h.Deliver(WithBody([]byte(body), words))).To(BeRefused())
		h.GoesOn(g, usual, words)
	}}
}

// deep is beyond what recursive parsers bear, and within the 10,000 where others stop.
const deep = 9_000

// survived sends a payload written in a way that none should be, and wants a handler
// that goes on.
func survived(words string, write func([]byte) []byte) entry {
	return survives(words, usual, func(d *Delivery) { d.rewrite = write })
}

// spaced puts 10 MiB of spaces before a payload, in one piece of memory.
func spaced(body []byte) []byte {
	const spaces = 10 << 20
	long := make([]byte, spaces, spaces+len(body))
	for i := range long {
		long[i] = ' '
	}
	return append(long, body...)
}

// ending puts something before the end of a payload, and beginning before its start.
// Both make it only when it is sent.
func ending(text string) func([]byte) []byte {
	return func(body []byte) []byte { return append(bytes.TrimSuffix(body, []byte("}")), text+"}"...) }
}

func beginning(text string) func([]byte) []byte {
	return func(body []byte) []byte { return append([]byte(text), body...) }
}
