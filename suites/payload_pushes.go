package suites

import (
	"fmt"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
)

const (
	fixRefs = "Make oldSha and newSha optional: oldSha is null if the reference was created, newSha if it was deleted. Answer 2xx also to pushes to references that you ignore (refs/tags/*, refs/pr/N, refs/convert/parquet)."
	fixHead = "Make repo.headSha optional. It is the head of main after the event, so do not expect it among the new SHAs of updatedRefs."
	fixName = "Remove refs/heads/ from the front of ref and keep the rest as it is: a branch name may contain slashes and any UTF-8 letters, so do not split it at slashes."
)

// refPayloads are pushes to a Git repo.
func refPayloads() []Check {
	common := acknowledged(Must, fixRefs, ExampleOptional)
	checks := rows(common, "PAY-07", docCode, everyRefChange())
	checks = append(checks, single(common, "PAY-14", docCode, "accepts 200 references in one event", func(g gomega.Gomega, h *Handler) {
		refs := []emitter.Ref{{Name: "refs/heads/main"}}
		for len(refs) < 200 {
			refs = append(refs, emitter.Ref{Name: fmt.Sprintf("refs/heads/branch-%d", len(refs))})
		}
		g.Expect(h.Deliver(WithScene(emitter.Scene{Refs: refs}, "with 200 references"))).To(BeAccepted())
	}))
	checks = append(checks, rows(acknowledged(Must, fixHead, ExampleOptional), "PAY-15", docRepo, []entry{
		{"accepts repo events without headSha", func(g gomega.Gomega, h *Handler) {
			for _, shape := range []string{UsualShape, "repo.update"} {
				g.Expect(h.Deliver(WithShape(shape), WithProperty("repo.headSha", nil), Describe("without repo.headSha"))).To(BeAccepted())
			}
		}},
		accepted("accepts a headSha that no updated reference has", pushTo("refs/heads/dev", "to another branch than main, whose head is headSha")),
	})...)
	return append(checks, rows(acknowledged(Must, fixName, ExampleOptional), "PAY-26", docCode, []entry{
		accepted("accepts a branch whose name has slashes", pushTo("refs/heads/feature/login/form", "to feature/login/form")),
		accepted("accepts a branch whose name goes beyond ASCII", pushTo("refs/heads/größe-模型-🚀", "to größe-模型-🚀")),
	})...)
}

func pushTo(ref, words string) DeliveryOption {
	return WithScene(emitter.Scene{Refs: []emitter.Ref{{Name: ref}}}, words)
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
		entries = append(entries, entry{"accepts references that were " + c.words, func(g gomega.Gomega, h *Handler) {
			scene := emitter.Scene{}
			names := []string{"refs/heads/dev", "refs/tags/v1.0", "refs/pr/4"}
			// Only datasets have a branch of the Parquet bot's.
			if h.run.target.watches("dataset") {
				scene.RepoType, names = "dataset", append(names, "refs/convert/parquet")
			}
			for _, name := range names {
				scene.Refs = append(scene.Refs, emitter.Ref{Name: name, Change: c.change})
			}
			g.Expect(h.Deliver(WithScene(scene, "with references "+c.words))).To(BeAccepted())
		}})
	}
	return entries
}

// bucketFile is an entry of updatedFiles. One that is deleted has neither hash nor
// size.
type bucketFile struct {
	Path   string `json:"path"`
	Action string `json:"action"`
	Hash   string `json:"xetHash,omitempty"`
	Size   int64  `json:"size,omitempty"` // bytes
}

// xetHash is one like any other.
const xetHash = "55faef2f2f80cd1a087c35b729f228960739441d38073cd5aa4320751e137166"

func added(path string, size int64) bucketFile { return bucketFile{path, "add", xetHash, size} }

// bucketPush is a push to a bucket, a plain one where no files are given.
func bucketPush(files ...bucketFile) []DeliveryOption {
	if len(files) == 0 {
		files = []bucketFile{added("data/train.txt", 20)}
	}
	return []DeliveryOption{
		WithShape("repo.content.update"), WithScene(emitter.Scene{RepoType: bucketType}, "of a bucket"),
		WithProperty("updatedFiles", files), WithProperty("updatedFilesTruncated", nil),
	}
}

// mostFiles is how many files one event lists; with more of them the list is cut
// off (hub docs, "Code changes", August 2026).
const mostFiles = 10_000

// filePayloads are pushes to a bucket.
func filePayloads() []Check {
	const fixFile = "Most often a model refuses it that knows no bucket: take any text for repo.type, and make updatedRefs and headSha optional. In updatedFiles, path is any text, size needs 64 bits, and a delete has neither xetHash nor size."
	checks := rows(acknowledged(Must, fixFile, ExampleOptional), "PAY-31", docCode, []entry{
		accepted("accepts files that were deleted from a bucket, without hash and size", bucketPush(bucketFile{Path: "data/old.txt", Action: "delete"})...),
		accepted("accepts a file of 5 TiB in a bucket", bucketPush(added("data/all.tar", 5<<40))...),
		accepted("accepts a file in a bucket whose path has spaces, and letters beyond ASCII", bucketPush(added("été 2026/train (1) 数据 🤗.txt", 20))...),
	})
	const fixLimit = "Most often a limit refuses it, or an enum that knows no bucket: take any text for repo.type, and allow bodies of at least 2 MB. The default is 100 kB in express.json, 1 MiB in Fastify and nginx (client_max_body_size)."
	many := single(acknowledged(Should, fixLimit, ExampleBodyLimit), "PAY-16", docCode,
		"accepts 10,000 files in a bucket, about 1.5 MB, and that there are more", func(g gomega.Gomega, h *Handler) {
			push := append(bucketPush(manyFiles()...), WithProperty("updatedFilesTruncated", true), Describe("with 10,000 files, about 1.5 MB"))
			g.Expect(h.Deliver(push...)).To(BeAccepted())
		})
	checks = append(checks, many)
	for i := range checks {
		checks[i] = ofType(bucketType, checks[i])
	}
	return checks
}

func manyFiles() []bucketFile {
	files := make([]bucketFile, mostFiles)
	for i := range files {
		files[i] = added(fmt.Sprintf("data/shards/train-%05d-of-10000.parquet", i), 10_983)
	}
	return files
}
