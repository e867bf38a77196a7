package emitter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// files are what --set reads with @.
func files(name string) ([]byte, error) {
	text, ok := map[string]string{"note": "a\nb = c", "json": ` { "a" : 1 } `, "empty": ""}[name]
	if !ok {
		return nil, errors.New("no such file")
	}
	return []byte(text), nil
}

// edits reads --set, and --unset where a text begins with "-".
func edits(t testing.TB, texts ...string) []emitter.Edit {
	t.Helper()
	var list []emitter.Edit
	for _, text := range texts {
		if path, removes := strings.CutPrefix(text, "-"); removes {
			list = append(list, emitter.ParseUnset(path))
			continue
		}
		edit, err := emitter.ParseSet(text, files)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, edit)
	}
	return list
}

func edited(t testing.TB, texts ...string) *emitter.Generator {
	t.Helper()
	return generator(t, emitter.Options{Seed: 7, Edits: edits(t, texts...)})
}

func TestSetIsRead(t *testing.T) {
	text := func(value string) *string { return &value }
	for _, c := range []struct {
		text string
		want emitter.Edit
	}{
		{"repo.name=me/x", emitter.Edit{Path: []string{"repo", "name"}, Text: text("me/x")}},
		{"private=true", emitter.Edit{Path: []string{"private"}, Text: text("true")}},
		{"a=", emitter.Edit{Path: []string{"a"}, Text: text("")}},
		{"a.b=c=d:=e", emitter.Edit{Path: []string{"a", "b"}, Text: text("c=d:=e")}},
		{"a:={ \"b\" : [ 1, 2.0e1 ] }", emitter.Edit{Path: []string{"a"}, Raw: `{"b":[1,2.0e1]}`}},
		{"a:=null", emitter.Edit{Path: []string{"a"}, Raw: "null"}},
		{"a=@note", emitter.Edit{Path: []string{"a"}, Text: text("a\nb = c")}},
		{"a=@empty", emitter.Edit{Path: []string{"a"}, Text: text("")}},
		{"a:=@json", emitter.Edit{Path: []string{"a"}, Raw: `{"a":1}`}},
		{"a.0.b=1", emitter.Edit{Path: []string{"a", "0", "b"}, Text: text("1")}},
	} {
		got, err := emitter.ParseSet(c.text, files)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v%s", c.text, err, diff)
		}
	}
}

func TestSetTakesTheTypeOfItsValueFromTheSchema(t *testing.T) {
	for _, c := range []struct{ set, shape, path, raw string }{
		{"discussion.num=7", "discussion.create", "discussion.num", "7"},
		{"discussion.num= 7 ", "discussion.create", "discussion.num", "7"},
		{"discussion.title=7", "discussion.create", "discussion.title", `"7"`},
		{"discussion.title=null", "discussion.create", "discussion.title", `"null"`},
		{"discussion.title=", "discussion.create", "discussion.title", `""`},
		{"repo.private=true", "repo.move", "repo.private", "true"},
		{"updatedRefs.0.oldSha=null", "repo.content.update", "updatedRefs.0.oldSha", "null"},
		{"repo.owner={ \"id\": 5 }", "repo.update", "repo.owner", `{"id":5}`},
		{"updatedRefs=[]", "repo.content.update", "updatedRefs", "[]"},
		{"webhook.version=4", "repo.update", "webhook.version", "4"},
		{"event.action=minted", "repo.config.update", "event.action", `"minted"`},
		// Values that no scene can have are written all the same.
		{"repo.type=paper", "discussion.create", "repo.type", `"paper"`},
		{"repo.name=a/b/c", "repo.update", "repo.name", `"a/b/c"`},
		{"discussion.status=done", "discussion.update", "discussion.status", `"done"`},
		{"discussion.num=-3", "discussion.update", "discussion.num", `-3`},
		{"discussion.num:=\"x\"", "discussion.update", "discussion.num", `"x"`},
		{"comment.id=1", "discussion.create", "comment.id", `"1"`},
		{"repo.private:=null", "repo.update", "repo.private", `null`},
		{"updatedFiles.0.action=copy", "repo.content.update", "updatedFiles.0.action", ``}, // of a bucket alone
		{"updatedRefs.*.newSha=x", "repo.content.update", "updatedRefs.0.newSha", `"x"`},
	} {
		g := edited(t, c.set)
		body := payload(t, g, emitter.Request{Shape: c.shape, Index: 1, Scene: emitter.Scene{RepoType: "model"}})
		if got := gjson.GetBytes(body, c.path).Raw; got != c.raw {
			t.Errorf("%s gives %s", c.set, got)
		}
	}
}

