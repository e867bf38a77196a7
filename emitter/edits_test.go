package emitter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
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

func TestSetThatSaysNothingIsAnError(t *testing.T) {
	for _, c := range []struct {
		text string
		says []string
	}{
		{"", []string{`""`, "repo.name=me/x"}},
		{"repo.name", []string{`"repo.name"`, "path and a value"}},
		{"=x", []string{`"=x"`}},
		{":=5", []string{`":=5"`}},
		{"a\nb=@x", []string{`"a\nb"`, "no such file"}},
		{"a:={", []string{"a: ", "no JSON", "a=…"}},
		{"a:=", []string{"a: ", "no JSON"}},
		{"a:=1 2", []string{"a: ", "no JSON"}},
		{"a:=\"\xff\"", []string{"a: ", "UTF-8"}},
		{"a:=@note", []string{"a: ", "no JSON"}},
		{"comment.content=@julien look", []string{"comment.content: ", "no such file", `comment.content:="@julien look"`}},
	} {
		edit, err := emitter.ParseSet(c.text, files)
		if err == nil {
			t.Errorf("%q is read as %v", c.text, edit)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %q does not say %q in one line", c.text, err, part)
			}
		}
	}
}

// leaves are the paths of the values of a shape that are not made of others, with
// 0 for an item.
func leaves(v *schemas.Value, path string, see func(path string, v *schemas.Value)) {
	if len(v.Fields) == 0 && v.Items == nil {
		see(path, v)
	}
	for _, field := range v.Fields {
		leaves(field.Value, strings.TrimPrefix(path+"."+field.Name, "."), see)
	}
	if v.Items != nil {
		leaves(v.Items, path+".0", see)
	}
}

// allowed are values that a schema allows, as --set takes them.
func allowed(v *schemas.Value) []string {
	if listed := slices.Concat(v.Const, v.Enum); len(listed) > 0 {
		var list []string
		for _, value := range listed {
			list = append(list, strings.Trim(string(value.(json.RawMessage)), `"`))
		}
		return list
	}
	for _, form := range []struct {
		found  bool
		values []string
	}{
		{slices.Contains(v.Types, "boolean"), []string{"true", "false"}},
		{slices.Contains(v.Types, "integer"), []string{"7", "9007199254740993"}},
		{slices.Contains(v.Types, "null"), []string{"null", strings.Repeat("0123456789", 4)}},
		{strings.Contains(v.Pattern, "{24}"), []string{"0123456789abcdef01234567"}},
		{strings.Contains(v.Pattern, "{40}"), []string{strings.Repeat("0123456789", 4)}},
		{strings.Contains(v.Pattern, "{64}"), []string{strings.Repeat("01234567", 8)}},
		{strings.Contains(v.Pattern, "/)?"), []string{"me/x", "gpt2"}},
		{v.Pattern == "^refs/", []string{"refs/heads/main", "refs/tags/v9"}},
		{v.Pattern == "^[a-z0-9-]+$", []string{"me-x"}},
		{v.Format == "uri", []string{"https://example.org/x"}},
	} {
		if form.found {
			return form.values
		}
	}
	return []string{"any text"}
}

// settable are the shapes that have a value, by its path, an equals sign and a
// value that the schema allows there.
func settable(t *testing.T, set *schemas.Set) map[string][]string {
	t.Helper()
	shapes := map[string][]string{}
	for _, shape := range set.Shapes() {
		tree, err := set.Tree(shape.Name)
		if err != nil {
			t.Fatal(err)
		}
		leaves(tree, "", func(path string, v *schemas.Value) {
			if strings.HasPrefix(path, "event.") {
				return // another event has another shape
			}
			for _, value := range allowed(v) {
				shapes[path+"="+value] = append(shapes[path+"="+value], shape.Name)
			}
		})
	}
	return shapes
}

// Whatever is set to what its schema allows is there in each payload, and what
// else is in it fits: it is what the Hub might send.
func TestEveryValueOfEveryShapeCanBeSet(t *testing.T) {
	set := generator(t, emitter.Options{}).Schemas()
	for text, shapes := range settable(t, set) {
		path, want, _ := strings.Cut(text, "=")
		g := edited(t, text)
		for _, shape := range shapes {
			for index := range uint64(8) {
				body := payload(t, g, emitter.Request{Shape: shape, Index: index})
				if got := gjson.GetBytes(body, path); got.String() != want && got.Raw != want {
					t.Fatalf("%s of %s is %s\n%s", text, shape, got.Raw, body)
				}
				if _, found := problems(t, set, body); len(found) > 0 {
					t.Fatalf("%s of %s: %v\n%s", text, shape, found, body)
				}
			}
		}
	}
}

