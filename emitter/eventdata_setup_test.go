package emitter_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter"
)

// pushOf returns the data of a push to a model, with a pull request and a comment on
// it besides. A test changes what it is about.
func pushOf(shape string) *emitter.EventData {
	return &emitter.EventData{
		Shape: shape, HubURL: "http://127.0.0.1:8080", WebhookID: "63bc01b27f7d2f0a1c0000a0",
		Repo: emitter.RepoData{
			Type: "model", Name: "ada/engine", ID: "621ffdc036468d709f174340", OwnerID: "5dd96eb166059660ed1ee413",
			HeadSHA: strings.Repeat("ab", 20),
		},
		MovedTo: &emitter.MoveData{Name: "charles/engine-2", OwnerID: "5dd96eb166059660ed1ee414"},
		Refs:    []emitter.RefData{{Name: "refs/heads/main", Old: strings.Repeat("cd", 20), New: strings.Repeat("ab", 20)}},
		Discussion: &emitter.DiscussionData{
			ID: "63fe0d1b8d1e2f0a1c0000b1", Title: "Add the Bernoulli numbers", Num: 12, Status: "merged",
			AuthorID: "5dd96eb166059660ed1ee415", PullRequest: true, MergeCommitID: strings.Repeat("ef", 20),
		},
		Comment: &emitter.CommentData{ID: "63fe0d1b8d1e2f0a1c0000b2", AuthorID: "5dd96eb166059660ed1ee416", Content: "Note G"},
	}
}

// changed returns the data of a push with a difference.
func changed(shape string, change func(*emitter.EventData)) *emitter.EventData {
	f := pushOf(shape)
	change(f)
	return f
}

// intoBucket makes the event a push to a bucket.
func intoBucket(files ...emitter.FileData) func(*emitter.EventData) {
	return func(f *emitter.EventData) { f.Repo.Type, f.Files = "bucket", files }
}

// aFile is a file that was added.
func aFile(path string) emitter.FileData {
	return emitter.FileData{Path: path, XetHash: strings.Repeat("0f", 32), Size: 1 << 40}
}

func render(t testing.TB, g *emitter.Generator, f *emitter.EventData) []byte {
	t.Helper()
	body, err := g.Render(nil, f)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// keeper makes random event data, as a program may keep it.
type keeper struct{ *rand.Rand }

func newKeeper(seed uint64) keeper { return keeper{rand.New(rand.NewPCG(seed, 0))} }

func (k keeper) hex(size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(k.Uint32())
	}
	return hex.EncodeToString(b)
}

func (k keeper) yes() bool { return k.IntN(2) == 0 }

// sometimes is a text, or empty in half of the cases.
func (k keeper) sometimes(text string) string { return []string{"", text}[k.IntN(2)] }

// hostileTexts must appear in payloads unchanged.
var hostileTexts = []string{
	"plain", `"quoted" \ and /`, "</script><!--", "\x00\x01\x1f\x7f", "line\nfeed\r\ttab", "\u2028\u2029", "日本語 🤗", "no UTF-8: \xff\xed\xa0\x80\xc3", `\u0041 {{.}} %s`, " ",
}

func (k keeper) text() string {
	return hostileTexts[k.IntN(len(hostileTexts))] + hostileTexts[k.IntN(len(hostileTexts))]
}

func (k keeper) name() string {
	return k.sometimes(fmt.Sprintf("Owner-%d/", k.IntN(9))) + []string{"a", "b.c", "_d-E_", "..."}[k.IntN(4)]
}

func (k keeper) kind(shape string) string {
	kinds := []string{"model", "dataset", "space", "bucket"}
	if strings.HasPrefix(shape, "discussion") {
		kinds = kinds[:3]
	}
	return kinds[k.IntN(len(kinds))]
}

// eventData returns the data of an event of a shape.
func (k keeper) eventData(shape string) *emitter.EventData {
	f := &emitter.EventData{
		Shape: shape, HubURL: k.sometimes(fmt.Sprintf("http://localhost:80/hub-%d/", k.IntN(3))), WebhookID: k.sometimes(k.hex(12)), Index: k.Uint64(),
		Repo: emitter.RepoData{
			Type: k.kind(shape), Name: k.name(), ID: k.hex(12), OwnerID: k.hex(12), Private: k.yes(), HeadSHA: k.sometimes(k.hex(20)),
		},
		MovedTo: &emitter.MoveData{Name: k.name(), OwnerID: k.hex(12)},
		Discussion: &emitter.DiscussionData{
			ID: k.hex(12), Title: k.text(), Num: 1 + k.Uint64()>>11, Status: []string{"draft", "open", "closed", "merged"}[k.IntN(4)],
			AuthorID: k.hex(12), PullRequest: k.yes(), MergeCommitID: k.sometimes(k.hex(20)), Pinned: k.yes(),
		},
		Comment: &emitter.CommentData{ID: k.hex(12), AuthorID: k.hex(12), Content: k.sometimes(k.text()), Hidden: k.yes()},
	}
	if k.yes() {
		f.Private = &f.Repo.Private
	}
	if !strings.Contains(shape, "comment") && k.yes() {
		f.Comment = nil
	}
	for range 1 + k.IntN(3) {
		f.Refs = append(f.Refs, emitter.RefData{Name: "refs/heads/" + k.text(), Old: k.sometimes(k.hex(20)), New: k.hex(20)})
		f.Refs = append(f.Refs, emitter.RefData{Name: "refs/tags/" + k.text(), Old: k.hex(20)})
		f.Files = append(f.Files, emitter.FileData{Path: k.text(), XetHash: k.hex(32), Size: k.Uint64() >> 11})
		f.Files = append(f.Files, emitter.FileData{Path: k.text(), Deleted: true})
	}
	return f
}
