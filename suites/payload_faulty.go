package suites

import (
	"encoding/json"

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
		Area: Payload, Level: Should, Spec: docPayload, Fix: fixOptional, Mend: MendOptional,
		Why: "an event may differ from the documentation; a handler that crashes on one gets it again and again, and may be down for the next ones",
	}
	const talk, push = "discussion.comment.create", usual
	main := In(emitter.Scene{Refs: plain().Refs}, "to main")
	checks := rows(common, "PAY-20", docPayload, []entry{
		survives("a move without movedTo", "repo.move", With("movedTo", nil)),
		survives("a reference without oldSha", push, main, With("updatedRefs.0.oldSha", nil)),
		survives("numbers for ids", talk, forIDs(42)...),
		survives("null for repo", push, With("repo", null)),
		survives("an event that is a string, as version 2 had it", push, With("event", "update"), With("scope", "repo.content")),
		survives("an array for discussion", "discussion.create", With("discussion", []string{})),
		survives("a number for a comment's content", talk, With("comment.content", 42)),
		survives("null for updatedRefs", push, main, With("updatedRefs", null)),
	})
	checks = append(checks, rows(common, "PAY-30", docPayload, []entry{
		survives("an empty object", push, WithBody([]byte("{}"), "{}")),
		survives("an empty list of updated references", push, main, With("updatedRefs", []string{})),
		survives("a comment event without its comment", talk, With("comment", nil)),
		survives("a discussion event without its discussion", "discussion.create", With("discussion", nil)),
		survives("null for the author and the owner, as of an account that was deleted", talk,
			With("comment.author", null), With("discussion.author", null), With("repo.owner", null)),
		survives("an event without webhook", push, With("webhook", nil)),
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
func forIDs(value any) []Change {
	var changes []Change
	for _, at := range []string{"repo.id", "repo.owner.id", "discussion.id", "discussion.author.id", "comment.id", "comment.author.id", "webhook.id"} {
		changes = append(changes, With(at, value))
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
