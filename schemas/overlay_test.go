package schemas_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/schemas"
)

const doisUpdate = "repo.config.dois.update"

// overlay returns options for an overlay with one file.
func overlay(name, text string) schemas.Options {
	return schemas.Options{Overlay: fstest.MapFS{name: {Data: []byte(text)}}}
}

func TestOverlayAddsAShape(t *testing.T) {
	set := loadWith(t, schemas.Options{Overlay: os.DirFS("testdata/overlay")})
	if got, want := len(set.Shapes()), len(load(t).Shapes())+1; got != want || !set.KnowsScope("repo.config.dois") {
		t.Errorf("%d shapes, want %d", got, want)
	}
	for _, c := range []struct{ scope, action, want string }{
		{"repo.config.dois", "update", doisUpdate},
		{"repo.config.dois", "minted", "repo.config.*"},
		{"repo.config.dois.versions", "update", "repo.config.*"}, // no narrower one is described
		{"repo.config", "update", "repo.config.update"},
	} {
		if shape, err := set.ShapeOf(c.scope, c.action); err != nil || shape.Name != c.want {
			t.Errorf("Find(%q, %q) = %q, %v; want %q", c.scope, c.action, shape.Name, err, c.want)
		}
	}
	shape, scope, action, err := set.ShapeByName(doisUpdate)
	want := schemas.Shape{Name: doisUpdate, Scope: "repo.config.dois", Action: "update"}
	if err != nil || shape != want || scope != want.Scope || action != want.Action {
		t.Errorf("Named: %+v, %q, %q, %v", shape, scope, action, err)
	}
}

func TestOverlayShapesAreJudged(t *testing.T) {
	set := loadWith(t, schemas.Options{Overlay: os.DirFS("testdata/overlay")})
	doc := changed(t, sample(t, repoUpdate), change{"event.scope", `"repo.config.dois"`})
	for _, c := range []struct {
		name, dois string
		want       []finding
	}{
		{"right", `["10.57967/hf/0001"]`, nil},
		{"missing", ``, []finding{{"", "required", "event, repo, webhook"}}},
		{"wrong item", `["10.57967/hf/0001", 2]`, []finding{{"/updatedDois/1", "type", `2`}}},
	} {
		for _, reading := range []schemas.Reading{schemas.Open, schemas.Strict} {
			got, err := set.Judge(decode(t, changed(t, doc, change{"updatedDois", c.dois})), reading)
			if err != nil || got.Schema != doisUpdate {
				t.Errorf("%s: judged by %q, %v", c.name, got.Schema, err)
			}
			if diff := cmp.Diff(c.want, findings(got.Problems)); diff != "" {
				t.Errorf("%s, %s: %s", c.name, reading, diff)
			}
		}
	}
}

