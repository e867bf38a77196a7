package emitter_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

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

// nearestTo is the whole number nearest to one that a schema with bounds allows.
func nearestTo(number int64, v *schemas.Value) string {
	n := new(big.Rat).SetInt64(number)
	if v.Minimum != nil && n.Cmp(v.Minimum) < 0 {
		n = v.Minimum
	}
	if v.Maximum != nil && n.Cmp(v.Maximum) > 0 {
		n = v.Maximum
	}
	return n.RatString()
}

// allowed are values that a schema allows, as --set takes them; none where a text must be of a
// form that is not known here.
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
		{slices.Contains(v.Types, "integer"), []string{nearestTo(7, v), nearestTo(1<<53+1, v)}},
		{slices.Contains(v.Types, "null"), []string{"null", strings.Repeat("0123456789", 4)}},
		{strings.Contains(v.Pattern, "{24}"), []string{"0123456789abcdef01234567"}},
		{strings.Contains(v.Pattern, "{40}"), []string{strings.Repeat("0123456789", 4)}},
		{strings.Contains(v.Pattern, "{64}"), []string{strings.Repeat("01234567", 8)}},
		{strings.Contains(v.Pattern, "/)?"), []string{"me/x", "gpt2"}},
		{v.Pattern == "^refs/", []string{"refs/heads/main", "refs/tags/v9"}},
		{v.Pattern == "^[a-z0-9-]+$", []string{"me-x"}},
		{v.Format == "uri", []string{"https://example.org/x"}},
		{v.Pattern+v.Format != "" || v.MaxLength >= 0, nil},
	} {
		if form.found {
			return form.values
		}
	}
	return []string{"any text"}
}

// drawn is a value that payloads of a shape have themselves.
func drawn(t *testing.T, shape, path string) string {
	t.Helper()
	g := generator(t, emitter.Options{})
	for index := range uint64(100) {
		if value := gjson.GetBytes(payload(t, g, emitter.Request{Shape: shape, Index: index}), path); value.Exists() {
			return value.String()
		}
	}
	t.Fatalf("no payload of %s has %s", shape, path)
	return ""
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
			values := allowed(v)
			if values == nil {
				values = []string{drawn(t, shape.Name, path)}
			}
			for _, value := range values {
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

func TestNewRepoTypeHasURLsOfItsOwn(t *testing.T) {
	for name, plural := range map[string]string{"kernel": "kernels", "paper": "papers"} {
		edit, err := emitter.ParseSet("repo.type="+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := generator(t, emitter.Options{Edits: []emitter.Edit{edit}})
		for _, text := range fed(t, feed(t, g, emitter.FeedOptions{}), 60) {
			repo := gjson.GetBytes(text, "repo")
			path := plural + "/" + repo.Get("name").String()
			if repo.Get("type").String() != name || repo.Get("url.web").String() != "https://huggingface.co/"+path ||
				repo.Get("url.api").String() != "https://huggingface.co/api/"+path {
				t.Fatalf("%s", text)
			}
		}
	}
}
