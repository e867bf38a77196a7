package emitter_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// growing are requests for payloads that can have any size: a comment, references
// or files are in them.
var growing = []emitter.Request{
	{Shape: "repo.content.update", Scene: emitter.Scene{RepoType: "model"}},
	{Shape: "repo.content.update", Scene: emitter.Scene{RepoType: "dataset"}},
	{Shape: "repo.content.update", Scene: emitter.Scene{RepoType: "bucket"}},
	{Shape: "repo.content.lfs.update", Scene: emitter.Scene{RepoType: "bucket"}},
	{Shape: "repo.content.lfs.update", Scene: emitter.Scene{RepoType: "space"}},
	{Shape: "discussion.create"},
	{Shape: "discussion.comment.create"},
	{Shape: "discussion.comment.update"},
	{Shape: "discussion.comment.reaction.create"},
}

// leastSize is the least size that a payload can have, as the error for a smaller
// one says.
func leastSize(t *testing.T, o emitter.Options, r emitter.Request) int {
	t.Helper()
	o.Size = 1
	_, err := generator(t, o).Payload(r)
	found := regexp.MustCompile(`^a size of 1 bytes is too small: this ` + regexp.QuoteMeta(r.Shape) + ` has (\d+) at least$`)
	if err == nil || !found.MatchString(err.Error()) {
		t.Fatalf("%s of 1 byte: %v", r.Shape, err)
	}
	least, _ := strconv.Atoi(found.FindStringSubmatch(err.Error())[1])
	return least
}

// names are those of the references and files of a payload.
func names(p gjson.Result) []string {
	var list []string
	for _, path := range []string{"updatedRefs.#.ref", "updatedFiles.#.path"} {
		for _, name := range p.Get(path).Array() {
			list = append(list, name.String())
		}
	}
	return list
}

var growingRef = regexp.MustCompile(`^refs/((heads|tags|convert)/[\w.][\w.-]*|pr/\d+)$`)

// lookAtNames checks that what was made longer still has names as people give
// them.
func lookAtNames(t *testing.T, p gjson.Result, longest int) {
	t.Helper()
	list := names(p)
	for i, name := range list {
		if len(name) > longest || i < 100 && strings.HasPrefix(name, "refs/") && !growingRef.MatchString(name) {
			t.Fatalf("a name is %s", name)
		}
	}
	seen := make(map[string]bool, len(list))
	for _, name := range list {
		if seen[name] {
			t.Fatalf("%s comes twice", name)
		}
		seen[name] = true
	}
}

// judged checks that a payload is one that the Hub might send.
func judged(t *testing.T, body []byte) {
	t.Helper()
	g, err := seven()
	if err != nil {
		t.Fatal(err)
	}
	if _, found := problems(t, g.Schemas(), body); len(found) > 0 {
		t.Fatalf("%v\n%.2000s", found, body)
	}
}

// Between the least size and that with one more item there is room for names
// alone; all the way the size is met.
func TestPayloadHasTheSizeThatIsWanted(t *testing.T) {
	least := make([]int, len(growing))
	for i := range growing {
		growing[i].Index = uint64(i)
		least[i] = leastSize(t, emitter.Options{Seed: 7}, growing[i])
	}
	for more := 0; more <= 300; more += 1 + more/25 {
		for i, r := range growing {
			body := payload(t, generator(t, emitter.Options{Seed: 7, Size: least[i] + more}), r)
			if len(body) != least[i]+more {
				t.Fatalf("%+v has %d bytes instead of %d", r, len(body), least[i]+more)
			}
			lookAtNames(t, gjson.ParseBytes(body), 360)
			judged(t, body)
		}
	}
}

// The reference of a pull request is its number.
func TestReferenceOfAPullRequestGrowsIntoOne(t *testing.T) {
	plain := generator(t, emitter.Options{Seed: 7})
	r := emitter.Request{Shape: "repo.content.update"}
	for !strings.HasPrefix(gjson.GetBytes(payload(t, plain, r), "updatedRefs.0.ref").String(), "refs/pr/") {
		r.Index++
	}
	least := len(payload(t, plain, r))
	for more := range 24 {
		body := payload(t, generator(t, emitter.Options{Seed: 7, Size: least + more}), r)
		if len(body) != least+more {
			t.Fatalf("%d bytes instead of %d", len(body), least+more)
		}
		lookAtNames(t, gjson.ParseBytes(body), 40)
	}
}

func TestLargePayloadsHaveTheirSize(t *testing.T) {
	for _, size := range []int{64 << 10, 1 << 20, 3 << 20} {
		g := generator(t, emitter.Options{Seed: 7, Size: size})
		for _, r := range growing {
			body := payload(t, g, r)
			if len(body) != size || !gjson.ValidBytes(body) {
				t.Fatalf("%+v has %d bytes instead of %d", r, len(body), size)
			}
			p := gjson.ParseBytes(body)
			lookAtNames(t, p, 250)
			if content := p.Get("comment.content"); content.Exists() && len(content.String()) < size*9/10 {
				t.Errorf("%s has a comment of %d bytes", r.Shape, len(content.String()))
			}
		}
		if size <= 1<<20 {
			judged(t, payload(t, g, growing[0]))
			judged(t, payload(t, g, growing[2]))
		}
	}
}

