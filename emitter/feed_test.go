package emitter_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

func feed(t testing.TB, g *emitter.Generator, o emitter.FeedOptions) *emitter.Feed {
	t.Helper()
	f, err := g.Feed(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// fed returns the next payloads of a feed.
func fed(t testing.TB, f *emitter.Feed, n int) [][]byte {
	t.Helper()
	list := make([][]byte, n)
	for i := range list {
		var err error
		if list[i], err = f.Append(nil); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func eventOf(text []byte) string {
	event := gjson.GetBytes(text, "event")
	return event.Get("scope").String() + "." + event.Get("action").String()
}

func TestFeedTakesTheShapesInTurn(t *testing.T) {
	names := []string{"repo.update", "discussion.create", "repo.config.dois.minted"}
	f := feed(t, generator(t, emitter.Options{}), emitter.FeedOptions{Shapes: names})
	for i := range 20 {
		text, err := f.Append([]byte("before "))
		if err != nil {
			t.Fatal(err)
		}
		line, found := strings.CutPrefix(string(text), "before ")
		if got, want := eventOf([]byte(line)), names[i%3]; !found || got != want || f.Shape() != want {
			t.Errorf("payload %d is %s, told to be %s; want %s", i+1, got, f.Shape(), want)
		}
	}
}

func TestFeedOfNoNamedShapeIsWhatTheHubSendsToday(t *testing.T) {
	g := generator(t, emitter.Options{})
	var want []string
	for _, shape := range g.Schemas().Shapes() {
		if !shape.Narrowed {
			want = append(want, shape.Name)
		}
	}
	var got []string
	for _, text := range fed(t, feed(t, g, emitter.FeedOptions{}), len(want)) {
		got = append(got, eventOf(text))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFeedIsValidUnderTheStrictReading(t *testing.T) {
	for seed := range uint64(4) {
		g := generator(t, emitter.Options{Seed: seed})
		for _, o := range []emitter.FeedOptions{{}, {Story: true}, {Shapes: []string{"repo.*", "discussion.comment.*", "repo.content.*"}}} {
			for _, text := range fed(t, feed(t, g, o), 500) {
				if schema, found := problems(t, g.Schemas(), text); len(found) > 0 {
					t.Fatalf("%+v, judged by %s: %v\n%s", o, schema, found, text)
				}
			}
		}
	}
}

func TestFeedsOfOneSeedNeverDiffer(t *testing.T) {
	for _, o := range []emitter.FeedOptions{{}, {Story: true}, {Mix: []emitter.Weight{{Name: "repo", Weight: 1}, {Name: "discussion.comment", Weight: 2}}}} {
		one := fed(t, feed(t, generator(t, emitter.Options{Seed: 5}), o), 2000)
		again := fed(t, feed(t, generator(t, emitter.Options{Seed: 5}), o), 2000)
		for i := range one {
			if !bytes.Equal(one[i], again[i]) {
				t.Fatalf("%+v, payload %d:\n%s\n%s", o, i+1, one[i], again[i])
			}
		}
	}
}

// ids are all values that look like ObjectIds.
func ids(text []byte) []string {
	var list []string
	for _, part := range strings.Split(string(text), `"`) {
		if len(part) == 24 && strings.Trim(part, "0123456789abcdef") == "" {
			list = append(list, part)
		}
	}
	return list
}

func TestSeedsNeverShareAnID(t *testing.T) {
	owner := map[string]uint64{}
	for _, seed := range []uint64{0, 1, 2, 3, 1 << 20, 1 << 39, 1 << 40, 1<<40 + 1, 1 << 59, 1<<59 + 1, 1<<60 - 1} {
		g := generator(t, emitter.Options{Seed: seed})
		texts := fed(t, feed(t, g, emitter.FeedOptions{Story: true}), 2000)
		for index := range uint64(300) {
			texts = append(texts, payload(t, g, emitter.Request{Shape: "discussion.comment.create", Index: index}))
		}
		for _, text := range texts {
			for _, id := range ids(text) {
				if other, taken := owner[id]; taken && other != seed {
					t.Fatalf("seeds %d and %d share %s", seed, other, id)
				}
				owner[id] = seed
			}
		}
	}
}

func TestIndexesNeverShareARepoADiscussionOrAComment(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 3})
	seen := map[string]uint64{}
	for _, from := range []uint64{0, 1 << 20, 1 << 24, 1 << 25, 1 << 28, 1<<emitter.IndexBits - 500} {
		for index := from; index < from+500; index++ {
			for _, shape := range []string{"discussion.comment.update", "discussion.create"} {
				p := gjson.ParseBytes(payload(t, g, emitter.Request{Shape: shape, Index: index}))
				for _, path := range []string{"repo.id", "discussion.id", "comment.id", "webhook.id", "comment.author.id"} {
					id := p.Get(path).String()
					if other, taken := seen[id]; taken && other != index && path != "webhook.id" && path != "comment.author.id" {
						t.Fatalf("indexes %d and %d share %s", other, index, path)
					}
					seen[id] = index
				}
			}
		}
	}
}

func TestWebhookIDsOfAFeedAreUUIDsOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(3) {
		f := feed(t, generator(t, emitter.Options{Seed: seed}), emitter.FeedOptions{})
		again := feed(t, generator(t, emitter.Options{Seed: seed}), emitter.FeedOptions{})
		for range 500 {
			m, err := f.Next()
			same, err2 := again.Next()
			if err != nil || err2 != nil || m.ID != same.ID || !uuidForm.MatchString(m.ID) || seen[m.ID] || m.Shape != eventOf(m.Body) {
				t.Fatalf("%+v, %v; again %+v, %v", m, err, same, err2)
			}
			seen[m.ID] = true
		}
	}
}

func TestMixDrawsByWeight(t *testing.T) {
	g := generator(t, emitter.Options{})
	mix, err := emitter.ParseMix("repo.content=6,discussion.comment=3,repo.config.*=1")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, text := range fed(t, feed(t, g, emitter.FeedOptions{Mix: mix}), 20_000) {
		scope := gjson.GetBytes(text, "event.scope").String()
		if strings.HasPrefix(scope, "repo.config.") {
			scope = "repo.config.*"
		}
		counts[scope]++
	}
	for scope, want := range map[string]int{"repo.content": 12_000, "discussion.comment": 6_000, "repo.config.*": 2_000} {
		if got := counts[scope]; got < want*9/10 || got > want*11/10 {
			t.Errorf("%s comes %d times, want about %d", scope, got, want)
		}
	}
	if len(counts) != 3 {
		t.Errorf("something else comes up: %v", counts)
	}
}

func TestMixOfAScopeHasAllItsShapes(t *testing.T) {
	f := feed(t, generator(t, emitter.Options{}), emitter.FeedOptions{Mix: []emitter.Weight{{Name: "repo", Weight: 1}}})
	seen := map[string]bool{}
	for _, text := range fed(t, f, 200) {
		seen[eventOf(text)] = true
	}
	if len(seen) != 4 || !seen["repo.create"] || !seen["repo.move"] {
		t.Errorf("%v", seen)
	}
}

func TestWrongFeedIsAnError(t *testing.T) {
	for _, c := range []struct {
		options emitter.Options
		feed    emitter.FeedOptions
		says    []string
	}{
		{emitter.Options{}, emitter.FeedOptions{Shapes: []string{"repo.update", "repo.updated"}}, []string{`"repo.updated"`, `"repo.update"`}},
		{emitter.Options{}, emitter.FeedOptions{Shapes: []string{""}}, []string{`""`}},
		{emitter.Options{}, emitter.FeedOptions{Mix: []emitter.Weight{{Name: "repo.contents", Weight: 1}}}, []string{`"repo.contents"`}},
		{emitter.Options{}, emitter.FeedOptions{Mix: []emitter.Weight{{Name: "repo", Weight: 0}}}, []string{"repo", "weight"}},
		{emitter.Options{}, emitter.FeedOptions{Shapes: []string{"repo.update"}, Mix: []emitter.Weight{{Name: "repo", Weight: 1}}}, []string{"named", "mixed"}},
		{emitter.Options{Scene: emitter.Scene{RepoType: "bucket"}}, emitter.FeedOptions{Shapes: []string{"discussion.create"}}, []string{"discussion.create", "bucket"}},
		{emitter.Options{Size: 5000}, emitter.FeedOptions{Story: true}, []string{"story", "size"}},
	} {
		g := generator(t, c.options)
		_, err := g.Feed(c.feed)
		if err == nil {
			t.Errorf("%+v: no error", c.feed)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not say %q", err, part)
			}
		}
	}
}

func TestWrongMixIsAnError(t *testing.T) {
	for _, text := range []string{"", "repo", "repo=", "repo=x", "=3", "repo=3,", "repo=3 4", "repo=1.5"} {
		if mix, err := emitter.ParseMix(text); err == nil {
			t.Errorf("%q is read as %v", text, mix)
		}
	}
}

// Only the shapes asked for are sent; what must happen before is not: each
// payload fits those before.
func TestShapesInTurnAreOfOneWorld(t *testing.T) {
	f := feed(t, generator(t, emitter.Options{Seed: 2}), emitter.FeedOptions{Shapes: []string{"discussion.create", "discussion.comment.create", "repo.move"}})
	names, moved, known := map[string]string{}, 0, 0
	for _, text := range fed(t, f, 600) {
		p := gjson.ParseBytes(text)
		id, name := p.Get("repo.id").String(), p.Get("repo.name").String()
		if before, ok := names[id]; ok {
			known++
			if before != name {
				t.Fatalf("%s was called %s before: %s", id, before, text)
			}
		}
		names[id] = name
		if to := p.Get("movedTo.name"); to.Exists() {
			names[id] = to.String()
			moved++
		}
	}
	if moved != 200 || known < 400 {
		t.Errorf("%d moves, %d of repos that were known", moved, known)
	}
}

func TestStoryOfOneRepoHasNoOther(t *testing.T) {
	g := generator(t, emitter.Options{Scene: emitter.Scene{RepoName: "me/x", RepoType: "dataset"}})
	shapes := map[string]bool{}
	for _, text := range fed(t, feed(t, g, emitter.FeedOptions{Story: true}), 3000) {
		p := gjson.ParseBytes(text)
		if p.Get("repo.name").String() != "me/x" || p.Get("repo.type").String() != "dataset" ||
			p.Get("repo.url.web").String() != "https://huggingface.co/datasets/me/x" {
			t.Fatalf("%s", text)
		}
		shapes[eventOf(text)] = true
	}
	if len(shapes) != len(shapesToday(g.Schemas())) {
		t.Errorf("it tells of %v", shapes)
	}
}

func TestStoryHasNewShapesToo(t *testing.T) {
	set := overlaid(t)
	f := feed(t, generator(t, emitter.Options{Schemas: set}), emitter.FeedOptions{Story: true})
	count := 0
	for _, text := range fed(t, f, 2000) {
		if eventOf(text) == doisUpdate {
			count++
		}
		if _, found := problems(t, set, text); len(found) > 0 {
			t.Fatalf("%v\n%s", found, text)
		}
	}
	if count == 0 {
		t.Error("the new shape is never told")
	}
}

func overlaid(t *testing.T) *schemas.Set {
	t.Helper()
	set, err := schemas.Load(schemas.Options{Overlay: overlayDir})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLinesAreReadBackInOrder(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 11})
	var text strings.Builder
	for _, line := range fed(t, feed(t, g, emitter.FeedOptions{Story: true}), 100) {
		text.Write(append(line, '\n'))
	}
	var lines []int
	err := schemas.DecodeStream(strings.NewReader(text.String()), func(line int, _ any) error {
		lines = append(lines, line)
		return nil
	})
	if err != nil || len(lines) != 100 || !slices.IsSorted(lines) || lines[99] != 100 {
		t.Errorf("%v; lines %v", err, lines)
	}
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
