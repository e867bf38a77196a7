package emitter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// knownScopes are those of today; narrower ones are of a future.
var knownScopes = []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"}

// futureOf gives payloads of a seed's future, of every shape in turn.
func futureOf(t *testing.T, f emitter.Future, n int) [][]byte {
	t.Helper()
	return fed(t, feed(t, generator(t, emitter.Options{Seed: 7, Future: f}), emitter.FeedOptions{}), n)
}

// openly checks that a handler must take a payload.
func openly(t *testing.T, set *schemas.Set, body []byte) {
	t.Helper()
	doc, err := schemas.Decode(body)
	if err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	judgement, err := set.Judge(doc, schemas.Open)
	if err != nil || len(judgement.Problems) > 0 {
		t.Fatalf("%v %v\n%s", err, judgement.Problems, body)
	}
}

func embeddedSet(t *testing.T) *schemas.Set {
	t.Helper()
	g, err := seven()
	if err != nil {
		t.Fatal(err)
	}
	return g.Schemas()
}

// nearestOf is the nearest of some scopes.
func nearestOf(scope string, known []string) string {
	nearest, _ := schemas.Nearest(scope, func(scope string) bool { return slices.Contains(known, scope) })
	return nearest
}

func TestFutureScopesLieBelowEveryKnownOne(t *testing.T) {
	levels, roots, actions := map[int]int{}, map[string]int{}, map[string]bool{}
	for _, body := range futureOf(t, emitter.Future{Scopes: 1}, 1500) {
		event := gjson.GetBytes(body, "event")
		scope := event.Get("scope").String()
		nearest := nearestOf(scope, knownScopes)
		if nearest == scope || nearest == "" {
			t.Fatalf("the scope %q is no new one", scope)
		}
		levels[strings.Count(scope, ".")-strings.Count(nearest, ".")]++
		roots[nearest]++
		actions[event.Get("action").String()] = true
		if _, found := problems(t, embeddedSet(t), body); len(found) > 0 {
			t.Fatalf("%v\n%s", found, body)
		}
	}
	if len(levels) != 3 || levels[1] < levels[3] || levels[3] < 50 {
		t.Errorf("scopes lie so many levels below: %v", levels)
	}
	if len(roots) != len(knownScopes) {
		t.Errorf("known scopes with narrower ones: %v", roots)
	}
	for _, action := range []string{"create", "update", "delete", "move", "minted", "archived"} {
		if !actions[action] {
			t.Errorf("%s is never an action: %v", action, slices.Sorted(maps.Keys(actions)))
		}
	}
}

// A scope that the user's schemas know is none of the future, and there are
// narrower ones below it, too.
func TestFutureScopesKeepClearOfThoseOfAnOverlay(t *testing.T) {
	const dois = "repo.config.dois"
	set := overlaid(t)
	known := append(slices.Clone(knownScopes), dois)
	g := generator(t, emitter.Options{Schemas: set, Seed: 7, Future: emitter.Future{Scopes: 1}})
	roots := map[string]int{}
	for _, body := range fed(t, feed(t, g, emitter.FeedOptions{}), 1200) {
		scope := gjson.GetBytes(body, "event.scope").String()
		nearest := nearestOf(scope, known)
		if nearest == scope {
			t.Fatalf("%s is known", scope)
		}
		roots[nearest]++
		openly(t, set, body)
	}
	if len(roots) != len(known) {
		t.Errorf("known scopes with narrower ones: %v", roots)
	}
	for _, body := range fed(t, feed(t, g, emitter.FeedOptions{Shapes: []string{"repo.config.*"}}), 300) {
		if scope := gjson.GetBytes(body, "event.scope").String(); nearestOf(scope, known) != "repo.config" {
			t.Fatalf("%s is not just below repo.config", scope)
		}
	}
}

// However much the schemas know, there is something new.
func TestFutureScopesDoNotRunOut(t *testing.T) {
	overlay := fstest.MapFS{}
	for _, body := range futureOf(t, emitter.Future{Scopes: 1}, 3000) {
		scope := strings.Split(gjson.GetBytes(body, "event.scope").String(), ".")
		if scope[0] == "discussion" && scope[1] != "comment" {
			overlay["discussion."+scope[1]+".update.json"] = &fstest.MapFile{Data: []byte(`{"$ref": "discussion.update.json"}`)}
		}
	}
	set, err := schemas.Load(schemas.Options{Overlay: overlay})
	if err != nil {
		t.Fatal(err)
	}
	g := generator(t, emitter.Options{Schemas: set})
	for index := range uint64(20) {
		scope := gjson.GetBytes(payload(t, g, emitter.Request{Shape: "discussion.*", Index: index}), "event.scope").String()
		if nearest, _ := schemas.Nearest(scope, set.Knows); nearest != "discussion" {
			t.Errorf("%d scopes are known, and %s is one", len(overlay), scope)
		}
	}
}