func TestOverlayReplacesAPart(t *testing.T) {
	set := loadWith(t, overlay("parts/account.json", `{"type": "object", "required": ["id", "name"]}`))
	got, err := set.Judge(decode(t, sample(t, repoUpdate)), schemas.Open)
	want := []finding{{"/repo/owner", "required", "id"}}
	if diff := cmp.Diff(want, findings(got.Problems)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestOverlayAddsNarrowedScope(t *testing.T) {
	set := loadWith(t, overlay("narrowed/repo.config.dois.json", `{"type": "object", "required": ["dois"]}`))
	got, err := set.Judge(decode(t, changed(t, sample(t, repoUpdate), change{"event.scope", `"repo.config.dois.versions"`})), schemas.Open)
	if err != nil || got.Schema != "repo.config.dois.*" || got.Valid() {
		t.Errorf("judged by %q: %v, %v", got.Schema, got.Problems, err)
	}
}

func TestOverlayIgnoresOtherFiles(t *testing.T) {
	set := loadWith(t, overlay("README.md", "# Our schemas"))
	if diff := cmp.Diff(load(t).Shapes(), set.Shapes()); diff != "" {
		t.Error(diff)
	}
}

func TestLoadRejectsInvalidOverlays(t *testing.T) {
	for _, c := range []struct {
		name, file, text string
		says             []string
	}{
		{"broken JSON", doisUpdate + ".json", "{\n  \"type\": \"object\",\n  oops\n}", []string{doisUpdate + ".json", "line 3"}},
		{"unfinished", doisUpdate + ".json", "{\n  \"type\":", []string{doisUpdate + ".json", "line 2"}},
		{"two values", doisUpdate + ".json", "{}\n{}", []string{doisUpdate + ".json", "line 2", "more than one"}},
		{"empty", "parts/doi.json", "", []string{"parts/doi.json", "line 1"}},
		{"no object", "parts/doi.json", "true", []string{"parts/doi.json", "object"}},
		{"name without action", "dois.json", "{}", []string{"dois.json", "repo.config.dois.update.json"}},
		{"name in an unknown folder", "v4/repo.update.json", "{}", []string{"v4/repo.update.json", "narrowed/SCOPE.json"}},
		{"byte order mark", doisUpdate + ".json", "\ufeff{}", []string{doisUpdate + ".json", "byte order mark"}},
		{"name with a blank", "repo.two words.json", "{}", []string{"repo.two words.json", "parts/NAME.json"}},
		{"name that ends with a dot", "repo..json", "{}", []string{"repo..json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := schemas.Load(overlay(c.file, c.text))
			checkSays(t, err, c.says)
		})
	}
}

func TestLoadErrorsHaveLocations(t *testing.T) {
	for _, c := range []struct {
		name, text string
		says       []string
	}{
		{"x-from of a wrong type", `{"properties": {"doi": {"x-from": 5}}}`, []string{"#/properties/doi: x-from", "5"}},
		{"x-from of no kind", `{"properties": {"doi": {"x-from": "repo.name"}}}`, []string{"#/properties/doi: x-from", `"repo.name"`, "world:NAME"}},
		{"x-from of an unknown kind", `{"x-from": "moon:repo.name"}`, []string{"x-from", `"moon:repo.name"`}},
		{"x-from without a name", `{"x-from": "fake:"}`, []string{"x-from", `"fake:"`}},
		{"keyword of a wrong type", `{"properties": {"doi": {"minLength": "3"}}}`, []string{"#/properties/doi/minLength: ", `"3"`}},
		{"unknown type", `{"type": "text"}`, []string{"#/type: ", `"string"`, `"text"`}},
		{"pattern that is none", `{"properties": {"doi": {"pattern": "(10"}}}`, []string{"#/properties/doi/pattern: ", "(10"}},
		{"number out of all bounds", `{"properties": {"doi": {"minimum": 1e99999999}}}`, []string{"1e99999999", "out of range"}},
		{"wrong value under x-strict", `{"x-strict": {"properties": {"doi": {"required": "id"}}}}`, []string{"#/x-strict/properties/doi/required: "}},
		{"x-strict that is no schema", `{"x-strict": "yes"}`, []string{"#/x-strict: ", `"yes"`}},
		{"schema that is none", `{"properties": {"doi": "string"}}`, []string{"#/properties/doi: ", `"string"`}},
		{"encoding that is no text", `{"items": {"contentEncoding": {}}}`, []string{"#/items/contentEncoding: ", "string"}},
		{"format that is no text", `{"items": {"format": ["uri"]}}`, []string{"#/items/format: ", "string"}},
		{"dependency that is no schema", `{"dependencies": {"a": ["b", 5]}}`, []string{"#/dependencies/a: ", "5"}},
		{"dependencies that are none", `{"items": {"dependencies": 5}}`, []string{"#/items/dependencies: ", "an object of schemas"}},
		{"wrong value in a dependency", `{"dependencies": {"a": {"minLength": {}}}}`, []string{"#/dependencies/a/minLength: "}},
		{"wrong value in a definition", `{"definitions": {"a": {"pattern": "("}}}`, []string{"#/definitions/a/pattern: "}},
		{"wrong value in what a text holds", `{"contentSchema": {"items": {"minItems": -1}}}`, []string{"#/contentSchema/items/minItems: "}},
		{"name that stands twice", `{"type": "object", "required": [], "type": "array"}`, []string{"line 1", `"type"`, "twice"}},

		{"slip in a keyword", `{"properties": {"dois": {"requried": ["doi"]}}}`, []string{`#/properties/dois: unknown keyword "requried": did you mean "required"?`}},
		{"keyword of another case", `{"additionalproperties": false}`, []string{`#: unknown keyword "additionalproperties": did you mean "additionalProperties"?`}},
		{"slip in a keyword of ours", `{"properties": {"doi": {"x-form": "world:repo.name"}}}`, []string{`#/properties/doi: `, `"x-form"`, `"x-from"`}},
		{"keyword of another draft", `{"prefixItems": [{"items": {"additionalItems": false}}]}`, []string{`#/prefixItems/0/items: unknown keyword "additionalItems"`}},
		{"keyword unlike any", `{"allOf": [{"not": {"colour": 1}}]}`, []string{`#/allOf/0/not: unknown keyword "colour"`, "2020-12"}},
		{"slip below a name that needs escaping", `{"$defs": {"a/b": {"x-strict": {"tpye": "null"}}}}`, []string{`#/$defs/a~1b/x-strict: `, `"type"`}},
		{"slip in a condition", `{"if": {}, "then": {"patternProperties": {"^x": {"cosnt": 1}}}}`, []string{`#/then/patternProperties/^x: `, `"const"`}},

		{"another draft", `{"$schema": "http://json-schema.org/draft-07/schema#"}`, []string{"#/$schema: ", "draft-07", "2020-12"}},
		{"$id of another file", `{"$id": "https://github.com/hubhook/hubhook/schemas/v3/repo.update.json"}`, []string{"#/$id: ", "repo.update.json", doisUpdate}},
		{"$id within", `{"$defs": {"doi": {"$id": "doi.json"}}}`, []string{"#/$defs/doi/$id: ", `"#/$defs/doi"`}},

		{"$ref to a file that is not there", `{"properties": {"o": {"$ref": "parts/acount.json"}}}`, []string{`#/properties/o: $ref "parts/acount.json"`, "did you mean parts/account.json?"}},
		{"$ref under x-strict", `{"x-strict": {"$ref": "parts/nowhere.json"}}`, []string{`#/x-strict: $ref "parts/nowhere.json"`}},
		{"$ref to a pointer that is not there", `{"items": {"$ref": "parts/repo.json#/properties/stars"}}`, []string{`#/items: $ref "parts/repo.json#/properties/stars"`, "no /properties/stars in parts/repo.json"}},
		{"$ref to an anchor that is not there", `{"items": {"$ref": "#doi"}}`, []string{`#/items: $ref "#doi" leads nowhere: there is no doi in`}},
		{"$ref to what is no schema", `{"required": ["a"], "items": {"$ref": "#/required"}}`, []string{`#/items: $ref "#/required" leads to what is no schema`}},
		{"$ref to a value", `{"const": {"contentEncoding": {}}, "items": {"$ref": "#/const"}}`, []string{`$ref "#/const" leads to what is no schema`}},
		{"$dynamicRef to a pointer that is not there", `{"items": {"$dynamicRef": "#/x"}}`, []string{`$dynamicRef "#/x" leads nowhere`}},
		{"$ref of a wrong type", `{"items": {"$ref": 5}}`, []string{"#/items/$ref: "}},
		{"$ref that is no URL", `{"items": {"$ref": "http://[::1"}}`, []string{`#/items: $ref "http://[::1"`}},
		{"$ref to the network", `{"$ref": "http://example.org/x.json"}`, []string{`#: $ref "http://example.org/x.json" leads out`}},
		{"$ref above the schemas", `{"$ref": "../../x.json"}`, []string{`#: $ref "../../x.json" leads out`}},

		{"schema that is itself", `{"$ref": "#"}`, []string{"leads back to itself", "#/$ref"}},
		{"schema that is one of itself", `{"$defs": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}`, []string{"leads back to itself"}},
		{"schema that is strictly itself", `{"$defs": {"a": {"x-strict": {"$ref": "#/$defs/a"}}}, "items": {"$ref": "#/$defs/a"}}`, []string{"leads back to itself"}},
		{"file of this machine", `{"$ref": "file:///etc/hostname"}`, []string{"file:///etc/hostname"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := schemas.Load(overlay(doisUpdate+".json", c.text))
			checkSays(t, err, append(c.says, doisUpdate+".json"))
		})
	}
}

func TestLoadRejectsCyclesOfFiles(t *testing.T) {
	for _, c := range []struct{ name, a, b string }{
		{"at once", `{"$ref": "b.json"}`, `{"$ref": "a.json"}`},
		{"under conditions", `{"if": {"$ref": "b.json"}}`, `{"not": {"allOf": [{"$ref": "a.json"}]}}`},
		{"under the strict reading", `{"x-strict": {"$ref": "b.json"}}`, `{"x-strict": {"$ref": "a.json"}}`},
		{"further down", `{"properties": {"x": {"$ref": "b.json#/$defs/y"}}}`, `{"$defs": {"y": {"$ref": "a.json#/properties/x"}}}`},
		{"where a property is", `{"dependentSchemas": {"x": {"$ref": "b.json"}}}`, `{"dependencies": {"x": {"$ref": "a.json"}}}`},
	} {
		_, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{
			"parts/a.json": {Data: []byte(c.a)}, "parts/b.json": {Data: []byte(c.b)},
		}})
		checkSays(t, err, []string{"leads back to itself", "parts/a.json#"})
	}
}

