package emitter_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

func TestEventDataFollowsSetValues(t *testing.T) {
	const comment = "discussion.comment.create"
	no := false
	for _, c := range []struct {
		set, shape string
		change     func(*emitter.EventData)
		path, want string // as JSON; empty: there is nothing
	}{
		{"discussion.title=other", comment, nil, "discussion.title", `"other"`},
		{"discussion.num=7", comment, nil, "comment.url.web", `"http://127.0.0.1:8080/ada/engine/discussions/7#63fe0d1b8d1e2f0a1c0000b2"`},
		{"comment.id=63fe0d1b8d1e2f0a1c0000ff", comment, nil, "comment.url.web", `"http://127.0.0.1:8080/ada/engine/discussions/12#63fe0d1b8d1e2f0a1c0000ff"`},
		{"discussion.status=open", comment, nil, "discussion.changes.mergeCommitId", ""},
		{"discussion.isPullRequest=false", comment, nil, "discussion.changes", ""},
		{"comment.hidden=true", comment, nil, "comment.content", ""},
		{"repo.name=me/x", "repo.update", nil, "repo.url.api", `"http://127.0.0.1:8080/api/models/me/x"`},
		{"repo.type=space", "repo.update", nil, "repo.url.web", `"http://127.0.0.1:8080/spaces/ada/engine"`},
		{"repo.type=space", "repo.update", nil, "repo.subdomain", `"ada-engine"`},
		{"repo.type=robot", "repo.update", nil, "repo.url.web", `"http://127.0.0.1:8080/robots/ada/engine"`},
		{"repo.private=true", "repo.config.update", func(f *emitter.EventData) { f.Private = &no }, "updatedConfig.private", "true"},
		{"repo.private=true", "repo.config.update", nil, "updatedConfig", "{}"},
		{"repo.headSha=" + strings.Repeat("12", 20), "repo.content.update", nil, "updatedRefs.0.newSha", `"` + strings.Repeat("12", 20) + `"`},
		{"movedTo.name=me/x", "repo.move", nil, "movedTo.name", `"me/x"`},
		{"updatedFiles.0.action=delete", "repo.content.update", intoBucket(aFile("x")), "updatedFiles.0.size", ""},
		{"comment.content=other", "discussion.create", func(f *emitter.EventData) { f.Comment = nil }, "comment", ""},
	} {
		f := pushOf(c.shape)
		if c.change != nil {
			c.change(f)
		}
		g := edited(t, c.set)
		body := render(t, g, f)
		if got := gjson.GetBytes(body, c.path).Raw; got != c.want {
			t.Errorf("%s: %s is %q, not %q\n%s", c.set, c.path, got, c.want, body)
		}
		openly(t, g.Schemas(), body)
	}
}

func TestEventDataOfAnAddedFileHasAHash(t *testing.T) {
	body := render(t, edited(t, "updatedFiles.0.action=add"), changed("repo.content.update", intoBucket(emitter.FileData{Path: "x", Deleted: true})))
	if hash := gjson.GetBytes(body, "updatedFiles.0.xetHash").String(); len(hash) != 64 || strings.Count(hash, "0") == 64 {
		t.Errorf("the hash is %q", hash)
	}
}

func TestEventDataOmitsUnsetProperties(t *testing.T) {
	g := edited(t, "-comment.content", "-webhook")
	body := render(t, g, pushOf("discussion.comment.create"))
	if gjson.GetBytes(body, "comment.content").Exists() || gjson.GetBytes(body, "webhook").Exists() {
		t.Errorf("it is told: %s", body)
	}
}

// Options that ask for other scenes have no effect on event data.
func TestEventDataIgnoresSceneAndSizeOfOptions(t *testing.T) {
	want := render(t, generator(t, emitter.Options{}), pushOf("discussion.comment.create"))
	g := generator(t, emitter.Options{Scene: emitter.Scene{RepoType: "dataset", RepoName: "me/x", Num: 3, Hidden: emitter.Yes}, Size: 9000})
	if got := render(t, g, pushOf("discussion.comment.create")); !bytes.Equal(got, want) {
		t.Errorf("%s\nnot %s", got, want)
	}
}

