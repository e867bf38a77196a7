package catalogue

import (
	"fmt"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites/check"
)

const (
	fixRefs = "Make oldSha and newSha optional: oldSha is null if the reference was created, newSha if it was deleted. Answer 2xx also to pushes to references that you ignore (refs/tags/*, refs/pr/N, refs/convert/parquet)."
	fixHead = "Make repo.headSha optional. It is the head of main after the event, so do not expect it among the new SHAs of updatedRefs."
	fixName = "Remove refs/heads/ from the front of ref and keep the rest as it is: a branch name may contain slashes and any UTF-8 letters, so do not split it at slashes."
)

// pushChecks returns the checks of pushes to a Git repo.
func pushChecks() []check.Check {
	common := mustAccept(check.Must, fixRefs, check.ExampleOptional)
	checks := table(common, docCode, []row{
		refChange("PAY-07a", "created, which have no old SHA", emitter.RefCreated),
		refChange("PAY-07b", "deleted, which have no new SHA", emitter.RefDeleted),
		refChange("PAY-07c", "updated", emitter.RefUpdated),
	})
	checks = append(checks, single(common, "PAY-14", docCode, "accepts 200 references in one event", func(g gomega.Gomega, h *check.Handler) {
		refs := []emitter.Ref{{Name: "refs/heads/main"}}
		for len(refs) < 200 {
			refs = append(refs, emitter.Ref{Name: fmt.Sprintf("refs/heads/branch-%d", len(refs))})
		}
		g.Expect(h.Deliver(check.WithScene(emitter.Scene{Refs: refs}, "with 200 references"))).To(check.BeAccepted())
	}))
	checks = append(checks, table(mustAccept(check.Must, fixHead, check.ExampleOptional), docRepo, []row{
		{id: "PAY-15a", title: "accepts repo events without headSha", run: acceptsShapes([]string{check.UsualShape, "repo.update"},
			check.WithProperty("repo.headSha", nil), check.Describe("without repo.headSha"))},
		accepts("PAY-15b", "accepts a headSha that no updated reference has", pushTo("refs/heads/dev", "to another branch than main, whose head is headSha")),
	})...)
	return append(checks, table(mustAccept(check.Must, fixName, check.ExampleOptional), docCode, []row{
		accepts("PAY-26a", "accepts a branch whose name has slashes", pushTo("refs/heads/feature/login/form", "to feature/login/form")),
		accepts("PAY-26b", "accepts a branch whose name goes beyond ASCII", pushTo("refs/heads/größe-模型-🚀", "to größe-模型-🚀")),
	})...)
}

func pushTo(ref, words string) check.DeliveryOption {
	return check.WithScene(emitter.Scene{Refs: []emitter.Ref{{Name: ref}}}, words)
}

func refChange(id, words string, change emitter.RefChange) row {
	return row{id: id, title: "accepts references that were " + words, run: func(g gomega.Gomega, h *check.Handler) {
		scene := emitter.Scene{}
		names := []string{"refs/heads/dev", "refs/tags/v1.0", "refs/pr/4"}
		// Only datasets have a branch of the Parquet bot's.
		if h.Target().WatchesType("dataset") {
			scene.RepoType, names = "dataset", append(names, "refs/convert/parquet")
		}
		for _, name := range names {
			scene.Refs = append(scene.Refs, emitter.Ref{Name: name, Change: change})
		}
		g.Expect(h.Deliver(check.WithScene(scene, "with references "+words))).To(check.BeAccepted())
	}}
}

// bucketFile is an entry of updatedFiles. A deleted one has neither hash nor size.
type bucketFile struct {
	Path   string `json:"path"`
	Action string `json:"action"`
	Hash   string `json:"xetHash,omitempty"`
	Size   int64  `json:"size,omitempty"` // bytes
}

const xetHash = "55faef2f2f80cd1a087c35b729f228960739441d38073cd5aa4320751e137166"

func added(path string, size int64) bucketFile { return bucketFile{path, "add", xetHash, size} }

// bucketPush returns the options of a push to a bucket, of one file if none are given.
func bucketPush(files ...bucketFile) []check.DeliveryOption {
	if len(files) == 0 {
		files = []bucketFile{added("data/train.txt", 20)}
	}
	return []check.DeliveryOption{
		check.WithShape("repo.content.update"), check.WithScene(emitter.Scene{RepoType: check.BucketType}, "of a bucket"),
		check.WithProperty("updatedFiles", files), check.WithProperty("updatedFilesTruncated", nil),
	}
}

// maxFiles is how many files one event lists; if there are more, the list is cut off (hub docs, "Code changes", August 2026).
const maxFiles = 10_000

// bucketPushChecks returns the checks of pushes to a bucket.
func bucketPushChecks() []check.Check {
	const fixFile = "Most often a model refuses it that knows no bucket: take any text for repo.type, and make updatedRefs and headSha optional. In updatedFiles, path is any text, size needs 64 bits, and a delete has neither xetHash nor size."
	checks := table(mustAccept(check.Must, fixFile, check.ExampleOptional), docCode, []row{
		accepts("PAY-31a", "accepts files that were deleted from a bucket, without hash and size", bucketPush(bucketFile{Path: "data/old.txt", Action: "delete"})...),
		accepts("PAY-31b", "accepts a file of 5 TiB in a bucket", bucketPush(added("data/all.tar", 5<<40))...),
		accepts("PAY-31c", "accepts a file in a bucket whose path has spaces, and letters beyond ASCII", bucketPush(added("été 2026/train (1) 数据 🤗.txt", 20))...),
	})
	const fixLimit = "Most often a limit refuses it, or an enum that knows no bucket: take any text for repo.type, and allow bodies of at least 2 MB. The default is 100 kB in express.json, 1 MiB in Fastify and nginx (client_max_body_size)."
	many := single(mustAccept(check.Should, fixLimit, check.ExampleBodyLimit), "PAY-16", docCode,
		"accepts 10,000 files in a bucket, about 1.5 MB, and that there are more", func(g gomega.Gomega, h *check.Handler) {
			push := append(bucketPush(manyFiles()...), check.WithProperty("updatedFilesTruncated", true), check.Describe("with 10,000 files, about 1.5 MB"))
			g.Expect(h.Deliver(push...)).To(check.BeAccepted())
		})
	checks = append(checks, many)
	for i := range checks {
		checks[i].Needs.RepoType = check.BucketType
	}
	return checks
}

func manyFiles() []bucketFile {
	files := make([]bucketFile, maxFiles)
	for i := range files {
		files[i] = added(fmt.Sprintf("data/shards/train-%05d-of-10000.parquet", i), 10_983)
	}
	return files
}