// follows looks at what must follow from a value that is set.
type follows func(p gjson.Result) (got, want string)

func is(path, want string) follows {
	return func(p gjson.Result) (string, string) { return p.Get(path).Raw, want }
}

func sameAs(path, other string) follows {
	return func(p gjson.Result) (string, string) { return p.Get(path).Raw, p.Get(other).Raw }
}

func there(path string, want bool) follows {
	return func(p gjson.Result) (string, string) { return fmt.Sprint(p.Get(path).Exists()), fmt.Sprint(want) }
}

func TestWhatFollowsFromAValueFitsIt(t *testing.T) {
	const web, api = `"https://huggingface.co/`, `"https://huggingface.co/api/`
	for _, c := range []struct {
		set   []string
		shape string
		looks []follows
	}{
		{[]string{"repo.name=me/x", "repo.type=model"}, "repo.create", []follows{is("repo.url.web", web+`me/x"`), is("repo.url.api", api+`models/me/x"`)}},
		{[]string{"repo.name=me/x", "repo.type=dataset"}, "discussion.create", []follows{is("repo.url.web", web+`datasets/me/x"`)}},
		{[]string{"repo.name=Me/x_Y.z", "repo.type=space"}, "repo.update", []follows{is("repo.subdomain", `"me-x-y-z"`)}},
		{[]string{"repo.name=gpt2", "repo.type=bucket"}, "repo.delete", []follows{is("repo.url.web", web+`buckets/gpt2"`), there("repo.headSha", false)}},
		{[]string{"repo.name=me/x", "movedTo.name=me/y"}, "repo.move", []follows{sameAs("movedTo.owner.id", "repo.owner.id")}},
		{[]string{"repo.name=me/x", "discussion.status=merged"}, "discussion.create", []follows{
			is("discussion.status", `"merged"`), func(p gjson.Result) (string, string) {
				return strings.TrimPrefix(p.Get("repo.url.web").String(), strings.TrimSuffix(p.Get("repo.url.web").String(), "/me/x")), "/me/x"
			}}},
		{[]string{"repo.type=model", "repo.name=me/x", "discussion.num=42"}, "discussion.comment.create", []follows{
			is("discussion.url.web", web+`me/x/discussions/42"`), is("discussion.url.api", api+`models/me/x/discussions/42"`),
			func(p gjson.Result) (string, string) {
				return p.Get("comment.url.web").String(), p.Get("discussion.url.web").String() + "#" + p.Get("comment.id").String()
			}}},
		{[]string{"repo.type=model", "repo.name=me/x", "discussion.num=3", "comment.id=0123456789abcdef01234567"}, "discussion.comment.update", []follows{
			is("comment.url.web", web+`me/x/discussions/3#0123456789abcdef01234567"`)}},
		{[]string{"discussion.status=merged"}, "discussion.update", []follows{is("discussion.isPullRequest", "true"), there("discussion.changes.mergeCommitId", true)}},
		{[]string{"discussion.status=merged"}, "discussion.comment.create", []follows{is("discussion.isPullRequest", "true"), there("discussion.changes.mergeCommitId", true)}},
		{[]string{"discussion.status=draft"}, "discussion.create", []follows{is("discussion.isPullRequest", "true"), there("discussion.changes.mergeCommitId", false)}},
		{[]string{"discussion.isPullRequest=false"}, "discussion.update", []follows{there("discussion.changes", false)}},
		{[]string{"discussion.changes.base=refs/heads/dev"}, "discussion.update", []follows{is("discussion.isPullRequest", "true")}},
		{[]string{"discussion.changes.mergeCommitId=" + strings.Repeat("0", 40)}, "discussion.update", []follows{is("discussion.status", `"merged"`)}},
		{[]string{"comment.content=hi"}, "discussion.comment.update", []follows{is("comment.hidden", "false")}},
		{[]string{"comment.hidden=true"}, "discussion.comment.create", []follows{there("comment.content", false)}},
		{[]string{"comment.hidden=true"}, "discussion.create", []follows{there("comment.content", false)}},
		{[]string{"updatedFiles.0.path=x.bin"}, "repo.content.update", []follows{is("repo.type", `"bucket"`), there("updatedRefs", false)}},
		{[]string{"updatedFiles.0.action=delete"}, "repo.content.update", []follows{there("updatedFiles.0.size", false), there("updatedFiles.0.xetHash", false)}},
		{[]string{"updatedFiles.0.size=5"}, "repo.content.update", []follows{is("updatedFiles.0.action", `"add"`), there("updatedFiles.0.xetHash", true)}},
		{[]string{"updatedFiles.*.action=delete"}, "repo.content.update", []follows{func(p gjson.Result) (string, string) {
			return p.Get("updatedFiles.#.size").Raw, "[]"
		}}},
		{[]string{"updatedFilesTruncated=true"}, "repo.content.update", []follows{is("repo.type", `"bucket"`)}},
		{[]string{"updatedRefs.0.ref=refs/heads/x"}, "repo.content.update", []follows{there("repo.headSha", true), there("updatedFiles", false)}},
		{[]string{"repo.headSha=" + strings.Repeat("0", 40)}, "repo.config.update", []follows{
			func(p gjson.Result) (string, string) {
				return fmt.Sprint(p.Get("repo.type").String() == "bucket"), "false"
			}}},
		{[]string{"repo.subdomain=x"}, "repo.update", []follows{is("repo.type", `"space"`)}},
		{[]string{"updatedConfig.private=true"}, "repo.config.update", []follows{is("repo.private", "true")}},
	} {
		g := edited(t, c.set...)
		for index := range uint64(30) {
			body := payload(t, g, emitter.Request{Shape: c.shape, Index: index})
			for i, look := range c.looks {
				if got, want := look(gjson.ParseBytes(body)); got != want {
					t.Fatalf("%s with %v, look %d: %s, want %s\n%s", c.shape, c.set, i, got, want, body)
				}
			}
		}
	}
}