func TestScopesBelowOneOfTheFuture(t *testing.T) {
	g := generator(t, emitter.Options{})
	f := feed(t, generator(t, emitter.Options{Future: emitter.Future{Scopes: 0.5}}), emitter.FeedOptions{Shapes: []string{"repo.config.dois.minted"}})
	below := 0
	for i, body := range fed(t, f, 200) {
		drawn := payload(t, g, emitter.Request{Shape: "repo.config.dois.*", Index: uint64(i)})
		for _, text := range [][]byte{body, drawn} {
			scope, action := gjson.GetBytes(text, "event.scope").String(), gjson.GetBytes(text, "event.action").String()
			if !strings.HasPrefix(scope+".", "repo.config.dois.") || action == "" || action == "*" {
				t.Fatalf("%s", text)
			}
			if scope != "repo.config.dois" {
				below++
			}
		}
	}
	if below < 250 || below > 350 {
		t.Errorf("%d of 400 are below", below)
	}
}

// members gives every object of a payload with the path to it, items without
// their numbers, and the names of its members in order.
func members(p gjson.Result, path string, see func(path string, names []string)) {
	var names []string
	p.ForEach(func(key, value gjson.Result) bool {
		inner := path + ".#"
		if p.IsObject() {
			names = append(names, key.String())
			inner = path + "." + key.String()
		}
		if value.IsObject() || value.IsArray() {
			members(value, inner, see)
		}
		return true
	})
	if p.IsObject() {
		see(strings.TrimPrefix(path, "."), names)
	}
}

func TestFuturePropertiesComeAtEveryLevel(t *testing.T) {
	plain, parents, today := map[string]map[string]bool{}, map[string]int{}, map[string]int{}
	for _, body := range futureOf(t, emitter.Future{}, 1100) {
		members(gjson.ParseBytes(body), "", func(path string, names []string) {
			if plain[path] == nil {
				plain[path] = map[string]bool{}
			}
			for _, name := range names {
				plain[path][name] = true
			}
		})
	}
	for _, body := range futureOf(t, emitter.Future{Properties: 1}, 1100) {
		more := 0
		members(gjson.ParseBytes(body), "", func(path string, names []string) {
			if plain[path] == nil {
				return // what is new may have members of its own
			}
			today[path]++
			sorted := slices.Sorted(slices.Values(names))
			if len(slices.Compact(sorted)) != len(names) {
				t.Fatalf("a name comes twice: %s", body)
			}
			for _, name := range names {
				if !plain[path][name] {
					parents[path]++
					more++
				}
			}
		})
		if more == 0 || !json.Valid(body) {
			t.Fatalf("nothing is new: %s", body)
		}
		openly(t, embeddedSet(t), body)
	}
	for path := range plain {
		if share := float64(parents[path]) / float64(today[path]); share < 0.2 || share > 0.55 {
			t.Errorf("%d of %d objects at %q have a new property", parents[path], today[path], path)
		}
	}
	if len(plain) < 15 {
		t.Errorf("objects are at %v", slices.Sorted(maps.Keys(plain)))
	}
}

func TestFutureTypesHaveURLsOfTheirOwn(t *testing.T) {
	kinds := map[string]int{}
	for _, body := range futureOf(t, emitter.Future{Types: 1}, 600) {
		repo := gjson.GetBytes(body, "repo")
		kind, name := repo.Get("type").String(), repo.Get("name").String()
		kinds[kind]++
		want := fmt.Sprintf("https://huggingface.co/%ss/%s https://huggingface.co/api/%ss/%s", kind, name, kind, name)
		if got := repo.Get("url.web").String() + " " + repo.Get("url.api").String(); got != want || repo.Get("subdomain").Exists() {
			t.Fatalf("URLs of a %s are %s", kind, got)
		}
		openly(t, embeddedSet(t), body)
	}
	if len(kinds) < 5 || kinds["model"]+kinds["dataset"]+kinds["space"]+kinds["bucket"] > 0 {
		t.Errorf("types are %v", kinds)
	}
}

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

func TestFutureVersionsAreHigher(t *testing.T) {
	versions := map[int64]bool{}
	for _, body := range futureOf(t, emitter.Future{Version: 1}, 100) {
		versions[gjson.GetBytes(body, "webhook.version").Int()] = true
		openly(t, embeddedSet(t), body)
	}
	if len(versions) < 2 || slices.Min(slices.Collect(maps.Keys(versions))) <= 3 {
		t.Errorf("versions are %v", versions)
	}
}

// isOfFuture tells which parts of a future are in a payload.
func isOfFuture(body []byte, names map[string]bool) map[string]bool {
	p := gjson.ParseBytes(body)
	found := map[string]bool{
		"scopes":  !slices.Contains(knownScopes, p.Get("event.scope").String()),
		"types":   !slices.Contains([]string{"model", "dataset", "space", "bucket"}, p.Get("repo.type").String()),
		"version": p.Get("webhook.version").Int() > 3,
	}
	members(p, "", func(_ string, members []string) {
		for _, name := range members {
			found["properties"] = found["properties"] || !names[name]
		}
	})
	return found
}

