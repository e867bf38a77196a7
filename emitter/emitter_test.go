package emitter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// shapes are those of today, those for narrower scopes, and some of a future.
func shapes(g *emitter.Generator) []string {
	var names []string
	for _, shape := range g.Schemas().Shapes() {
		names = append(names, shape.Name)
	}
	return append(names,
		"repo.stars.create", "repo.config.dois.minted", "repo.config.dois.versions.update",
		"repo.content.lfs.delete", "discussion.reviewers.create", "discussion.comment.reaction.create")
}

func TestSameSeedGivesTheSameBytes(t *testing.T) {
	one, again := generator(t, emitter.Options{Seed: 42}), generator(t, emitter.Options{Seed: 42})
	for _, shape := range shapes(one) {
		for index := range uint64(20) {
			r := emitter.Request{Shape: shape, Index: index}
			a := payload(t, one, r)
			// What was made before must not show.
			payload(t, again, emitter.Request{Shape: "discussion.create", Index: index + 99})
			if b := payload(t, again, r); !bytes.Equal(a, b) {
				t.Fatalf("%s, index %d:\n%s\n%s", shape, index, a, b)
			}
		}
	}
}

func TestSeedAndIndexTellPayloadsApart(t *testing.T) {
	seen := map[string]string{}
	for seed := range uint64(5) {
		g := generator(t, emitter.Options{Seed: seed})
		for index := range uint64(50) {
			here := fmt.Sprintf("seed %d, index %d", seed, index)
			text := string(payload(t, g, emitter.Request{Shape: "repo.update", Index: index}))
			if before, ok := seen[text]; ok {
				t.Errorf("%s gives the same as %s", here, before)
			}
			seen[text] = here
		}
	}
}

// One webhook is registered with the Hub; it receives every event.
func TestOneGeneratorSpeaksForOneRegistration(t *testing.T) {
	ids := map[string]bool{}
	for seed := range uint64(4) {
		g := generator(t, emitter.Options{Seed: seed})
		for _, shape := range shapes(g) {
			ids[gjson.GetBytes(payload(t, g, emitter.Request{Shape: shape, Index: 3}), "webhook.id").String()] = true
		}
	}
	if len(ids) != 4 {
		t.Errorf("4 seeds give %d registrations: %v", len(ids), ids)
	}
}

func TestEveryPayloadIsValidUnderTheStrictReading(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 1})
	for _, shape := range shapes(g) {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			named, _, _, err := g.Schemas().ShapeByName(shape)
			if err != nil {
				t.Fatal(err)
			}
			for index := range uint64(200) {
				text := payload(t, g, emitter.Request{Shape: shape, Index: index})
				schema, found := problems(t, g.Schemas(), text)
				if schema != named.Name || len(found) > 0 {
					t.Fatalf("index %d, judged by %s: %v\n%s", index, schema, found, text)
				}
			}
		})
	}
}

func TestEverySceneIsValidUnderTheStrictReading(t *testing.T) {
	g := generator(t, emitter.Options{})
	refs := []emitter.Ref{
		{Name: "refs/heads/main"}, {Name: "refs/tags/v1.0", Change: emitter.RefCreated},
		{Name: "refs/heads/old", Change: emitter.RefDeleted},
	}
	for _, r := range []emitter.Request{
		{Shape: "repo.content.update", Scene: emitter.Scene{RepoType: "bucket"}},
		{Shape: "repo.content.update", Scene: emitter.Scene{RepoType: "space", Canonical: true, Refs: refs}},
		{Shape: "repo.content.*", Scene: emitter.Scene{RepoType: "bucket"}},
		{Shape: "repo.move", Scene: emitter.Scene{RepoType: "dataset", Canonical: true}},
		{Shape: "discussion.update", Scene: emitter.Scene{Status: "merged"}},
		{Shape: "discussion.update", Scene: emitter.Scene{Status: "draft"}},
		{Shape: "discussion.update", Scene: emitter.Scene{Status: "closed", PullRequest: emitter.No}},
		{Shape: "discussion.create", Scene: emitter.Scene{PullRequest: emitter.Yes}},
		{Shape: "discussion.comment.update", Scene: emitter.Scene{Hidden: emitter.Yes}},
		{Shape: "discussion.comment.update", Scene: emitter.Scene{Hidden: emitter.No, RepoType: "space"}},
	} {
		for r.Index = range 50 {
			text := payload(t, g, r)
			if _, found := problems(t, g.Schemas(), text); len(found) > 0 {
				t.Fatalf("%+v: %v\n%s", r, found, text)
			}
		}
	}
}