func TestEventDataWithAFuture(t *testing.T) {
	for _, c := range []struct {
		future emitter.Future
		is     func(p gjson.Result) bool
	}{
		{emitter.Future{Scopes: 1}, func(p gjson.Result) bool {
			return strings.HasPrefix(p.Get("event.scope").String(), "discussion.comment.")
		}},
		{emitter.Future{Types: 1}, func(p gjson.Result) bool {
			kind := p.Get("repo.type").String()
			return kind != "model" && p.Get("repo.url.web").String() == "http://127.0.0.1:8080/"+kind+"s/ada/engine"
		}},
		{emitter.Future{Version: 1}, func(p gjson.Result) bool { return p.Get("webhook.version").Int() > 3 }},
		{emitter.Future{Properties: 1}, func(p gjson.Result) bool {
			return len(p.Raw) > len(render(t, generator(t, emitter.Options{}), pushOf("discussion.comment.create")))
		}},
	} {
		g := generator(t, emitter.Options{Seed: 7, Future: c.future})
		seen := map[string]bool{}
		for index := range uint64(30) {
			f := changed("discussion.comment.create", func(f *emitter.EventData) { f.Index = index })
			body := render(t, g, f)
			openly(t, g.Schemas(), body)
			if p := gjson.ParseBytes(body); !c.is(p) || p.Get("comment.content").String() != "Note G" {
				t.Fatalf("%+v: %s", c.future, body)
			}
			seen[string(body)] = true
		}
		if len(seen) < 2 {
			t.Errorf("%+v: all indices tell the same", c.future)
		}
	}
}

func TestEventDataWithAFutureHasTheSetType(t *testing.T) {
	g := generator(t, emitter.Options{Edits: edits(t, "repo.type=space"), Future: emitter.Future{Types: 1}})
	if url := gjson.GetBytes(render(t, g, pushOf("repo.update")), "repo.url.web").String(); url != "http://127.0.0.1:8080/spaces/ada/engine" {
		t.Errorf("the URL is %s", url)
	}
}

// Whether something is missing does not depend on chance.
func TestEventDataWithAFutureMustBeComplete(t *testing.T) {
	g := generator(t, emitter.Options{Future: emitter.Future{Scopes: 1}})
	if body, err := g.Render(nil, changed("repo.move", func(f *emitter.EventData) { f.MovedTo = nil })); err == nil {
		t.Errorf("there is no error: %s", body)
	}
}

func TestEventDataFollowsAnOverlay(t *testing.T) {
	set := overlaid(t)
	g := generator(t, emitter.Options{Seed: 7, Schemas: set})
	keeper := newKeeper(3)
	dois := map[string]bool{}
	for range 100 {
		f := keeper.eventData(doisUpdate)
		body := render(t, g, f)
		if again := render(t, g, f); !bytes.Equal(again, body) {
			t.Fatalf("the same event data is rendered as\n%s\n%s", body, again)
		}
		if schema, found := problems(t, set, body); schema != doisUpdate || len(found) > 0 {
			t.Fatalf("judged by %s: %v\n%s", schema, found, body)
		}
		dois[gjson.GetBytes(body, "dois").Raw] = true
	}
	if len(dois) < 50 {
		t.Errorf("100 indices have only %d different values of which the event data says nothing", len(dois))
	}
}

// A user's shape may require what the data of its event need not have.
func TestEventDataMayOmitOptionalPropertiesOfAnOverlay(t *testing.T) {
	const note = `"note": {"type": "string", "x-from": "world:comment.content"}, "last": {"type": "object", "properties": {"by": {"type": "string", "x-from": "world:comment.author.id"}}`
	shape := func(required string) *emitter.Generator {
		schema := `{"allOf": [{"$ref": "discussion.update.json"}], "required": [` + required + `], "properties": {` + note + `, "required": ["by"]}}}`
		set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{"discussion.lock.update.json": {Data: []byte(schema)}}})
		if err != nil {
			t.Fatal(err)
		}
		return generator(t, emitter.Options{Schemas: set})
	}
	quiet := changed("discussion.lock.update", func(f *emitter.EventData) { f.Comment = nil })
	body := render(t, shape(""), pushOf("discussion.lock.update"))
	if p := gjson.ParseBytes(body); p.Get("note").String() != "Note G" || p.Get("last.by").String() != "5dd96eb166059660ed1ee416" {
		t.Errorf("the comment is not told: %s", body)
	}
	body = render(t, shape(""), quiet)
	if p := gjson.ParseBytes(body); p.Get("note").Exists() || p.Get("last").Exists() || !p.Get("discussion.title").Exists() {
		t.Errorf("there is no comment: %s", body)
	}
	for _, required := range []string{`"note"`, `"last"`} {
		if body, err := shape(required).Render(nil, quiet); err == nil {
			t.Errorf("%s: there is no error: %s", required, body)
		}
	}
}