func TestChancesOfAFutureAreKept(t *testing.T) {
	const n = 4000
	names := map[string]bool{}
	for _, body := range futureOf(t, emitter.Future{}, 500) {
		members(gjson.ParseBytes(body), "", func(_ string, members []string) {
			for _, name := range members {
				names[name] = true
			}
		})
	}
	for _, want := range []emitter.Future{{}, {Scopes: 0.3}, {Properties: 0.7}, {Types: 0.2}, {Version: 0.05}, emitter.SomeFuture()} {
		counts := map[string]int{}
		for _, body := range futureOf(t, want, n) {
			for part, found := range isOfFuture(body, names) {
				if found {
					counts[part]++
				}
			}
		}
		for part, chance := range map[string]float64{"scopes": want.Scopes, "properties": want.Properties, "types": want.Types, "version": want.Version} {
			if share := float64(counts[part]) / n; share < chance-0.03 || share > chance+0.03 || chance > 0 && share == 0 {
				t.Errorf("%+v: %s are in %d of %d payloads", want, part, counts[part], n)
			}
		}
	}
}

func TestSomeFutureHasABitOfEverything(t *testing.T) {
	f := emitter.SomeFuture()
	for part, chance := range map[string]float64{"scopes": f.Scopes, "properties": f.Properties, "types": f.Types, "version": f.Version} {
		if chance <= 0 || chance >= 1 {
			t.Errorf("%s have a chance of %v", part, chance)
		}
	}
	if all, err := emitter.ParseFuture("all"); err != nil || all != f {
		t.Errorf("%+v, %v", all, err)
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

// What happens, and all else that is told of it, is the same with a future and
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

func TestFuturesOfOneSeedNeverDiffer(t *testing.T) {
	for _, o := range []emitter.FeedOptions{{}, {Story: true}} {
		one := fed(t, feed(t, generator(t, emitter.Options{Seed: 9, Future: emitter.SomeFuture()}), o), 500)
		again := fed(t, feed(t, generator(t, emitter.Options{Seed: 9, Future: emitter.SomeFuture()}), o), 500)
		other := fed(t, feed(t, generator(t, emitter.Options{Seed: 10, Future: emitter.SomeFuture()}), o), 500)
		if !slices.EqualFunc(one, again, bytes.Equal) || slices.EqualFunc(one, other, bytes.Equal) {
			t.Errorf("%+v: the seed does not decide", o)
		}
	}
}

func TestStoryOfAFutureHasNoContradiction(t *testing.T) {
	for seed := range uint64(4) {
		g := generator(t, emitter.Options{Seed: seed, Future: emitter.Future{Scopes: 0.4, Properties: 0.5}})
		f := feed(t, g, emitter.FeedOptions{Story: true})
		m := newHubModel(emitter.DefaultHubURL)
		narrowed := 0
		for i, body := range fed(t, f, 1500) {
			if err := m.tell(body); err != nil {
				t.Fatalf("seed %d, event %d: %v\n%s", seed, i+1, err, body)
			}
			if !slices.Contains(knownScopes, gjson.GetBytes(body, "event.scope").String()) {
				narrowed++
			}
		}
		if narrowed < 300 {
			t.Errorf("seed %d: %d scopes are new", seed, narrowed)
		}
	}
}

func TestFutureIsRead(t *testing.T) {
	for text, want := range map[string]emitter.Future{
		"scopes":                     {Scopes: 1},
		"scopes=0.5,properties":      {Scopes: 0.5, Properties: 1},
		"types=0,version=1e-2":       {Version: 0.01},
		"version=1,types=1.0,scopes": {Version: 1, Types: 1, Scopes: 1},
		"scopes=0.1,scopes=0.2":      {Scopes: 0.2}, // the last word counts
	} {
		if got, err := emitter.ParseFuture(text); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
}

func TestWrongFutureIsAnErrorOfOneLine(t *testing.T) {
	for text, says := range map[string]string{
		"":                "unknown part",
		"scope":           `"scope"`,
		"Scopes":          `"Scopes"`,
		"scopes,":         `""`,
		"scopes=2":        "from 0 to 1",
		"scopes=-0.1":     `"-0.1"`,
		"types=often":     `types: the chance`,
		"types=":          `""`,
		"types=NaN":       `"NaN"`,
		"types=1=1":       `"1=1"`,
		"all,scopes":      "alone",
		"all=0.5":         "alone",
		"new\nline":       `"new\nline"`,
		"version=0\n":     `"0\n"`,
		"scopes properly": `"scopes properly"`,
	} {
		got, err := emitter.ParseFuture(text)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") || got != (emitter.Future{}) {
			t.Errorf("%q is read as %+v, %v", text, got, err)
		}
	}
	for _, part := range emitter.FutureParts() {
		if _, err := emitter.ParseFuture(part + "=1"); err != nil {
			t.Error(err)
		}
	}
}
