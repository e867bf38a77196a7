package suites

import (
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

const whyAcknowledge = "acknowledge whatever the Hub may send: anything but a 2xx is sent again, and in the end the webhook is suspended"

// How an event that is not acknowledged, or not read, is put right.
const (
	fixAcknowledge = "Most often a model refuses it: an enum of today's types, or a field that this event does not have. Take any text, make such fields optional, and answer 2xx to every JSON object with the right secret, also to events that you ignore: after a 4xx they come again."
	fixOpenTypes   = "Most often an enum, or a model that knows only today's values, refuses it: take any text for repo.type, discussion.status and event.action, any object for updatedConfig, any number for webhook.version. Ignore a value that you do not know, and answer 2xx."
	fixOptional    = "Expect every property to be missing, null or of another type, and check before you use it: Optional[...] = None or .get() in Python, ?. in JavaScript (and typeof x === 'string' against another type), a pointer in Go."
)

// payloadChecks ask whether the handler reads what the Hub sends.
func payloadChecks() []Check {
	checks := slices.Concat(
		shapePayloads(), repoPayloads(), talkPayloads(), refPayloads(), filePayloads(),
		configPayloads(), textPayloads(), writtenOtherwise(), laterPayloads(), faultyPayloads(), notObjects(),
		[]Check{addedShapes()},
	)
	slices.SortFunc(checks, func(a, b Check) int { return strings.Compare(a.ID, b.ID) })
	return checks
}

// acknowledged is what checks have in common that want a payload to be accepted.
func acknowledged(level Level, fix string, mend Example) Check {
	return Check{Area: Payload, Level: level, Why: whyAcknowledge, Fix: fix, Example: mend}
}

// rows makes the entries of a table that share what is common.
func rows(common Check, id, spec string, entries []entry) []Check {
	common.ID, common.Spec = id, spec
	return table(common, entries)
}

// single makes a check of its own from what is common.
func single(common Check, id, spec, title string, run func(gomega.Gomega, *Handler)) Check {
	common.ID, common.Spec, common.Title, common.Run = id, spec, title, run
	return common
}

// accepted sends a delivery that must be accepted.
func accepted(title string, changes ...DeliveryOption) entry {
	return entry{title, func(g gomega.Gomega, h *Handler) { g.Expect(h.Deliver(changes...)).To(BeAccepted()) }}
}

// ofType has a check skipped where the webhook gets no repo of a type.
func ofType(repoType string, check Check) Check {
	check.Needs.RepoType = repoType
	return check
}

// shapePayloads are the shapes of today, of a repo that the webhook watches.
func shapePayloads() []Check {
	var entries []entry
	for _, shape := range []string{
		"repo.create", "repo.delete", "repo.update", "repo.move", "repo.content.update", "repo.config.update",
		"discussion.create", "discussion.delete", "discussion.update", "discussion.comment.create", "discussion.comment.update",
	} {
		entries = append(entries, accepted("accepts "+shape, WithShape(shape)))
	}
	entries = append(entries, accepted("accepts repo.content.update of a bucket, which has updatedFiles", bucketPush()...))
	checks := rows(acknowledged(Must, fixAcknowledge, ExampleModel), "PAY-01", docPayload, entries)
	bucket := &checks[len(checks)-1]
	*bucket = ofType(bucketType, *bucket)
	bucket.Spec, bucket.Fix = docCode, fixBucket
	return checks
}

// addedShapes are those that a user's schemas describe.
func addedShapes() Check {
	common := acknowledged(Must, fixAcknowledge, ExampleAcknowledge)
	return single(common, "PAY-23", docEvent, "accepts the shapes that --schemas adds", func(g gomega.Gomega, h *Handler) {
		added := h.run.generator.Schemas().AddedShapes()
		if len(added) == 0 {
			h.Skip("no shape is added: --schemas names a folder of them")
		}
		h.RequireAccepted(h.Deliver())
		for _, shape := range added {
			g.Expect(h.Deliver(WithShape(shape.Name))).To(BeAccepted())
		}
	})
}

// configPayloads are changes of a repo's settings.
func configPayloads() []Check {
	changed := func(title, words string, settings any) entry {
		return accepted(title, WithShape("repo.config.update"), WithProperty("updatedConfig", settings), Describe(words))
	}
	common := acknowledged(Must, "Make updatedConfig an open object, not a model of today's settings. Read the setting that you need if it is there, and ignore the others; the object may be empty.", ExampleOptional)
	return rows(common, "PAY-08", docConfig, []entry{
		changed("accepts a change of settings that is not told, an empty updatedConfig", "with an empty updatedConfig", map[string]any{}),
		changed("accepts a change of visibility, updatedConfig.private", "of a repo that turned private", map[string]any{"private": true}),
		changed("accepts a change of another setting, updatedConfig.xetEnabled", "with the setting xetEnabled", map[string]any{"xetEnabled": true}),
	})
}

// talkPayloads are what differs between discussions, and between comments.
func talkPayloads() []Check {
	optional := acknowledged(Must, fixOptional, ExampleOptional)
	checks := []Check{
		single(optional, "PAY-04", docComment, "accepts a hidden comment, which has no content", func(g gomega.Gomega, h *Handler) {
			g.Expect(h.Deliver(WithShape("discussion.comment.update"), WithScene(emitter.Scene{Hidden: emitter.Yes}, "hidden"))).To(BeAccepted())
		}),
		single(optional, "PAY-05", docDiscuss, "accepts a discussion without changes, and a discussion update without a comment", func(g gomega.Gomega, h *Handler) {
			changes := []DeliveryOption{WithScene(emitter.Scene{PullRequest: emitter.No}, "of a discussion that is no pull request"), WithProperty("discussion.pinned", nil)}
			g.Expect(h.Deliver(append(changes, WithShape("discussion.create"))...)).To(BeAccepted())
			g.Expect(h.Deliver(append(changes, WithShape("discussion.comment.create"))...)).To(BeAccepted())
			g.Expect(h.Deliver(WithShape("discussion.update"), Describe("which brings no comment"))).To(BeAccepted())
		}),
	}
	var entries []entry
	for _, status := range []string{"draft", "open", "closed", "merged"} {
		entries = append(entries, accepted("accepts a pull request that is "+status, WithShape("discussion.update"),
			WithScene(emitter.Scene{PullRequest: emitter.Yes, Status: status}, "of a pull request that is "+status)))
	}
	return append(checks, rows(acknowledged(Must, fixOpenTypes, ExampleModel), "PAY-06", docDiscuss, entries)...)
}
