package emitter_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
)

// overlayDir adds a shape for a scope of the future.
var overlayDir = os.DirFS("testdata/overlay")

const doisUpdate = "repo.config.dois.update"

func TestShapeOfAnOverlayIsEmittedWithoutAnyGo(t *testing.T) {
	set := overlaid(t)
	g := generator(t, emitter.Options{Schemas: set})
	if g.Schemas() != set {
		t.Error("it goes by other schemas")
	}
	seen := map[string]map[string]bool{"state": {}, "doi": {}, "version": {}, "public": {}, "note": {}}
	counts, revoked := map[int]bool{}, 0
	for index := range uint64(100) {
		text := payload(t, g, emitter.Request{Shape: doisUpdate, Index: index})
		if schema, found := problems(t, set, text); schema != doisUpdate || len(found) > 0 {
			t.Fatalf("index %d, judged by %s: %v\n%s", index, schema, found, text)
		}
		dois := gjson.GetBytes(text, "dois").Array()
		counts[len(dois)] = true
		for _, doi := range dois {
			for name := range seen {
				seen[name][doi.Get(name).Raw] = true
			}
			if doi.Get("revoked").Exists() {
				revoked++
			}
		}
	}
	for name, values := range seen {
		if len(values) < 2 {
			t.Errorf("%s is always %v", name, values)
		}
	}
	if len(counts) != 3 {
		t.Errorf("arrays have %v items", counts)
	}
	if revoked == 0 || len(seen["doi"]) == revoked {
		t.Errorf("an optional property is there %d times of %d", revoked, len(seen["doi"]))
	}
}

func TestOverlayLeavesTheOtherPayloadsAsTheyWere(t *testing.T) {
	set := overlaid(t)
	plain, more := generator(t, emitter.Options{}), generator(t, emitter.Options{Schemas: set})
	for _, shape := range []string{"repo.update", "repo.config.update", "discussion.comment.*"} {
		r := emitter.Request{Shape: shape, Index: 5}
		if a, b := payload(t, plain, r), payload(t, more, r); string(a) != string(b) {
			t.Errorf("%s:\n%s\n%s", shape, a, b)
		}
	}
}

func TestSchemaThatNoPlanCanFollowTellsItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, schema string
		says         []string
	}{
		{"unknown part of the world", `{"type": "string", "x-from": "world:repo.stars"}`, []string{"x-from", `"repo.stars"`}},
		{"unknown function", `{"type": "string", "x-from": "fake:unicorn"}`, []string{"x-from", `"unicorn"`}},
		{"function of another type", `{"type": "boolean", "x-from": "fake:hackerphrase"}`, []string{"x-from", "hackerphrase", "boolean"}},
		{"text for an object", `{"type": "object", "x-from": "world:repo.name"}`, []string{"x-from", "world:repo.name"}},
		{"items for a text", `{"type": "string", "x-from": "world:refs"}`, []string{"x-from", "world:refs"}},
		{"format that nothing makes", `{"type": "string", "format": "duration"}`, []string{`"duration"`, "x-from"}},
		{"bounds beyond exact numbers", `{"type": "integer", "minimum": 1e20}`, []string{"bound"}},
		{"bounds with nothing between", `{"type": "integer", "minimum": 5, "maximum": 4}`, []string{"bounds"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"type": "object", "properties": {"doi": ` + c.schema + `}}`
			set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{doisUpdate + ".json": {Data: []byte(text)}}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = emitter.New(emitter.Options{Schemas: set})
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range append(c.says, doisUpdate+".json#/properties/doi") {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
		})
	}
}

// A broken schema does not come as far as the generator.
func TestBrokenSchemaStopsTheGenerator(t *testing.T) {
	_, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{doisUpdate + ".json": {Data: []byte(`{"type": 5}`)}}})
	if err == nil || !strings.Contains(err.Error(), doisUpdate+".json#/type") {
		t.Errorf("%v", err)
	}
}
