package suites

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

// null is JSON's; nil would remove a property.
var _ json.Marshaler = null

const null = jsonNull("null")

type jsonNull string

// MarshalJSON writes it.
func (n jsonNull) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// faultyPayloads are events in which something is missing or of the wrong type. A
// handler may refuse them; it must not go down, or leave the Hub without an answer.
func faultyPayloads() []Check {
	common := Check{
		Area: Payload, Level: Should, Spec: docPayload, Fix: fixOptional, Example: ExampleOptional,
		Why: "an event may differ from the documentation; a handler that crashes on one gets it again and again, and may be down for the next ones",
	}
	const talk, push = "discussion.comment.create", UsualShape
	main := WithScene(emitter.Scene{Refs: defaultScene().Refs}, "to main")
	checks := rows(common, "PAY-20", docPayload, []entry{
		survives("a move without movedTo", "repo.move", WithProperty("movedTo", nil)),
		survives("a reference without oldSha", push, main, WithProperty("updatedRefs.0.oldSha", nil)),
		survives("numbers for ids", talk, forIDs(42)...),
		survives("null for repo", push, WithProperty("repo", null)),
		survives("an event that is a string, as version 2 had it", push, WithProperty("event", "update"), WithProperty("scope", "repo.content")),
		survives("an array for discussion", "discussion.create", WithProperty("discussion", []string{})),
		survives("a number for a comment's content", talk, WithProperty("comment.content", 42)),
		survives("null for updatedRefs", push, main, WithProperty("updatedRefs", null)),
	})
	checks = append(checks, rows(common, "PAY-30", docPayload, []entry{
		survives("an empty object", push, WithBody([]byte("{}"), "{}")),
		survives("an empty list of updated references", push, main, WithProperty("updatedRefs", []string{})),
		survives("a comment event without its comment", talk, WithProperty("comment", nil)),
		survives("a discussion event without its discussion", "discussion.create", WithProperty("discussion", nil)),
		survives("null for the author and the owner, as of an account that was deleted", talk,
			WithProperty("comment.author", null), WithProperty("discussion.author", null), WithProperty("repo.owner", null)),
		survives("an event without webhook", push, WithProperty("webhook", nil)),
	})...)
	common.Level = May
	common.Why = "the Hub once sent ids as objects, in March 2025; a handler that crashes on them loses every event until that is over"
	return append(checks, single(common, "PAY-22", docPayload, `survives ids as {"buffer": …}`, func(g gomega.Gomega, h *Handler) {
		for _, id := range []struct {
			words string
			value any
		}{
			{`ids as {"buffer": {"type": "Buffer", "data": […]}}`, map[string]any{"type": "Buffer", "data": idBytes()}},
			{`ids as {"buffer": {"0": 99, …}}`, byIndex(idBytes())},
		} {
			survives(id.words, talk, forIDs(map[string]any{"buffer": id.value})...).run(g, h)
		}
	}))
}

// forIDs puts a value in the place of every id of a comment's event.
func forIDs(value any) []DeliveryOption {
	var changes []DeliveryOption
	for _, at := range []string{"repo.id", "repo.owner.id", "discussion.id", "discussion.author.id", "comment.id", "comment.author.id", "webhook.id"} {
		changes = append(changes, WithProperty(at, value))
	}
	return changes
}

// idBytes are those of an ObjectId, as numbers.
func idBytes() []int { return []int{99, 102, 192, 0, 162, 171, 205, 242, 253, 105, 160, 128} }

// byIndex is how JavaScript writes an array of bytes.
func byIndex(list []int) map[int]int {
	object := map[int]int{}
	for i, b := range list {
		object[i] = b
	}
	return object
}

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
		Fix: fixObject, Example: ExampleParse,
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
	last.Fix, last.Example = fixSize, ExampleBodyLimit
	return checks
}

// refused sends a body with the right secret, and wants a 4xx answer and a
// handler that goes on.
func refused(words, body string) entry {
	return entry{"refuses " + words, func(g gomega.Gomega, h *Handler) {
		h.RequireShapeAccepted(UsualShape)
		g.Expect(h.Deliver(WithBody([]byte(body), words))).To(BeRejected())
		h.ExpectStillAccepts(g, UsualShape, words)
	}}
}

// deep is beyond what recursive parsers bear, and within the 10,000 where others stop.
const deep = 9_000

// survived sends a payload written in a way that none should be, and wants a handler
// that goes on.
func survived(words string, write func([]byte) []byte) entry {
	return survives(words, UsualShape, func(d *Delivery) { d.rewrite = write })
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