// Members and items end with the payload.
func TestSchemaMayReferToItselfForParts(t *testing.T) {
	set := loadWith(t, overlay("parts/tree.json", `{"properties": {"children": {"items": {"$ref": "#"}}, "name": {"type": "string"}}}`))
	got, err := set.JudgeAs("tree", decode(t, []byte(`{"children": [{"children": [{"name": 1}]}]}`)), schemas.Open)
	want := []finding{{"/children/0/children/0/name", "type", `1`}}
	if diff := cmp.Diff(want, findings(got.Problems)); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

func TestLoadRejectsExponentialSchemas(t *testing.T) {
	defs := `"d40": {}`
	for i := range 40 {
		defs += fmt.Sprintf(`, "d%d": {"allOf": [{"$ref": "#/$defs/d%d"}, {"$ref": "#/$defs/d%d"}]}`, i, i+1, i+1)
	}
	for _, c := range []struct{ name, text, says string }{
		{"doubled forty times", `{"$defs": {` + defs + `}, "$ref": "#/$defs/d0"}`, "10000"},
		{"doubled further down", `{"$defs": {` + defs + `}, "items": {"properties": {"x": {"$ref": "#/$defs/d0"}}}}`, "10000"},
		{"nested", strings.Repeat(`{"not":`, 5000) + "{}" + strings.Repeat("}", 5000), "within each other"},
		{"long", `{"description": "` + strings.Repeat("x", 1<<20) + `"}`, "bytes"},
	} {
		_, err := schemas.Load(overlay("parts/big.json", c.text))
		checkSays(t, err, []string{"parts/big.json", c.says})
	}
}

func TestNamesAndValuesAreNotKeywords(t *testing.T) {
	loadWith(t, overlay(doisUpdate+".json", `{
		"title": "words", "$comment": "c", "deprecated": false, "default": {"requried": 1}, "examples": [{"x": 1}],
		"properties": {"requried": {"const": {"tpye": 1}}, "x-form": {"enum": [{"a": {"b": 1}}]}},
		"$defs": {"tpye": true}, "definitions": {"x": {"$anchor": "here"}}, "items": {"$ref": "#here"},
		"dependentRequired": {"a": ["b"]}, "dependencies": {"c": ["d"], "e": {"type": "object"}},
		"patternProperties": {"^x-": {"$ref": "#/$defs/tpye"}}, "unevaluatedProperties": {"x-strict": false}
	}`))
}

// Load doesn't check the embedded schemas.
func TestEmbeddedSchemasPassOverlayChecks(t *testing.T) {
	loadWith(t, schemas.Options{Overlay: os.DirFS("v3")})
}

func TestOverlayIgnoresHiddenFiles(t *testing.T) {
	set := loadWith(t, schemas.Options{Overlay: fstest.MapFS{
		".vscode/settings.json": {Data: []byte("// no JSON")}, "parts/._sha.json": {Data: []byte{0, 5}},
	}})
	if diff := cmp.Diff(load(t).Parts(), set.Parts()); diff != "" {
		t.Error(diff)
	}
}

func checkSays(t *testing.T, err error, says []string) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("%q is longer than a line", err)
	}
}