func TestUnsetLeavesOut(t *testing.T) {
	for _, c := range []struct{ shape, path string }{
		{"repo.update", "repo.headSha"},
		{"repo.update", "event"},
		{"repo.update", "webhook"},
		{"repo.update", "repo"},
		{"repo.update", "repo.type"},
		{"repo.update", "repo.url.web"},
		{"repo.content.update", "updatedRefs"},
		{"repo.content.update", "updatedRefs.0.oldSha"},
		{"repo.content.update", "updatedRefs.0.ref"},
		{"repo.config.update", "updatedConfig"},
		{"discussion.comment.create", "comment"},
		{"discussion.comment.create", "comment.id"},
		{"discussion.update", "discussion.changes"},
		{"discussion.update", "discussion.num"},
	} {
		plain, g := edited(t), edited(t, "-"+c.path)
		for index := range uint64(20) {
			r := emitter.Request{Shape: c.shape, Index: index, Scene: emitter.Scene{RepoType: "model"}}
			got, before := payload(t, g, r), string(payload(t, plain, r))
			if !json.Valid(got) || gjson.GetBytes(got, c.path).Exists() {
				t.Fatalf("%s is there: %s", c.path, got)
			}
			// The rest is as it was.
			want := gjson.Get(before, c.path).Raw
			if rest := len(before) - len(got); rest < len(want) || rest > len(want)+len(`"updatedConfig":,`) {
				t.Fatalf("without %s it is\n%s\ninstead of\n%s", c.path, got, before)
			}
		}
	}
}

func TestLastWordCounts(t *testing.T) {
	for _, c := range []struct {
		shape string
		edits []string
		want  map[string]string // raw values by path
	}{
		{"repo.update", []string{"repo.name=a/a", "repo.name=me/x"}, map[string]string{"repo.name": `"me/x"`, "repo.url.web": `"https://huggingface.co/me/x"`}},
		{"repo.update", []string{"repo.id=x", "-repo.id"}, map[string]string{"repo.id": ""}},
		{"repo.update", []string{"-repo.id", "repo.id=x"}, map[string]string{"repo.id": `"x"`}},
		{"repo.update", []string{"repo.name=me/x", "-repo"}, map[string]string{"repo": ""}},
		{"repo.update", []string{"repo.name=me/x", "repo:={}"}, map[string]string{"repo": "{}"}},
		{"repo.update", []string{"repo:={\"a\":1}", "repo.name=me/x", "repo:={}"}, map[string]string{"repo": "{}"}},
		{"repo.update", []string{"repo.url.web=x", "-repo.url", "repo.url:=[1]"}, map[string]string{"repo.url": "[1]"}},
		{"discussion.update", []string{"discussion.changes.base=x", "-discussion.changes", "discussion.isPullRequest=false"}, map[string]string{"discussion.changes": ""}},
		{"repo.content.update", []string{"updatedRefs.*.ref=a", "updatedRefs.0.ref=b"}, map[string]string{"updatedRefs.0.ref": `"b"`}},
		{"repo.content.update", []string{"updatedRefs.0.ref=b", "updatedRefs.*.ref=a"}, map[string]string{"updatedRefs.0.ref": `"a"`}},
		{"repo.content.update", []string{"updatedRefs.*.ref=a", "-updatedRefs.0.ref"}, map[string]string{"updatedRefs.0.ref": ``}},
		{"repo.content.update", []string{"-updatedRefs.*.ref", "updatedRefs.0.ref=a"}, map[string]string{"updatedRefs.0.ref": `"a"`}},
		{"repo.content.update", []string{"updatedRefs.0.ref=a", "updatedRefs.00.ref=b"}, map[string]string{"updatedRefs.0.ref": `"b"`}},
		{"repo.content.update", []string{"updatedRefs.0.ref=a", "updatedRefs:=[7]"}, map[string]string{"updatedRefs": `[7]`}},
	} {
		g := edited(t, c.edits...)
		for index := range uint64(5) {
			body := payload(t, g, emitter.Request{Shape: c.shape, Index: index, Scene: emitter.Scene{RepoType: "model"}})
			for path, want := range c.want {
				if got := gjson.GetBytes(body, path).Raw; got != want || !json.Valid(body) {
					t.Errorf("%v: %s is %s\n%s", c.edits, path, got, body)
				}
			}
		}
	}
}