// truncatedAt is the size from which a push to a bucket lists as many files as
// the Hub does, and is marked as truncated.
func truncatedAt(t *testing.T, r emitter.Request) int {
	t.Helper()
	full := func(size int) bool {
		p := gjson.ParseBytes(payload(t, generator(t, emitter.Options{Seed: 7, Size: size}), r))
		files, truncated := p.Get("updatedFiles.#").Int(), p.Get("updatedFilesTruncated")
		if truncated.Exists() != (files == 10_000) || files > 10_000 {
			t.Fatalf("%d bytes have %d files, truncated: %s", size, files, truncated.Raw)
		}
		return truncated.Exists()
	}
	low, high := 1<<20, 2<<20
	for low+1 < high {
		if middle := (low + high) / 2; full(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

func TestBucketTellsOfTenThousandFilesAtMost(t *testing.T) {
	r := growing[2]
	at := truncatedAt(t, r)
	for _, size := range []int{at - 60, at - 29, at - 1, at, at + 1, at + 9_999, at + 20_001} {
		body := payload(t, generator(t, emitter.Options{Seed: 7, Size: size}), r)
		p := gjson.ParseBytes(body)
		if len(body) != size || p.Get("updatedFilesTruncated").Exists() != (size >= at) || p.Get("updatedFiles.#").Int() < 9_999 {
			t.Errorf("%d bytes instead of %d, with %d files", len(body), size, p.Get("updatedFiles.#").Int())
		}
		lookAtNames(t, p, 60)
	}
}

func TestManyReferencesComeWithTheHeadOfMain(t *testing.T) {
	p := gjson.ParseBytes(payload(t, generator(t, emitter.Options{Seed: 7, Size: 64 << 10}), growing[0]))
	refs := p.Get("updatedRefs").Array()
	last := refs[len(refs)-1]
	if len(refs) < 400 || last.Get("oldSha").Type != gjson.Null || last.Get("newSha").String() != p.Get("repo.headSha").String() {
		t.Errorf("%d references, the last one %s", len(refs), last)
	}
}

// What a size cannot fit is left out of what comes in turn, and a hidden comment
// has nothing that could.
func TestFeedOfASizeHasWhatCanTakeIt(t *testing.T) {
	seen := map[string]bool{}
	for _, body := range fed(t, feed(t, generator(t, emitter.Options{Seed: 3, Size: 4 << 10}), emitter.FeedOptions{}), 200) {
		if len(body) != 4<<10 || gjson.GetBytes(body, "comment.hidden").Bool() {
			t.Fatalf("%d bytes: %s", len(body), body)
		}
		seen[eventOf(body)] = true
	}
	if len(seen) != 4 {
		t.Errorf("it tells of %v", seen)
	}
}

func TestSizeGoesWithAFutureAndWithValuesThatAreSet(t *testing.T) {
	for _, texts := range [][]string{nil, {"updatedFiles.0.path=first.bin"}, {"updatedRefs.0.ref=refs/heads/main", "repo.name=me/x"}} {
		for _, size := range []int{2_500, 64 << 10, 3 << 19} {
			o := emitter.Options{Seed: 7, Size: size, Future: emitter.Future{Scopes: 0.5, Properties: 1, Types: 0.5, Version: 1}, Edits: edits(t, texts...)}
			f, again := feed(t, generator(t, o), emitter.FeedOptions{}), feed(t, generator(t, o), emitter.FeedOptions{})
			for range 4 {
				body, err := f.Append(nil)
				same, _ := again.Append(nil)
				if err != nil || len(body) != size || !gjson.ValidBytes(body) || string(same) != string(body) {
					t.Fatalf("%v of %d bytes: %d, %v\n%.2000s", texts, size, len(body), err, body)
				}
				lookAtNames(t, gjson.ParseBytes(body), 500)
			}
		}
	}
}

func TestSizeThatCannotBeIsAnError(t *testing.T) {
	for _, c := range []struct {
		shape string
		o     emitter.Options
		says  []string
	}{
		{"repo.update", emitter.Options{Size: 5000}, []string{"5000 bytes", "repo.update", "no comment, reference or file"}},
		{"repo.update", emitter.Options{Size: 10}, []string{"10 bytes", "too small", "at least"}},
		{"discussion.comment.create", emitter.Options{Size: 300}, []string{"300 bytes", "too small", "at least"}},
		{"discussion.comment.update", emitter.Options{Size: 5000, Edits: edits(t, "comment.hidden=true")}, []string{"no comment"}},
		{"discussion.comment.update", emitter.Options{Size: 5000, Edits: edits(t, "comment.content=hi")}, []string{"no comment"}},
		{"repo.content.update", emitter.Options{Size: 5000, Edits: edits(t, "updatedRefs:=[]")}, []string{"reference"}},
	} {
		if c.o.Size == 5000 {
			c.o.Seed = 7
		}
		dst, err := generator(t, c.o).Append([]byte("before"), emitter.Request{Shape: c.shape})
		if err == nil || string(dst) != "before" {
			t.Errorf("%s: %v, %.100s", c.shape, err, dst)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
}

// A mistake in what is set is reported, also where only what can grow is asked for.
func TestFeedOfASizeTellsOfAWrongEdit(t *testing.T) {
	g := generator(t, emitter.Options{Size: 5000, Edits: edits(t, "repo.private=x")})
	if _, err := g.Feed(emitter.FeedOptions{}); err == nil || !strings.Contains(err.Error(), "boolean") {
		t.Error(err)
	}
}
