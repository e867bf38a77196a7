package catalogue

import (
	"slices"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

const whyAcknowledge = "acknowledge whatever the Hub may send: anything but a 2xx is sent again, and in the end the webhook is suspended"

// What to do about an event that is not acknowledged, or not read.
const (
	fixAcknowledge = "Most often a model refuses it: an enum of today's types, or a field that this event does not have. Take any text, make such fields optional, and answer 2xx to every JSON object with the right secret, also to events that you ignore: after a 4xx they come again."
	fixOpenTypes   = "Most often an enum, or a model that knows only today's values, refuses it: take any text for repo.type, discussion.status and event.action, any object for updatedConfig, any number for webhook.version. Ignore a value that you do not know, and answer 2xx."
	fixOptional    = "Expect every property to be missing, null or of another type, and check before you use it: Optional[...] = None or .get() in Python, ?. in JavaScript (and typeof x === 'string' against another type), a pointer in Go."
)

// payloadChecks returns the checks of whether the handler reads what the Hub sends.
func payloadChecks() []check.Check {
	return slices.Concat(
		shapeChecks(), repoChecks(), discussionChecks(), pushChecks(), bucketPushChecks(),
		settingChecks(), textChecks(), formChecks(), futureChecks(), faultyChecks(), bodyChecks(),
	)
}

// mustAccept returns what checks have in common that want a payload to be accepted.
func mustAccept(level check.Level, fix string, example check.Example) check.Check {
	return check.Check{Area: check.AreaPayload, Level: level, Why: whyAcknowledge, Fix: fix, Example: example}
}

// shapeIDs returns the ID of each shape's check. An ID belongs to its shape for ever. The
// shape of a new schema without an ID is sent by PAY-23.
func shapeIDs() map[string]string {
	return map[string]string{
		"repo.create":               "PAY-01a",
		"repo.delete":               "PAY-01b",
		"repo.update":               "PAY-01c",
		"repo.move":                 "PAY-01d",
		"repo.content.update":       "PAY-01e",
		"repo.config.update":        "PAY-01f",
		"discussion.create":         "PAY-01g",
		"discussion.delete":         "PAY-01h",
		"discussion.update":         "PAY-01i",
		"discussion.comment.create": "PAY-01j",
		"discussion.comment.update": "PAY-01k",
	}
}

// shapeChecks returns a check of each shape that the Hub sends today, and one of the shapes
// without a check of their own.
func shapeChecks() []check.Check {
	var rows []row
	for shape, id := range shapeIDs() {
		rows = append(rows, accepts(id, "accepts "+shape, check.WithShape(shape)))
	}
	common := mustAccept(check.Must, fixAcknowledge, check.ExampleModel)
	checks := table(common, docPayload, rows)
	common.Fix = fixBucket
	checks = append(checks, table(common, docCode, []row{
		accepts("PAY-01l", "accepts repo.content.update of a bucket, which has updatedFiles", bucketPush()...).of(check.BucketType),
	})...)
	return append(checks, addedShapes())
}

// addedShapes returns the check of the shapes that a user's schemas add, and of those that
// have no ID yet.
func addedShapes() check.Check {
	common := mustAccept(check.Must, fixAcknowledge, check.ExampleAcknowledge)
	return single(common, "PAY-23", docEvent, "accepts the shapes that --schemas adds", func(g gomega.Gomega, h *check.Handler) {
		added := h.Schemas().AddedShapes()
		for _, shape := range h.Schemas().Shapes() {
			if !shape.Narrowed && shapeIDs()[shape.Name] == "" && !slices.Contains(added, shape) {
				added = append(added, shape)
			}
		}
		if len(added) == 0 {
			h.Skip("no shape is added: --schemas names a folder of them")
		}
		h.RequireAccepted(h.Deliver())
		for _, shape := range added {
			g.Expect(h.Deliver(check.WithShape(shape.Name))).To(check.BeAccepted())
		}
	})
}

// settingChecks returns the checks of changes of a repo's settings.
func settingChecks() []check.Check {
	changed := func(id, title, words string, settings any) row {
		return accepts(id, title, check.WithShape("repo.config.update"), check.WithProperty("updatedConfig", settings), check.Describe(words))
	}
	common := mustAccept(check.Must, "Make updatedConfig an open object, not a model of today's settings. Read the setting that you need if it is there, and ignore the others; the object may be empty.", check.ExampleOptional)
	return table(common, docConfig, []row{
		changed("PAY-08a", "accepts a change of settings that is not told, an empty updatedConfig", "with an empty updatedConfig", map[string]any{}),
		changed("PAY-08b", "accepts a change of visibility, updatedConfig.private", "of a repo that turned private", map[string]any{"private": true}),
		changed("PAY-08c", "accepts a change of another setting, updatedConfig.xetEnabled", "with the setting xetEnabled", map[string]any{"xetEnabled": true}),
	})
}

// discussionChecks returns the checks of what differs between discussions, and between
// comments.
func discussionChecks() []check.Check {
	optional := mustAccept(check.Must, fixOptional, check.ExampleOptional)
	unchanged := check.WithAll(
		check.WithScene(emitter.Scene{PullRequest: emitter.No}, "of a discussion that is no pull request"),
		check.WithProperty("discussion.pinned", nil))
	checks := []check.Check{
		single(optional, "PAY-04", docComment, "accepts a hidden comment, which has no content",
			acceptsOne(check.WithShape("discussion.comment.update"), check.WithScene(emitter.Scene{Hidden: emitter.Yes}, "hidden"))),
		single(optional, "PAY-05", docDiscuss, "accepts a discussion without changes, and a discussion update without a comment",
			acceptsEach(
				check.WithAll(check.WithShape("discussion.create"), unchanged),
				check.WithAll(check.WithShape("discussion.comment.create"), unchanged),
				check.WithAll(check.WithShape("discussion.update"), check.Describe("which brings no comment")),
			)),
	}
	status := func(id, status string) row {
		return accepts(id, "accepts a pull request that is "+status, check.WithShape("discussion.update"),
			check.WithScene(emitter.Scene{PullRequest: emitter.Yes, Status: status}, "of a pull request that is "+status))
	}
	return append(checks, table(mustAccept(check.Must, fixOpenTypes, check.ExampleModel), docDiscuss, []row{
		status("PAY-06a", "draft"), status("PAY-06b", "open"), status("PAY-06c", "closed"), status("PAY-06d", "merged"),
	})...)
}