func TestFutureEventKeepsItsName(t *testing.T) {
	g := generator(t, emitter.Options{})
	text := payload(t, g, emitter.Request{Shape: "repo.config.dois.minted"})
	want := `{"event":{"action":"minted","scope":"repo.config.dois"},`
	if !strings.HasPrefix(string(text), want) || !gjson.GetBytes(text, "updatedConfig").IsObject() {
		t.Errorf("%s", text)
	}
}

func TestNarrowedShapeDrawsAScopeBelowItsOwn(t *testing.T) {
	scopes, actions := map[string]bool{}, map[string]bool{}
	each(t, emitter.Request{Shape: "repo.config.*"}, 100, func(_ []byte, p gjson.Result) {
		scope := p.Get("event.scope").String()
		if !strings.HasPrefix(scope, "repo.config.") {
			t.Errorf("scope is %s", scope)
		}
		scopes[scope], actions[p.Get("event.action").String()] = true, true
	})
	if len(scopes) < 3 || len(actions) < 3 {
		t.Errorf("too much of the same: %v, %v", scopes, actions)
	}
}

// A handler that falls back must do the same for both.
func TestNarrowedPayloadDiffersFromTheBroaderByItsEventAlone(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 3})
	for index := range uint64(50) {
		broad := payload(t, g, emitter.Request{Shape: "repo.content.update", Index: index})
		narrow := payload(t, g, emitter.Request{Shape: "repo.content.lfs.update", Index: index})
		want := strings.Replace(string(broad), `"scope":"repo.content"`, `"scope":"repo.content.lfs"`, 1)
		if string(narrow) != want {
			t.Fatalf("index %d:\n%s\n%s", index, broad, narrow)
		}
	}
}

func TestPayloadIsCompactJSON(t *testing.T) {
	g := generator(t, emitter.Options{})
	for _, shape := range shapes(g) {
		for index := range uint64(50) {
			text := payload(t, g, emitter.Request{Shape: shape, Index: index})
			var compact bytes.Buffer
			if err := json.Compact(&compact, text); err != nil || !bytes.Equal(compact.Bytes(), text) {
				t.Fatalf("%v: %s", err, text)
			}
		}
	}
}

// The Hub is written in JavaScript, which escapes less than Go does.
func TestTextIsEscapedAsJavaScriptDoes(t *testing.T) {
	var all []byte
	each(t, emitter.Request{Shape: "discussion.comment.create"}, 200, func(text []byte, _ gjson.Result) {
		all = append(all, text...)
	})
	for _, part := range []string{"🤗", "ç", `\n`, `\"`, ">"} {
		if !bytes.Contains(all, []byte(part)) {
			t.Errorf("no payload holds %s as it is", part)
		}
	}
	for _, part := range []string{`\u003e`, `\u0026`, `\u00e7`} {
		if bytes.Contains(all, []byte(part)) {
			t.Errorf("a payload holds %s", part)
		}
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	g := generator(t, emitter.Options{})
	r := emitter.Request{Shape: "repo.update"}
	got, err := g.Append([]byte("data: "), r)
	if want := "data: " + string(payload(t, g, r)); err != nil || string(got) != want {
		t.Errorf("%v: %s", err, got)
	}
	got, err = g.Append([]byte("data: "), emitter.Request{Shape: "repo.updated"})
	if err == nil || string(got) != "data: " {
		t.Errorf("%v: %s", err, got)
	}
}

func TestGeneratorIsSafeForConcurrentUse(t *testing.T) {
	g := generator(t, emitter.Options{Seed: 9})
	names := shapes(g)
	var want [][]byte
	for i, name := range names {
		want = append(want, payload(t, g, emitter.Request{Shape: name, Index: uint64(i)}))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				for i, name := range names {
					got, err := g.Payload(emitter.Request{Shape: name, Index: uint64(i)})
					if err != nil || !bytes.Equal(got, want[i]) {
						t.Errorf("%s: %v: %s", name, err, got)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestHubURLStandsInFrontOfEveryURL(t *testing.T) {
	for _, hub := range []string{"http://localhost:5000", "http://localhost:5000/"} {
		g := generator(t, emitter.Options{HubURL: hub})
		text := payload(t, g, emitter.Request{Shape: "discussion.comment.create"})
		for _, path := range []string{"repo.url.web", "repo.url.api", "discussion.url.web", "discussion.url.api", "comment.url.web"} {
			url := gjson.GetBytes(text, path).String()
			if rest, ok := strings.CutPrefix(url, "http://localhost:5000/"); !ok || strings.HasPrefix(rest, "/") {
				t.Errorf("%s is %s", path, url)
			}
		}
		if bytes.Contains(text, []byte("huggingface.co")) {
			t.Errorf("%s", text)
		}
	}
}
