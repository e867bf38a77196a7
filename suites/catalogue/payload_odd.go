package catalogue

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

// null is the JSON value; nil would remove a property.
var null = json.RawMessage("null")

// faultyChecks returns the checks of events in which something is missing or of the wrong
// type. A handler may reject them, but must not go down, or leave the Hub without a response.
func faultyChecks() []check.Check {
	common := check.Check{
		Area: check.AreaPayload, Level: check.Should, Spec: docPayload, Fix: fixOptional, Example: check.ExampleOptional,
		Why: "an event may differ from the documentation; a handler that crashes on one gets it again and again, and may be down for the next ones",
	}
	const comment, push = "discussion.comment.create", check.UsualShape
	main := check.WithScene(emitter.Scene{Refs: check.DefaultScene().Refs}, "to main")
	checks := table(common, docPayload, []row{
		survives("PAY-20a", "a move without movedTo", "repo.move", check.WithProperty("movedTo", nil)),
		survives("PAY-20b", "a reference without oldSha", push, main, check.WithProperty("updatedRefs.0.oldSha", nil)),
		survives("PAY-20c", "numbers for ids", comment, forIDs(42)...),
		survives("PAY-20d", "null for repo", push, check.WithProperty("repo", null)),
		survives("PAY-20e", "an event that is a string, as version 2 had it", push, check.WithProperty("event", "update"), check.WithProperty("scope", "repo.content")),
		survives("PAY-20f", "an array for discussion", "discussion.create", check.WithProperty("discussion", []string{})),
		survives("PAY-20g", "a number for a comment's content", comment, check.WithProperty("comment.content", 42)),
		survives("PAY-20h", "null for updatedRefs", push, main, check.WithProperty("updatedRefs", null)),
	})
	checks = append(checks, table(common, docPayload, []row{
		survives("PAY-30a", "an empty object", push, check.WithBody([]byte("{}"), "{}")),
		survives("PAY-30b", "an empty list of updated references", push, main, check.WithProperty("updatedRefs", []string{})),
		survives("PAY-30c", "a comment event without its comment", comment, check.WithProperty("comment", nil)),
		survives("PAY-30d", "a discussion event without its discussion", "discussion.create", check.WithProperty("discussion", nil)),
		survives("PAY-30e", "null for the author and the owner, as of an account that was deleted", comment,
			check.WithProperty("comment.author", null), check.WithProperty("discussion.author", null), check.WithProperty("repo.owner", null)),
		survives("PAY-30f", "an event without webhook", push, check.WithProperty("webhook", nil)),
	})...)
	common.Level = check.May
	common.Why = "the Hub once sent ids as objects, in March 2025; a handler that crashes on them loses every event until that is over"
	return append(checks, single(common, "PAY-22", docPayload, `survives ids as {"buffer": …}`, func(g gomega.Gomega, h *check.Handler) {
		for _, id := range []struct {
			words string
			value any
		}{
			{`ids as {"buffer": {"type": "Buffer", "data": […]}}`, map[string]any{"type": "Buffer", "data": idBytes()}},
			{`ids as {"buffer": {"0": 99, …}}`, byIndex(idBytes())},
		} {
			survives("", id.words, comment, forIDs(map[string]any{"buffer": id.value})...).run(g, h)
		}
	}))
}

// forIDs replaces every ID of a comment's event by a value.
func forIDs(value any) []check.DeliveryOption {
	var options []check.DeliveryOption
	for _, at := range []string{"repo.id", "repo.owner.id", "discussion.id", "discussion.author.id", "comment.id", "comment.author.id", "webhook.id"} {
		options = append(options, check.WithProperty(at, value))
	}
	return options
}

// idBytes returns the bytes of an ObjectId as numbers.
func idBytes() []int { return []int{99, 102, 192, 0, 162, 171, 205, 242, 253, 105, 160, 128} }

// byIndex returns bytes as JavaScript writes an array of them.
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

// deep nesting is beyond what recursive parsers handle, and within the 10,000 levels at
// which others stop.
const deep = 9_000

// bodyChecks returns the checks of bodies that no webhook sends. Those that hold no JSON
// object have to be rejected: a handler that answers 2xx to them does not look. A parser may
// make anything of the others, which are payloads except for one thing, as long as the
// handler survives.
func bodyChecks() []check.Check {
	common := check.Check{
		Area: check.AreaPayload, Level: check.Should, Fix: fixObject, Example: check.ExampleParse,
		Why: "the URL is public: whatever arrives, a handler must not go down, and must not take it for an event if it is none",
	}
	checks := slices.Concat(
		table(common, rfcJSON, []row{
			rejects("PAY-19a", "an empty body", ""),
			rejects("PAY-19b", "a payload that is cut off", `{"event":{"action":"update","scope":"repo`),
			rejects("PAY-19c", "null", `null`),
			rejects("PAY-19d", "an empty array", `[]`),
			rejects("PAY-19e", "a string", `"repo.update"`),
			rejects("PAY-19f", "a number", `42`),
		}),
		table(common, rfcLimits, []row{
			survivesRewrite("PAY-19g", "deep nesting", ending(`,"addedLater":`+strings.Repeat(`{"a":`, deep)+`1`+strings.Repeat(`}`, deep))),
		}),
		table(common, rfcJSON, []row{
			survivesRewrite("PAY-19h", "duplicate keys", ending(`,"event":null`)),
			survivesRewrite("PAY-19i", "a byte order mark", beginning("\ufeff")),
			survivesRewrite("PAY-19j", "invalid UTF-8", ending(",\"addedLater\":\"\xff\xfe\xc0\"")),
			survivesRewrite("PAY-19k", "NaN for a number", ending(`,"addedLater":NaN`)),
		}),
	)
	common.Fix, common.Example = fixSize, check.ExampleBodyLimit
	return append(checks, table(common, rfcJSON, []row{survivesRewrite("PAY-19l", "10 MiB of spaces", spaced)})...)
}

// rejects returns a row that sends a body with the right secret, and expects a 4xx and a
// handler that goes on.
func rejects(id, words, body string) row {
	return row{id: id, title: "refuses " + words,
		run: goesOn(check.UsualShape, words, check.BeRejected, check.WithBody([]byte(body), words))}
}

// survives returns a row that sends an invalid delivery, and expects a handler that goes on.
func survives(id, words, shape string, options ...check.DeliveryOption) row {
	return row{id: id, title: "survives " + words,
		run: goesOn(shape, words, check.BeBelow500,
			check.WithShape(shape), check.WithAll(options...), check.Describe("with "+words))}
}

// goesOn returns a run that expects a response to a delivery, and that the handler accepts
// ordinary ones of a shape before and after it.
func goesOn(shape, after string, matcher func() check.ResponseMatcher, options ...check.DeliveryOption) run {
	return func(g gomega.Gomega, h *check.Handler) {
		h.RequireShapeAccepted(shape)
		g.Expect(h.Deliver(options...)).To(matcher())
		h.ExpectStillAccepts(g, shape, after)
	}
}

func survivesRewrite(id, words string, write func([]byte) []byte) row {
	return survives(id, words, check.UsualShape, check.WithRewrite(write))
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

// ending writes text before the end of a payload, when it is sent.
func ending(text string) func([]byte) []byte {
	return func(body []byte) []byte { return append(bytes.TrimSuffix(body, []byte("}")), text+"}"...) }
}

// beginning writes text before a payload, when it is sent.
func beginning(text string) func([]byte) []byte {
	return func(body []byte) []byte { return append([]byte(text), body...) }
}