func TestItemsAreSetByTheirNumbers(t *testing.T) {
	g := edited(t, "updatedFiles.0.path=first", "updatedFiles.1.path=second", "updatedFiles.999.path=never", "-updatedFiles.1.size")
	counts := map[int]bool{}
	for index := range uint64(60) {
		body := payload(t, g, emitter.Request{Shape: "repo.content.update", Index: index})
		files := gjson.GetBytes(body, "updatedFiles").Array()
		counts[len(files)] = true
		for i, file := range files {
			path := file.Get("path").String()
			if i == 0 && path != "first" || i == 1 && (path != "second" || file.Get("size").Exists()) || i > 1 && path == "second" || path == "never" {
				t.Fatalf("item %d is %s", i, file)
			}
		}
	}
	if len(counts) < 3 {
		t.Errorf("pushes have %v files", counts)
	}
}

func TestTextIsWrittenAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"quotes":       `"\ and \"`,
		"line ends":    "a\r\nb\tc\x00\x1f\x7f\u2028",
		"HTML":         "<b>&amp;</b>",
		"beyond ASCII": "日本語 🤗 é",
		"1 MiB":        strings.Repeat("0123456789abcde\n", 1<<16),
		"like JSON":    `{"a":1}`,
	} {
		g := generator(t, emitter.Options{Edits: []emitter.Edit{{Path: []string{"comment", "content"}, Text: &text}}})
		body := payload(t, g, emitter.Request{Shape: "discussion.comment.create"})
		if got := gjson.GetBytes(body, "comment.content").String(); got != text || !json.Valid(body) {
			t.Errorf("%s: %.100q", name, got)
		}
		if _, found := problems(t, g.Schemas(), body); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// JSON is UTF-8; a file may be anything.
func TestTextThatIsNotUTF8IsMadeSo(t *testing.T) {
	text := "caf\xe9 \xf0\x9f"
	g := generator(t, emitter.Options{Edits: []emitter.Edit{{Path: []string{"discussion", "title"}, Text: &text}}})
	body := payload(t, g, emitter.Request{Shape: "discussion.create"})
	if got := gjson.GetBytes(body, "discussion.title").String(); got != "caf\uFFFD \uFFFD" {
		t.Errorf("%q", got)
	}
}

func TestRawJSONStaysByteForByte(t *testing.T) {
	for _, raw := range []string{
		`1e1000`, `-0`, `0.10`, `123456789012345678901234567890`, `"\ud800"`, `"\u003c/\/"`, `"<&>"`, "\"\u2028\"",
		`{"a":1,"a":2}`, `{"":{"":[]}}`, `[[],{},null,true]`, strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
		`"` + strings.Repeat("x", 1<<20) + `"`,
	} {
		spaced := strings.ReplaceAll(strings.ReplaceAll(raw, "[", "\n[ "), "]", " ]\t")
		edit, err := emitter.ParseSet("repo.id:= "+spaced+" ", nil)
		if err != nil {
			t.Errorf("%.50s: %v", raw, err)
			continue
		}
		body := payload(t, generator(t, emitter.Options{Edits: []emitter.Edit{edit}}), emitter.Request{Shape: "repo.update"})
		if !strings.Contains(string(body), `"id":`+raw+`,"private"`) {
			t.Errorf("%.50s is written as %.200s", raw, body)
		}
	}
}

func TestGeneratorsOfOneSeedAndTheSameEditsNeverDiffer(t *testing.T) {
	texts := []string{"updatedFiles.0.action=add", "discussion.status=merged", "-comment.id", "repo.private=true"}
	for _, o := range []emitter.FeedOptions{{}, {Story: true}} {
		one, again := fed(t, feed(t, edited(t, texts...), o), 300), fed(t, feed(t, edited(t, texts...), o), 300)
		if !slices.EqualFunc(one, again, bytes.Equal) {
			t.Errorf("%+v: they differ", o)
		}
	}
}
