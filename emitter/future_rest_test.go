package emitter_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
)

// Whoever asks for a type gets it.
func TestFutureTypesLeaveATypeThatIsAskedFor(t *testing.T) {
	for _, o := range []emitter.Options{{Scene: emitter.Scene{RepoType: "dataset"}}, {Edits: edits(t, "repo.type=dataset")}} {
		o.Future.Types = 1
		g := generator(t, o)
		texts := append(fed(t, feed(t, g, emitter.FeedOptions{}), 50), fed(t, feed(t, g, emitter.FeedOptions{Story: true}), 50)...)
		for _, body := range append(texts, payload(t, g, emitter.Request{Shape: "repo.update"})) {
			if repo := gjson.GetBytes(body, "repo"); repo.Get("type").String() != "dataset" || !strings.Contains(repo.Get("url.web").String(), "/datasets/") {
				t.Fatalf("%s", body)
			}
		}
	}
}

// present undoes what a future changes besides scopes: the properties that are
// not known, the type with its URLs, the version.
func present(body, before []byte) []byte {
	was := gjson.ParseBytes(before).Get("repo.type").String()
	kind := gjson.GetBytes(body, "repo.type").String()
	web := map[string]string{"model": "/"}[was]
	if web == "" {
		web = "/" + was + "s/"
	}
	text := strings.NewReplacer(
		`"type":"`+kind+`"`, `"type":"`+was+`"`, "/api/"+kind+"s/", "/api/"+was+"s/", ".co/"+kind+"s/", ".co"+web,
	).Replace(string(body))
	return []byte(text)
}

// What happens, and all else that payloads say of it, is the same with a future and
// without, in turn and in a story.
func TestFutureLeavesTheRestAsItWas(t *testing.T) {
	for _, o := range []emitter.FeedOptions{{}, {Story: true}} {
		plain := fed(t, feed(t, generator(t, emitter.Options{Seed: 7}), o), 400)
		for name, future := range map[string]emitter.Future{"version": {Version: 0.5}, "types": {Types: 0.5}, "properties": {Properties: 0.5}} {
			for i, body := range fed(t, feed(t, generator(t, emitter.Options{Seed: 7, Future: future}), o), 400) {
				var got, want map[string]any
				if err := json.Unmarshal(present(body, plain[i]), &got); err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal(plain[i], &want); err != nil {
					t.Fatal(err)
				}
				if what := beyond(want, got, ""); what != "" && what != "webhook.version" && what != "repo.subdomain" {
					t.Fatalf("with another %s, %s differs\n%s\n%s", name, what, plain[i], body)
				}
			}
		}
	}
}

// beyond is where a value differs from what is wanted, besides what it has more
// than that.
func beyond(want, got any, path string) string {
	switch want := want.(type) {
	case map[string]any:
		other, _ := got.(map[string]any)
		for name, value := range want {
			if what := beyond(value, other[name], strings.TrimPrefix(path+"."+name, ".")); what != "" {
				return what
			}
		}
	case []any:
		other, _ := got.([]any)
		if len(other) != len(want) {
			return path
		}
		for i, value := range want {
			if what := beyond(value, other[i], path); what != "" {
				return what
			}
		}
	default:
		if want != got {
			// A comment may hold the URL of its repo.
			if path == "comment.content" {
				return ""
			}
			return path
		}
	}
	return ""
}

// What a schema leaves to chance is not the future's to change.
func TestFutureLeavesWhatSchemasLeaveToChance(t *testing.T) {
	set := overlaid(t)
	r := emitter.Request{Shape: doisUpdate}
	plain, later := generator(t, emitter.Options{Schemas: set}), generator(t, emitter.Options{Schemas: set, Future: emitter.Future{Properties: 1}})
	for r.Index = range 50 {
		a, b := gjson.ParseBytes(payload(t, plain, r)), gjson.ParseBytes(payload(t, later, r))
		for _, path := range []string{"dois.#", "dois.0.doi", "dois.1.note", "dois.1.revoked", "dois.1.public"} {
			if a.Get(path).Raw != b.Get(path).Raw {
				t.Fatalf("%s differs:\n%s\n%s", path, a.Raw, b.Raw)
			}
		}
	}
}

func TestStoryOfAFutureHasNoContradiction(t *testing.T) {
	known := knownScopes(t)
	for seed := range uint64(4) {
		g := generator(t, emitter.Options{Seed: seed, Future: emitter.Future{Scopes: 0.4, Properties: 0.5}})
		f := feed(t, g, emitter.FeedOptions{Story: true})
		m := newHubModel(emitter.DefaultHubURL)
		narrowed := 0
		for i, body := range fed(t, f, 1500) {
			if err := m.apply(body); err != nil {
				t.Fatalf("seed %d, event %d: %v\n%s", seed, i+1, err, body)
			}
			if !slices.Contains(known, gjson.GetBytes(body, "event.scope").String()) {
				narrowed++
			}
		}
		if narrowed < 300 {
			t.Errorf("seed %d: %d scopes are new", seed, narrowed)
		}
	}
}
