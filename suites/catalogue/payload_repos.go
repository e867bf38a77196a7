package catalogue

import (
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

const (
	fixBucket = "Most often an enum or a model that knows only today's types refuses it: take any text for repo.type, and make headSha, updatedRefs and movedTo optional. A bucket has no commits."
	fixNames  = "Do not split or validate repo.name: it is owner/name or just a name, with letters, digits, dots, hyphens and underscores. The owner's id is in repo.owner.id."
	fixURLs   = "Most often an enum that knows only models refuses it: take any text for repo.type. Do not parse url.web and url.api: a dataset or a Space has a word before the name (/datasets/owner/name). Read repo.type, repo.name and discussion.num instead."
)

// maxNameLength is the most characters that the name of a repo has (the official client,
// validate_repo_id).
const maxNameLength = 96

// repoChecks returns the checks of what differs between repos.
func repoChecks() []check.Check {
	names := mustAccept(check.Must, fixNames, check.ExampleModel)
	checks := append(repoTypeChecks(),
		single(names, "PAY-03", docRepo, "accepts a repo without namespace",
			acceptsShapes([]string{"repo.update", "discussion.create"},
				check.WithScene(emitter.Scene{Canonical: true}, "of a repo without namespace"))),
		single(mustAccept(check.Must, "Answer 2xx before you ask the Hub for the repo, and use a token that may read it: without one the Hub answers 401 for a private repo.", check.ExampleAnswerFirst),
			"PAY-24", docRepo, "accepts a private repo", acceptsShapes([]string{check.UsualShape, "repo.create"},
				check.WithScene(emitter.Scene{Private: emitter.Yes}, "of a private repo"))),
	)
	bucketLife := single(mustAccept(check.Must, fixBucket, check.ExampleModel), "PAY-32", docRepo,
		"accepts the life of a bucket: created, its visibility changed, moved, deleted",
		acceptsShapes([]string{"repo.create", "repo.config.update", "repo.move", "repo.delete"},
			check.WithScene(emitter.Scene{RepoType: check.BucketType}, "of a bucket")))
	bucketLife.Needs.RepoType = check.BucketType
	return append(append(checks, bucketLife), table(names, docRepo, []row{
		named("PAY-27a", "accepts a repo whose name has capitals, dots, hyphens and underscores", "Qwen_3/Qwen2.5-0.5B_v1.0"),
		named("PAY-27b", "accepts a repo whose name is as long as can be", "hub-hook/"+strings.Repeat("very-long-", maxNameLength/10)+"repo-1"),
	})...)
}

func named(id, title, name string) row {
	return accepts(id, title, check.WithShape("repo.update"), check.WithScene(emitter.Scene{RepoName: name}, "of "+name))
}

func repoTypeChecks() []check.Check {
	about := func(id, title, shape, repoType string) row {
		scene := emitter.Scene{RepoType: repoType}
		return accepts(id, title, check.WithShape(shape), check.WithScene(scene, "of a "+repoType)).of(repoType)
	}
	checks := table(mustAccept(check.Must, fixOpenTypes, check.ExampleModel), docRepo, []row{
		about("PAY-02a", "accepts a model", "repo.update", "model"),
		about("PAY-02b", "accepts a dataset", "repo.update", "dataset"),
		about("PAY-02c", "accepts a space", "repo.update", "space"),
		about("PAY-02d", "accepts a bucket", "repo.update", check.BucketType),
	})
	// These are about the URLs, which differ with the type.
	return append(checks, table(mustAccept(check.Must, fixURLs, check.ExampleModel), docRepo, []row{
		about("PAY-33a", "accepts a discussion on a dataset", "discussion.create", "dataset"),
		about("PAY-33b", "accepts a discussion on a Space", "discussion.create", "space"),
		about("PAY-33c", "accepts a push to a dataset", "repo.content.update", "dataset"),
		about("PAY-33d", "accepts a push to a Space", "repo.content.update", "space"),
	})...)
}
