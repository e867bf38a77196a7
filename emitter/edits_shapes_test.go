package emitter_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

func TestEditOfSomeOfTheShapesIsForThem(t *testing.T) {
	g := edited(t, "comment.content=hi", "-repo.headSha")
	f := feed(t, g, emitter.FeedOptions{Shapes: []string{"repo.update", "discussion.comment.create"}})
	for i, body := range fed(t, f, 20) {
		p := gjson.ParseBytes(body)
		if p.Get("comment.content").String() != map[bool]string{true: "hi"}[i%2 == 1] || p.Get("repo.headSha").Exists() {
			t.Fatalf("%s", body)
		}
	}
}

// No shape is sent that the set value makes impossible, unless it is asked for.
func TestShapesWithoutAFittingSceneAreLeftOut(t *testing.T) {
	for _, c := range []struct {
		set    []string
		o      emitter.Options
		feed   emitter.FeedOptions
		has    []string
		hasNot []string
	}{
		{[]string{"repo.type=bucket"}, emitter.Options{}, emitter.FeedOptions{}, []string{"repo.create", "repo.content.update"}, []string{"discussion.create", "discussion.comment.create"}},
		{[]string{"discussion.status=closed"}, emitter.Options{}, emitter.FeedOptions{Mix: []emitter.Weight{{Name: "discussion", Weight: 1}}}, []string{"discussion.update", "discussion.delete"}, []string{"discussion.create"}},
		{[]string{"repo.type=bucket"}, emitter.Options{}, emitter.FeedOptions{Shapes: []string{"discussion.create"}}, []string{"discussion.create"}, nil},
		{[]string{"repo.headSha=x"}, emitter.Options{Scene: emitter.Scene{RepoType: "bucket"}}, emitter.FeedOptions{}, []string{"repo.create"}, []string{"discussion.create"}},
		{[]string{"repo.type=paper"}, emitter.Options{}, emitter.FeedOptions{}, []string{"repo.create", "discussion.create"}, nil},
	} {
		c.o.Edits = edits(t, c.set...)
		seen := map[string]bool{}
		for _, body := range fed(t, feed(t, generator(t, c.o), c.feed), 60) {
			seen[eventOf(body)] = true
			if path, value, _ := strings.Cut(c.set[0], "="); gjson.GetBytes(body, path).String() != value {
				t.Fatalf("%s\n%s", c.set[0], body)
			}
		}
		for _, shape := range c.has {
			if !seen[shape] {
				t.Errorf("%v: no %s", c.set, shape)
			}
		}
		for _, shape := range c.hasNot {
			if seen[shape] {
				t.Errorf("%v: %s is told of", c.set, shape)
			}
		}
	}
}

// However payloads are asked for, they are as they are set.
func TestEditsHoldInStoriesInTurnAndByIndex(t *testing.T) {
	g := edited(t, "repo.name=me/x", "repo.type=dataset", "discussion.num=7", "comment.id=0123456789abcdef01234567", "-webhook")
	look := func(body []byte) {
		t.Helper()
		p := gjson.ParseBytes(body)
		const web = "https://huggingface.co/datasets/me/x"
		if !json.Valid(body) || p.Get("repo.url.web").String() != web || p.Get("repo.name").String() != "me/x" || p.Get("webhook").Exists() {
			t.Fatalf("%s", body)
		}
		if url := p.Get("discussion.url.web"); url.Exists() && url.String() != web+"/discussions/7" {
			t.Fatalf("%s", body)
		}
		if url := p.Get("comment.url.web"); url.Exists() && url.String() != web+"/discussions/7#0123456789abcdef01234567" {
			t.Fatalf("%s", body)
		}
	}
	for _, o := range []emitter.FeedOptions{{}, {Story: true}, {Mix: []emitter.Weight{{Name: "repo", Weight: 1}, {Name: "discussion", Weight: 3}}}} {
		for _, body := range fed(t, feed(t, g, o), 600) {
			look(body)
		}
	}
	for _, shape := range shapes(g) {
		for index := range uint64(5) {
			look(payload(t, g, emitter.Request{Shape: shape, Index: index}))
		}
	}
}

// A story of one repo goes on: it does not begin again and again.
func TestStoryOfANameThatIsSetGoesOn(t *testing.T) {
	counts := map[string]int{}
	for _, body := range fed(t, feed(t, edited(t, "repo.name=me/x"), emitter.FeedOptions{Story: true}), 1000) {
		counts[eventOf(body)]++
	}
	if counts["repo.create"] > 100 || counts["repo.content.update"] < 300 {
		t.Errorf("it tells of %v", counts)
	}
}

// What a request asks for counts more than what would fit a value that is set.
func TestSceneOfARequestCountsMoreThanAnEdit(t *testing.T) {
	g := edited(t, "discussion.status=merged")
	body := payload(t, g, emitter.Request{Shape: "discussion.update", Scene: emitter.Scene{PullRequest: emitter.No}})
	if p := gjson.GetBytes(body, "discussion"); p.Get("status").String() != "merged" || p.Get("isPullRequest").Bool() {
		t.Errorf("%s", body)
	}
}

// A schema of the user's own has places that the Hub's have not.
func TestEditsOfNewShapes(t *testing.T) {
	const text = `{"type": "object", "properties": {
		"tags": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3},
		"grid": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "integer"}}},
		"list": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}}}},
		"map": {"type": "object", "properties": {"0": {"type": "string"}, "7": {"type": "string"}}},
		"any": {"enum": [1, "b", null]},
		"open": {}
	}}`
	set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{doisUpdate + ".json": {Data: []byte(text)}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct{ set, path, raw, says string }{
		{"tags.1=x", "tags.1", `"x"`, ""},
		{"tags.*=x", "tags", `["x","x","x"]`, ""},
		{"-tags.1", "", "", "tags:=["},
		{"-tags.*", "", "", "tags:=["},
		{"grid.*.1=7", "grid.#.1", `[7,7]`, ""},
		{"grid.*:=5", "grid", `[5,5]`, ""},
		{"grid.0.1=7", "", "", "grid:=["},
		{"grid.0:=7", "", "", "grid:=["},
		{"list.1.kind=b", "list.#.kind", `["a","b"]`, ""},
		{"-list.1.kind", "list", `[{"kind":"a"},{}]`, ""},
		{"map.0=x", "map.0", `"x"`, ""},
		{"map.7=x", "map.7", `"x"`, ""},
		{"any=1", "any", `1`, ""},
		{"any=b", "any", `"b"`, ""},
		{"any=null", "any", `null`, ""},
		{"any=2", "any", `"2"`, ""},
		{"open=2", "open", `"2"`, ""},
	} {
		g, err := emitter.New(emitter.Options{Schemas: set, Edits: edits(t, c.set)})
		if c.says != "" {
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", c.set, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.set, err)
			continue
		}
		body := payload(t, g, emitter.Request{Shape: doisUpdate, Index: uint64(i)})
		if got := gjson.GetBytes(body, c.path).Raw; got != c.raw || !json.Valid(body) {
			t.Errorf("%s gives %s in %s", c.set, got, body)
		}
	}
}
