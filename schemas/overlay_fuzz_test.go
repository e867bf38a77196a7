package schemas_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/hubhook/hubhook/schemas"
)

// FuzzOverlay loads whatever may be in a directory. Neither that nor using it may panic.
func FuzzOverlay(f *testing.F) {
	for _, seed := range []struct{ name, text string }{
		{doisUpdate + ".json", `{"$ref": "parts/repo.json#/properties/url", "x-strict": {"required": ["webhook"]}}`},
		{"parts/repo.json", `{"properties": {"a": {"$ref": "#"}}, "patternProperties": {"^[a-z]{1,1000}$": false}}`},
		{"parts/sha.json", `{"$ref": "account.json"}`},
		{"parts/x.json", `{"$anchor": "a", "$dynamicAnchor": "b", "items": {"$dynamicRef": "#b"}, "not": {"$ref": "#a"}}`},
		{"narrowed/repo.config.json", `{"if": {"const": {}}, "then": {"enum": [1e300]}, "multipleOf": 1e-9, "minItems": 1e300}`},
		{"parts/event.json", `{"prefixItems": [true], "items": false, "contains": {}, "minContains": 0, "uniqueItems": true}`},
		{"parts/a~1%41.json", `{}`},
		{"parts/f.json", `{"format": "regex", "contentMediaType": "application/json", "contentSchema": {"$ref": "#/%7e1"}}`},
		{"parts/v.json", `{"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}, "$ref": "https://json-schema.org/draft/2020-12/schema"}`},
	} {
		f.Add(seed.name, []byte(seed.text))
	}
	payload := sample(f, repoUpdate)
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if !fs.ValidPath(name) {
			return // no file system has it
		}
		set, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{name: {Data: text}}})
		if err != nil {
			return
		}
		doc := decode(t, payload)
		for _, part := range append(set.Parts(), doisUpdate, repoUpdate) {
			// A schema may well have no tree; it may not bring down what asks.
			set.Tree(part)
			for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
				for _, value := range []any{doc, nil, "x", []any{doc, nil}} {
					if _, err := set.JudgeAs(part, value, reading); err != nil {
						t.Errorf("%s: %v", part, err)
					}
				}
			}
		}
	})
}
