package emitter_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// shapesToday returns the shapes that the Hub sends today.
func shapesToday(set *schemas.Set) []schemas.Shape {
	return slices.DeleteFunc(set.Shapes(), func(s schemas.Shape) bool { return s.Narrowed })
}

// knownScopes returns those of today; narrower ones are of a future.
func knownScopes(t *testing.T) []string {
	var scopes []string
	for _, shape := range shapesToday(embeddedSet(t)) {
		scopes = append(scopes, shape.Scope)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// futureOf returns payloads of a seed's future, of every shape in turn.
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

// members returns every object of a payload with the path to it, items without
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

// isOfFuture reports which parts of a future are in a payload.
func isOfFuture(body []byte, known []string, names map[string]bool) map[string]bool {
	p := gjson.ParseBytes(body)
	found := map[string]bool{
		"scopes":  !slices.Contains(known, p.Get("event.scope").String()),
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
	known, names := knownScopes(t), map[string]bool{}
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
			for part, found := range isOfFuture(body, known, names) {
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
