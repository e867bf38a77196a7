package emitter_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// nearestOf is the nearest of some scopes.
func nearestOf(scope string, known []string) string {
	nearest, _ := schemas.Nearest(scope, func(scope string) bool { return slices.Contains(known, scope) })
	return nearest
}

func TestFutureScopesLieBelowEveryKnownOne(t *testing.T) {
	levels, roots, actions, known := map[int]int{}, map[string]int{}, map[string]bool{}, knownScopes(t)
	for _, body := range futureOf(t, emitter.Future{Scopes: 1}, 1500) {
		event := gjson.GetBytes(body, "event")
		scope := event.Get("scope").String()
		nearest := nearestOf(scope, known)
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
	if len(roots) != len(known) {
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
	known := append(knownScopes(t), dois)
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
		if nearest, _ := schemas.Nearest(scope, set.KnowsScope); nearest != "discussion" {
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