func TestSchemasNeverUseTheNetwork(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write([]byte(`{}`))
	}))
	defer server.Close()
	for _, text := range []string{
		`{"$ref": "` + server.URL + `/x.json"}`,
		`{"$schema": "` + server.URL + `/x.json"}`,
		`{"$id": "` + server.URL + `/x.json", "$ref": "y.json"}`,
	} {
		_, err := schemas.Load(overlay(doisUpdate+".json", text))
		checkSays(t, err, []string{server.URL, doisUpdate})
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
}

func TestTreeRejectsCycles(t *testing.T) {
	set := loadWith(t, overlay(doisUpdate+".json", `{"type": "object", "properties": {"parent": {"$ref": "#"}}}`))
	_, err := set.Tree(doisUpdate)
	checkSays(t, err, []string{doisUpdate + ".json", "itself"})
}

func TestTreeKeepsOrderOfProperties(t *testing.T) {
	tree, err := load(t).Tree("repo.update")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, field := range tree.Fields {
		got = append(got, field.Name)
		for _, inner := range field.Value.Fields {
			got = append(got, field.Name+"."+inner.Name)
		}
	}
	want := []string{
		"event", "event.action", "event.scope",
		"repo", "repo.type", "repo.name", "repo.id", "repo.private", "repo.subdomain", "repo.url", "repo.headSha", "repo.owner",
		"webhook", "webhook.id", "webhook.version",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