// A repo that must have commits is of any type that has them.
func TestSetOfARefLeavesTheTypesOfGitRepos(t *testing.T) {
	kinds := map[string]bool{}
	g := edited(t, "updatedRefs.0.ref=refs/heads/x")
	for index := range uint64(60) {
		kinds[gjson.GetBytes(payload(t, g, emitter.Request{Shape: "repo.content.update", Index: index}), "repo.type").String()] = true
	}
	if len(kinds) != 3 || kinds["bucket"] {
		t.Errorf("repos are %v", kinds)
	}
}

// What is left out again asks for nothing.
func TestForgottenEditAsksForNoScene(t *testing.T) {
	g := edited(t, "repo.headSha=x", "-repo.headSha")
	kinds := map[string]bool{}
	for index := range uint64(60) {
		kinds[gjson.GetBytes(payload(t, g, emitter.Request{Shape: "repo.update", Index: index}), "repo.type").String()] = true
	}
	if !kinds["bucket"] {
		t.Errorf("repos are %v", kinds)
	}
}

// A file that was deleted has a hash and a size where it is to be added.
func TestActionsOfFilesFitWhatTheyBring(t *testing.T) {
	for _, action := range []string{"add", "delete"} {
		g := edited(t, "updatedFiles.*.action="+action)
		for _, body := range fed(t, feed(t, g, emitter.FeedOptions{Shapes: []string{"repo.content.update"}}), 200) {
			if _, found := problems(t, g.Schemas(), body); len(found) > 0 || strings.Contains(string(body), strings.Repeat("0", 64)) {
				t.Fatalf("%v\n%s", found, body)
			}
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

func TestWrongEditIsAnErrorOfOneLine(t *testing.T) {
	for _, c := range []struct {
		shape string
		edits []string
		says  []string
	}{
		{"discussion.create", []string{"discussion.num=x"}, []string{"discussion.num takes", "integer", `"x"`, "discussion.num:="}},
		{"discussion.create", []string{"discussion.num=7.5"}, []string{"integer", `"7.5"`}},
		{"discussion.create", []string{"discussion.num="}, []string{"integer", `""`}},
		{"repo.update", []string{"repo.private=yes"}, []string{"repo.private", "boolean", `"yes"`}},
		{"repo.update", []string{"repo.url=x"}, []string{"repo.url", "object", `"x"`}},
		{"repo.update", []string{"repo.private=" + strings.Repeat("long\n", 500)}, []string{"boolean", "…"}},
		{"repo.content.update", []string{"updatedRefs={}"}, []string{"updatedRefs", "array"}},
		{"repo.content.update", []string{"updatedFiles.0.size=big"}, []string{"updatedFiles.0.size", "integer"}},
		{"repo.update", []string{"repo.headSHA=x"}, []string{"repo.headSHA", `"repo.headSha"`}},
		{"repo.update", []string{"-repo.head_sha"}, []string{"repo.head_sha", `"repo.headSha"`}},
		{"repo.update", []string{"comment.content=x"}, []string{"comment.content", "no payload here"}},
		{"repo.update", []string{"repo=x", "-"}, []string{"repo", "object"}},
		{"repo.update", []string{"-"}, []string{`""`}},
		{"repo.update", []string{"-repo."}, []string{"repo."}},
		{"repo.update", []string{"repo..name=x"}, []string{"repo..name", `"repo.name"`}},
		{"repo.update", []string{"repo.name.first=x"}, []string{"repo.name.first"}},
		{"repo.update", []string{"repo.\nname=x"}, []string{`"repo.\nname"`, `"repo.name"`}},
		{"repo.content.update", []string{"updatedRefs.12.reff=x"}, []string{`"updatedRefs.12.ref"`}},
		{"repo.content.update", []string{"updatedRefs.-1.ref=x"}, []string{"updatedRefs.-1.ref"}},
		{"repo.content.update", []string{"updatedRefs.x.ref=x"}, []string{"updatedRefs.x.ref"}},
		{"repo.content.update", []string{"updatedRefs.99999999999.ref=x"}, []string{"99999999999"}},
		{"repo.content.update", []string{"updatedRefs.0:={}"}, []string{"updatedRefs.0: ", "updatedRefs:=["}},
		{"repo.content.update", []string{"-updatedRefs.0"}, []string{"updatedRefs.0: ", "updatedRefs:=["}},
		{"repo.content.update", []string{"-updatedRefs.*"}, []string{"updatedRefs.*: ", "left out"}},
		{"repo.update", []string{"repo:={}", "repo.name=x"}, []string{"repo.name: repo is set as a whole"}},
		{"repo.update", []string{"-repo.url", "repo.url.web=x"}, []string{"repo.url.web: repo.url is left out"}},
		{"repo.content.update", []string{"updatedRefs:=[]", "updatedRefs.0.ref=x"}, []string{"updatedRefs.0.ref: updatedRefs is set"}},
	} {
		_, err := edited(t, c.edits...).Feed(emitter.FeedOptions{Shapes: []string{c.shape}})
		if err == nil {
			t.Errorf("%q: no error", c.edits)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
				t.Errorf("%q: %q does not say %q in one line", c.edits, err, part)
			}
		}
	}
}

func TestEditWithoutAPathOrAValueIsAnError(t *testing.T) {
	for _, edit := range []emitter.Edit{{}, {Raw: "5"}, {Remove: true}} {
		if _, err := emitter.New(emitter.Options{Edits: []emitter.Edit{edit}}); err == nil || !strings.Contains(err.Error(), "path") {
			t.Errorf("%+v: %v", edit, err)
		}
	}
	for _, raw := range []string{"", "{", "\"\xff\""} {
		g := generator(t, emitter.Options{Edits: []emitter.Edit{{Path: []string{"repo", "id"}, Raw: raw}}})
		if _, err := g.Payload(emitter.Request{Shape: "repo.update"}); err == nil || !strings.Contains(err.Error(), "repo.id: the value is no JSON") {
			t.Errorf("%q: %v", raw, err)
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

// Nothing is told that cannot be where a value is set, unless it is asked for.
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

func TestPushToMainLeadsToTheHeadThatIsSet(t *testing.T) {
	const head = "575db8b7a51b6f85eb06eee540738584589f131c"
	edit, err := emitter.ParseSet("repo.headSha="+head, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := feed(t, generator(t, emitter.Options{Edits: []emitter.Edit{edit}}), emitter.FeedOptions{Shapes: []string{"repo.content.update"}})
	pushed := 0
	for _, text := range fed(t, f, 100) {
		p := gjson.ParseBytes(text)
		if main := p.Get(`updatedRefs.#(ref=="refs/heads/main").newSha`); main.Exists() {
			pushed++
			if main.String() != head {
				t.Fatalf("%s", text)
			}
		}
		if p.Get("repo.headSha").String() != head {
			t.Fatalf("%s", text)
		}
	}
	if pushed == 0 {
		t.Error("nothing is pushed to main")
	}
}
