package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

const whyAcknowledge = "whatever the Hub may send must be acknowledged: anything but a 2xx is retried, and in the end the webhook is suspended"

// payloadChecks ask whether the handler reads what the Hub sends.
func payloadChecks() []Check {
	must := Check{Area: Payload, Level: Must, Spec: docPayload, Why: whyAcknowledge}
	checks := rows(must, "PAY-01", docPayload, everyShape())
	checks = append(checks, rows(must, "PAY-02", docRepo, everyRepoType())...)
	checks = append(checks,
		single(must, "PAY-03", docRepo, "accepts a repo without namespace", func(g gomega.Gomega, h *Handler) {
			canonical := In(emitter.Scene{Canonical: true}, "of a repo without namespace")
			g.Expect(h.Deliver(Of("repo.update"), canonical)).To(BeAccepted())
			g.Expect(h.Deliver(Of("discussion.create"), canonical)).To(BeAccepted())
		}),
		single(must, "PAY-04", docComment, "accepts a hidden comment, which has no content", func(g gomega.Gomega, h *Handler) {
			g.Expect(h.Deliver(Of("discussion.comment.update"), In(emitter.Scene{Hidden: emitter.Yes}, "hidden"))).To(BeAccepted())
		}),
		single(must, "PAY-05", docDiscuss, "accepts a discussion without changes, and a discussion update without a comment", func(g gomega.Gomega, h *Handler) {
			plain := In(emitter.Scene{PullRequest: emitter.No}, "of a discussion that is no pull request")
			g.Expect(h.Deliver(Of("discussion.create"), plain)).To(BeAccepted())
			g.Expect(h.Deliver(Of("discussion.comment.create"), plain)).To(BeAccepted())
			g.Expect(h.Deliver(Of("discussion.update"), Called("which brings no comment"))).To(BeAccepted())
		}),
	)
	checks = append(checks, rows(must, "PAY-06", docDiscuss, everyStatus())...)
	checks = append(checks, rows(must, "PAY-07", docCode, everyRefChange())...)
	checks = append(checks,
		single(must, "PAY-09", docPayload, "accepts properties that it does not know", func(g gomega.Gomega, h *Handler) {
			for _, at := range []string{"", "event.", "repo.", "repo.owner.", "discussion.", "comment.", "webhook."} {
				g.Expect(h.Deliver(Of("discussion.comment.create"), With(at+"addedLater", map[string]any{"by": "the Hub"}),
					Called("with the property "+at+"addedLater"))).To(BeAccepted())
			}
		}),
		single(must, "PAY-10", rfcJSON, "accepts text beyond ASCII", func(g gomega.Gomega, h *Handler) {
			for _, t := range beyondASCII() {
				g.Expect(h.Deliver(Of("discussion.comment.create"), With("comment.content", t.text), With("discussion.title", t.text),
					Called("with "+t.name))).To(BeAccepted())
			}
			g.Expect(h.Deliver(escapedText()...)).To(BeAccepted())
		}),
		single(must, "PAY-11", docComment, "accepts a comment of 64 KiB", func(g gomega.Gomega, h *Handler) {
			long := strings.Repeat("All work and no play makes a dull webhook.\n", 64<<10/43+1)[:64<<10]
			g.Expect(h.Deliver(Of("discussion.comment.create"), With("comment.content", long), Called("of 64 KiB"))).To(BeAccepted())
		}),
	)
	checks = append(checks, notObjects()...)
	return append(checks, single(must, "PAY-23", docEvent, "accepts the shapes that --schemas adds", func(g gomega.Gomega, h *Handler) {
		added := h.run.generator.Schemas().Added()
		if len(added) == 0 {
			h.Skip("no shape is added: --schemas names a folder of them")
		}
		h.Given(h.Deliver())
		for _, shape := range added {
			g.Expect(h.Deliver(Of(shape.Name))).To(BeAccepted())
		}
	}))
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
func accepted(title string, changes ...Change) entry {
	return entry{title, func(g gomega.Gomega, h *Handler) { g.Expect(h.Deliver(changes...)).To(BeAccepted()) }}
}

func everyShape() []entry {
	var entries []entry
	for _, shape := range []string{
		"repo.create", "repo.delete", "repo.update", "repo.move", "repo.content.update", "repo.config.update",
		"discussion.create", "discussion.delete", "discussion.update", "discussion.comment.create", "discussion.comment.update",
	} {
		entries = append(entries, accepted("accepts "+shape, Of(shape), In(emitter.Scene{RepoType: "model"}, "of a model")))
	}
	return append(entries, accepted("accepts repo.content.update of a bucket, which has updatedFiles",
		Of("repo.content.update"), In(emitter.Scene{RepoType: "bucket"}, "of a bucket")))
}

func everyRepoType() []entry {
	var entries []entry
	for _, kind := range []string{"model", "dataset", "space", "bucket"} {
		entries = append(entries, accepted("accepts a "+kind, Of("repo.update"), In(emitter.Scene{RepoType: kind}, "of a "+kind)))
	}
	return entries
}

func everyStatus() []entry {
	var entries []entry
	for _, status := range []string{"draft", "open", "closed", "merged"} {
		entries = append(entries, accepted("accepts a pull request that is "+status, Of("discussion.update"),
			In(emitter.Scene{PullRequest: emitter.Yes, Status: status}, "of a pull request that is "+status)))
	}
	return entries
}

func everyRefChange() []entry {
	var entries []entry
	for _, c := range []struct {
		words  string
		change emitter.RefChange
	}{
		{"created, which have no old SHA", emitter.RefCreated},
		{"deleted, which have no new SHA", emitter.RefDeleted},
		{"updated", emitter.RefUpdated},
	} {
		var refs []emitter.Ref
		for _, name := range []string{"refs/heads/dev", "refs/tags/v1.0", "refs/pr/4", "refs/convert/parquet"} {
			refs = append(refs, emitter.Ref{Name: name, Change: c.change})
		}
		entries = append(entries, accepted("accepts references that were "+c.words, Of("repo.content.update"),
			In(emitter.Scene{RepoType: "dataset", Refs: refs}, "with references "+c.words)))
	}
	return entries
}

// beyondASCII is what people write, and what has broken handlers.
func beyondASCII() []struct{ name, text string } {
	return []struct{ name, text string }{
		{"emoji", "ship it 🚀🤗👩🏽‍💻"},
		{"right-to-left text", "שלום, مرحبا"},
		{"combining marks", "Z͑ͫ̓ͪa̴͗ĺ͂g̈o"},
		{"a NUL character", "before\x00after"},
	}
}

// escapedText is text that is escaped where it need not be, as some encoders do.
func escapedText() []Change {
	const plain = "PLACEHOLDER"
	return []Change{
		Of("discussion.comment.create"), With("comment.content", plain),
		func(d *Delivery) {
			d.rewrite = func(body []byte) []byte {
				return []byte(strings.Replace(string(body), plain, `\ud83d\ude80 \u00e9t\u00e9 \u0000`, 1))
			}
		},
		Called("with escaped surrogate pairs"),
	}
}
