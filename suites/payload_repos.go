package suites

import (
	"strings"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

const (
	fixBucket = "Most often an enum or a model that knows only today's types refuses it: take any text for repo.type, and make headSha, updatedRefs and movedTo optional. A bucket has no commits."
	fixNames  = "Do not split or validate repo.name: it is owner/name or just a name, with letters, digits, dots, hyphens and underscores. The owner's id is in repo.owner.id."
	fixURLs   = "Most often an enum that knows only models refuses it: take any text for repo.type. Do not parse url.web and url.api: a dataset or a Space has a word before the name (/datasets/owner/name). Read repo.type, repo.name and discussion.num instead."
)

// MaxName is how many characters the name of a repo has at most (the
// official client, validate_repo_id).
const longestName = 96

// repoPayloads are what differs between repos.
func repoPayloads() []Check {
	names := acknowledged(Must, fixNames, ExampleModel)
	checks := append(everyRepoType(), everyRepoTypesEvents()...)
	checks = append(checks,
		single(names, "PAY-03", docRepo, "accepts a repo without namespace", func(g gomega.Gomega, h *Handler) {
			canonical := WithScene(emitter.Scene{Canonical: true}, "of a repo without namespace")
			g.Expect(h.Deliver(WithShape("repo.update"), canonical)).To(BeAccepted())
			g.Expect(h.Deliver(WithShape("discussion.create"), canonical)).To(BeAccepted())
		}),
		single(acknowledged(Must, "Answer 2xx before you ask the Hub for the repo, and use a token that may read it: without one the Hub answers 401 for a private repo.", ExampleAnswerFirst),
			"PAY-24", docRepo, "accepts a private repo", func(g gomega.Gomega, h *Handler) {
				private := WithScene(emitter.Scene{Private: emitter.Yes}, "of a private repo")
				g.Expect(h.Deliver(private)).To(BeAccepted())
				g.Expect(h.Deliver(WithShape("repo.create"), private)).To(BeAccepted())
			}),
		ofType(bucketType, single(acknowledged(Must, fixBucket, ExampleModel), "PAY-32", docRepo,
			"accepts the life of a bucket: created, its visibility changed, moved, deleted", func(g gomega.Gomega, h *Handler) {
				for _, shape := range []string{"repo.create", "repo.config.update", "repo.move", "repo.delete"} {
					g.Expect(h.Deliver(WithShape(shape), WithScene(emitter.Scene{RepoType: bucketType}, "of a bucket"))).To(BeAccepted())
				}
			})),
	)
	return append(checks, rows(names, "PAY-27", docRepo, []entry{
		named("accepts a repo whose name has capitals, dots, hyphens and underscores", "Qwen_3/Qwen2.5-0.5B_v1.0"),
		named("accepts a repo whose name is as long as can be", "hub-hook/"+strings.Repeat("very-long-", longestName/10)+"repo-1"),
	})...)
}

func named(title, name string) entry {
	return accepted(title, WithShape("repo.update"), WithScene(emitter.Scene{RepoName: name}, "of "+name))
}

func everyRepoType() []Check {
	var entries []entry
	types := []string{"model", "dataset", "space", bucketType}
	for _, kind := range types {
		entries = append(entries, accepted("accepts a "+kind, WithShape("repo.update"), WithScene(emitter.Scene{RepoType: kind}, "of a "+kind)))
	}
	checks := rows(acknowledged(Must, fixOpenTypes, ExampleModel), "PAY-02", docRepo, entries)
	for i, kind := range types {
		checks[i] = ofType(kind, checks[i])
	}
	return checks
}

// everyRepoTypesEvents are about the URLs, which differ with the type.
func everyRepoTypesEvents() []Check {
	about := []struct{ title, shape, kind string }{
		{"accepts a discussion on a dataset", "discussion.create", "dataset"},
		{"accepts a discussion on a Space", "discussion.create", "space"},
		{"accepts a push to a dataset", "repo.content.update", "dataset"},
		{"accepts a push to a Space", "repo.content.update", "space"},
	}
	var entries []entry
	for _, a := range about {
		entries = append(entries, accepted(a.title, WithShape(a.shape), WithScene(emitter.Scene{RepoType: a.kind}, "of a "+a.kind)))
	}
	checks := rows(acknowledged(Must, fixURLs, ExampleModel), "PAY-33", docRepo, entries)
	for i, a := range about {
		checks[i] = ofType(a.kind, checks[i])
	}
	return checks
}
