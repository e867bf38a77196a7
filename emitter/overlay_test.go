package emitter_test

import (
	"encoding/json"
	"fmt"
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
		{"text for a number", `{"type": "integer", "x-from": "world:repo.name"}`, []string{"x-from", "world:repo.name"}},
		{"types with nothing in common", `{"type": ["string", "null"], "allOf": [{"type": "number"}]}`, []string{"number", "string or null"}},
		{"a format that a pattern forbids", `{"type": "string", "format": "uuid", "pattern": "^x"}`, []string{"format", "pattern", "x-from"}},
		{"items for a text", `{"type": "string", "x-from": "world:refs"}`, []string{"x-from", "world:refs"}},
		{"format that nothing makes", `{"type": "string", "format": "duration"}`, []string{`"duration"`, "x-from"}},
		{"bounds beyond exact numbers", `{"type": "integer", "minimum": 1e20}`, []string{"bound"}},
		{"bounds with nothing between", `{"type": "integer", "minimum": 5, "maximum": 4}`, []string{"bounds"}},
		{"exclusive bounds with nothing between", `{"type": "integer", "exclusiveMinimum": 4, "exclusiveMaximum": 5}`, []string{"bounds"}},
		{"no multiple between the bounds", `{"type": "integer", "minimum": 8, "maximum": 13, "multipleOf": 7}`, []string{"bounds"}},
		{"multiples of a fraction", `{"type": "number", "multipleOf": 0.5}`, []string{"multiples", "x-from"}},
		{"lengths with nothing between", `{"type": "string", "minLength": 5, "maxLength": 4}`, []string{"at least 5", "at most 4"}},
		{"a text without end", `{"type": "string", "minLength": 1e15}`, []string{"characters"}},
		{"items with nothing between", `{"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 2}`, []string{"at least 3", "at most 2"}},
		{"items where none may be", `{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 0}`, []string{"at least 1", "at most 0"}},
		{"items that may not be", `{"type": "array", "items": false, "minItems": 1}`, []string{"at least 1", "at most 0"}},
		{"an array without end", `{"type": "array", "items": {"type": "string"}, "minItems": 1e12}`, []string{"items"}},
		{"arrays in arrays without end", `{"type": "array", "minItems": 900, "items": {"type": "array", "minItems": 900, "items": {"type": "array", "minItems": 900, "items": {"type": "integer"}}}}`, []string{"items"}},
		{"more unique items than there are", `{"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 3, "uniqueItems": true}`, []string{"at least 3", "at most 2"}},
		{"more truths than there are", `{"type": "array", "items": {"type": "boolean"}, "minItems": 3, "uniqueItems": true}`, []string{"at least 3", "at most 2"}},
		{"a pattern that repeats what repeats", `{"type": "string", "pattern": "^((((((a*)b)*c)*d)*e)*f)*$"}`, []string{"pattern", "x-from"}},
		{"nothing on the list", `{"type": "string", "enum": [1, 2]}`, []string{"enum"}},
		{"lists with nothing in common", `{"enum": ["a"], "allOf": [{"enum": ["b"]}]}`, []string{"enum"}},
		{"a pattern that nothing matches", `{"type": "string", "pattern": "a^b"}`, []string{"pattern", "x-from"}},
		{"a pattern that a length forbids", `{"type": "string", "pattern": "^a{9}$", "maxLength": 8}`, []string{"pattern", "x-from"}},
		{"a format that a length forbids", `{"type": "string", "format": "uuid", "maxLength": 8}`, []string{"format", "x-from"}},
		{"fractions for an integer", `{"type": "integer", "x-from": "fake:float64"}`, []string{"float64", "integer"}},
		{"fractions within a range for an integer", `{"type": "integer", "x-from": "fake:price"}`, []string{"price", "integer"}},
		{"what gives other values each time", `{"type": "string", "x-from": "fake:pastdate"}`, []string{"pastdate", "seed"}},
		{"a text that is always too long", `{"type": "string", "x-from": "fake:hackerphrase", "maxLength": 4}`, []string{"hackerphrase"}},
		{"a discussion where there is none", `{"type": "string", "x-from": "world:discussion.title"}`, []string{"x-from", "discussion.title", "repo.config"}},
		{"a comment where there is none", `{"type": "string", "x-from": "world:comment.content"}`, []string{"x-from", "comment.content"}},
		{"a reference outside of a push's", `{"type": "string", "x-from": "world:ref.name"}`, []string{"x-from", "ref.name", "world:refs"}},
		{"a move where there is none", `{"type": "string", "x-from": "world:movedTo.name"}`, []string{"x-from", "movedTo.name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
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

// overlay loads schemas of a user's own, by their file names.
func overlay(t testing.TB, files map[string]string) *schemas.Set {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := schemas.Load(schemas.Options{Overlay: tree})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// valid looks at many payloads of a shape, each of which must be what the schemas
// say, and returns how many different values each of some paths has.
func valid(t *testing.T, set *schemas.Set, shape string, paths ...string) map[string]int {
	t.Helper()
	g := generator(t, emitter.Options{Schemas: set, Seed: 7})
	seen := map[string]map[string]bool{}
	for index := range uint64(200) {
		body := payload(t, g, emitter.Request{Shape: shape, Index: index})
		if schema, found := problems(t, set, body); len(found) > 0 || !json.Valid(body) {
			t.Fatalf("index %d, judged by %s: %v\n%.3000s", index, schema, found, body)
		}
		for _, path := range paths {
			if seen[path] == nil {
				seen[path] = map[string]bool{}
			}
			seen[path][gjson.GetBytes(body, path).Raw] = true
		}
	}
	counts := map[string]int{}
	for path, values := range seen {
		counts[path] = len(values)
	}
	return counts
}

// properties are a schema of each kind that a generator follows, with how many
// different values it gives at least, and at most where that is not 0.
var properties = []struct {
	name, schema string
	least, most  int
}{
	{"length", `{"type": "string", "minLength": 30, "maxLength": 40}`, 100, 0},
	{"exactLength", `{"type": "string", "minLength": 7, "maxLength": 7}`, 50, 0},
	{"longText", `{"type": "string", "minLength": 5000}`, 100, 0},
	{"noText", `{"type": "string", "maxLength": 0}`, 1, 1},
	{"short", `{"type": "string", "maxLength": 3}`, 20, 0},
	{"allLengths", `{"type": "string", "allOf": [{"minLength": 3}, {"minLength": 9}, {"maxLength": 30}, {"maxLength": 12}, {"maxLength": 20}]}`, 20, 0},
	{"bounds", `{"type": "integer", "minimum": 3, "maximum": 5}`, 3, 3},
	{"exclusive", `{"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5}`, 1, 1},
	{"fractions", `{"type": "number", "exclusiveMinimum": 0.5, "maximum": 3.999}`, 3, 3},
	{"allBounds", `{"type": "integer", "allOf": [{"minimum": 5}, {"minimum": 2}, {"maximum": 7}, {"maximum": 9}]}`, 3, 3},
	{"negative", `{"type": "integer", "maximum": -7}`, 2, 0},
	{"negativeSteps", `{"type": "integer", "minimum": -20, "maximum": -7, "multipleOf": 5}`, 3, 3},
	{"steps", `{"type": "integer", "minimum": 1, "multipleOf": 7}`, 50, 0},
	{"stepsOfBoth", `{"type": "integer", "minimum": 1, "maximum": 60, "allOf": [{"multipleOf": 4}, {"multipleOf": 6}]}`, 5, 5},
	{"exact", `{"type": "integer", "minimum": 9007199254740991}`, 1, 0},
	{"any", `{}`, 1, 0},
	{"null", `{"type": "null"}`, 1, 1},
	{"nullOrText", `{"type": ["null", "string"]}`, 1, 0},
	{"enum", `{"enum": ["a \"b\" \\ c", "日本 <é> &", "", "\u2028", 1, null, true, {"a": [1, {}]}, [2]]}`, 9, 9},
	{"typedEnum", `{"type": "string", "enum": ["a", "b", 3, null]}`, 2, 2},
	{"listedObjects", `{"type": "object", "enum": [{"a": 1}, {"a": 2}]}`, 2, 2},
	{"listedArrays", `{"type": "array", "items": {"type": "integer"}, "enum": [[1], [2, 3]]}`, 2, 2},
	{"bothEnums", `{"enum": ["a", "b", "c"], "allOf": [{"enum": ["b", "c", "d"]}]}`, 2, 2},
	{"const", `{"const": "<\"é\">"}`, 1, 1},
	{"constObject", `{"const": {"b": [1.0, {"<": "&"}], "a": null}}`, 1, 1},
	{"constArray", `{"type": "array", "const": [[], {}]}`, 1, 1},
	{"pattern", `{"type": "string", "pattern": "^[a-f]{3}-(x|yy)\\d+$"}`, 100, 0},
	{"patternAndLength", `{"type": "string", "pattern": "^[a-z]+$", "minLength": 4, "maxLength": 6}`, 100, 0},
	{"patternInside", `{"type": "string", "pattern": "\\d\\s?[^a-z]"}`, 50, 0},
	{"patternBeyondASCII", `{"type": "string", "pattern": "^[äöü日]{2,4}$"}`, 50, 0},
	{"format", `{"type": "string", "format": "uuid"}`, 200, 0},
	{"formatOfAnySort", `{"format": "date"}`, 50, 0},
	{"formatAndPattern", `{"type": "string", "format": "uuid", "pattern": "^[0-7]"}`, 200, 0},
	{"formatOfNoGenerator", `{"type": "string", "format": "duration", "pattern": "^P[1-9]D$"}`, 9, 9},
	{"typesInCommon", `{"type": ["number", "string"], "allOf": [{"type": ["integer", "null"]}]}`, 100, 0},
	{"number", `{"type": "number", "x-from": "world:webhook.version"}`, 1, 1},
	{"array", `{"type": "array", "items": {"type": "boolean"}}`, 5, 0},
	{"noItems", `{"type": "array", "items": {"type": "boolean"}, "maxItems": 0}`, 1, 1},
	{"fewItems", `{"type": "array", "items": {"type": "boolean"}, "allOf": [{"maxItems": 2}, {"maxItems": 5}, {"minItems": 2}]}`, 4, 4},
	{"manyItems", `{"type": "array", "items": {"const": 1}, "minItems": 500, "maxItems": 500}`, 1, 1},
	{"anyItems", `{"type": "array", "minItems": 2}`, 1, 0},
	{"falseItems", `{"type": "array", "items": false}`, 1, 1},
	{"unique", `{"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 3}, "minItems": 3, "uniqueItems": true}`, 6, 6},
	{"uniqueWords", `{"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 2, "uniqueItems": true}`, 12, 12},
	{"uniqueObjects", `{"type": "array", "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 4}}}, "minItems": 4, "uniqueItems": true}`, 50, 0},
	{"grid", `{"type": "array", "minItems": 2, "items": {"type": "array", "maxItems": 2, "items": {"type": "array", "items": {"type": "integer"}}}}`, 100, 0},
	{"nested", `{"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "object", "properties": {"c": {"type": "string"}, "d": {"type": "integer"}}}}}, "z": {"type": "boolean"}}}`, 20, 0},
	{"optionalAll", `{"type": "object", "properties": {"a": {"const": 1}, "b": {"type": "boolean"}, "c": {"type": "boolean"}}, "additionalProperties": false}`, 5, 0},
	{"emptyObject", `{"type": "object"}`, 1, 1},
	{"undescribed", `{"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string"}}}`, 20, 0},
	{"names", `{"type": "object", "required": ["a\"b", "<é>", "0", "x.y"], "properties": {"a\"b": {"const": 1}, "<é>": {"const": 2}, "0": {"const": 3}, "x.y": {"const": 4}}}`, 1, 1},
	{"anyOf", `{"anyOf": [{"type": "null"}, {"type": "string", "minLength": 20}, {"type": "integer"}]}`, 20, 0},
	{"oneOf", `{"oneOf": [{"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}, {"type": "string"}]}`, 20, 0},
	{"ref", `{"$ref": "#/$defs/doi"}`, 100, 0},
	{"refToAProperty", `{"$ref": "#/properties/bounds"}`, 3, 3},
	{"refAndMore", `{"$ref": "#/$defs/doi", "maxLength": 12}`, 50, 0},
	{"refWithSlash", `{"$ref": "#/$defs/a~1b"}`, 1, 1},
	{"refToARef", `{"$ref": "#/$defs/again"}`, 100, 0},
	{"name", `{"type": "string", "x-from": "world:repo.name"}`, 100, 0},
	{"owner", `{"$ref": "parts/account.json", "properties": {"id": {"x-from": "world:owner.id"}}}`, 20, 0},
	{"commits", `{"type": "array", "items": {"type": "string", "x-from": "world:repo.headSha"}}`, 2, 0},
	{"absent", `{"type": "array", "items": {"type": "boolean", "x-from": "world:config.private"}}`, 2, 0},
	{"absentUnique", `{"type": "array", "items": {"type": "boolean", "x-from": "world:config.private"}, "uniqueItems": true}`, 2, 0},
	{"fake", `{"type": "string", "x-from": "fake:hackerphrase"}`, 100, 0},
	{"fakeNumber", `{"type": "integer", "x-from": "fake:day"}`, 20, 31},
	{"fakeObject", `{"x-from": "fake:creditcardcvv"}`, 100, 0},
	{"fakeInBounds", `{"type": "string", "x-from": "fake:username", "maxLength": 9}`, 50, 0},
}

func TestEachKindOfSchemaGivesWhatItAllows(t *testing.T) {
	var described, required, paths []string
	for _, p := range properties {
		described = append(described, fmt.Sprintf("%q: %s", p.name, p.schema))
		required = append(required, fmt.Sprintf("%q", p.name))
		paths = append(paths, p.name)
	}
	set := overlay(t, map[string]string{doisUpdate + ".json": `{"type": "object",
		"required": ["event", "repo", "webhook", ` + strings.Join(required, ", ") + `],
		"properties": {
			"event": {"$ref": "parts/event.json"}, "repo": {"$ref": "parts/repo.json"}, "webhook": {"$ref": "parts/webhook.json"},
			` + strings.Join(described, ",\n") + `
		},
		"$defs": {"doi": {"type": "string", "pattern": "^10\\.[0-9]{5,9}$"}, "a/b": {"const": "slash"}, "again": {"$ref": "#/$defs/doi"}}
	}`})
	counts := valid(t, set, doisUpdate, paths...)
	for _, p := range properties {
		if got := counts[p.name]; got < p.least || p.most > 0 && got > p.most {
			t.Errorf("%s has %d different values, want %d to %d", p.name, got, p.least, p.most)
		}
	}
}

// What a function gives is written as JavaScript writes it.
func TestFakeValuesEscapeNothingThatNeedNotBe(t *testing.T) {
	set := overlay(t, map[string]string{doisUpdate + ".json": `{"properties": {"made": {"type": "array", "minItems": 40, "items": {"x-from": "fake:emojicategory"}}}}`})
	body := payload(t, generator(t, emitter.Options{Schemas: set}), emitter.Request{Shape: doisUpdate})
	if text := string(body); !strings.Contains(text, " & ") || strings.Contains(text, `\u0026`) {
		t.Errorf("%s", text)
	}
}

// Not every file of a push has a hash.
func TestWhatASceneHasNoValueForLeavesNoGap(t *testing.T) {
	set := overlay(t, map[string]string{"repo.content.lfs.update.json": `{"properties": {
		"repo": {"$ref": "parts/repo.json"},
		"files": {"type": "array", "x-from": "world:files", "items": {"type": "string", "x-from": "world:file.path"}},
		"hashes": {"type": "array", "x-from": "world:files", "items": {"type": "string", "x-from": "world:file.xetHash"}},
		"unique": {"type": "array", "uniqueItems": true, "x-from": "world:files", "items": {"type": "string", "x-from": "world:file.xetHash"}}
	}}`})
	g := generator(t, emitter.Options{Schemas: set, Scene: emitter.Scene{RepoType: "bucket"}})
	gaps := 0
	for _, body := range fed(t, feed(t, g, emitter.FeedOptions{Shapes: []string{"repo.content.lfs.update"}}), 200) {
		p := gjson.ParseBytes(body)
		if !json.Valid(body) || p.Get("hashes").Raw != p.Get("unique").Raw {
			t.Fatalf("%s", body)
		}
		if p.Get("hashes.#").Int() < p.Get("files.#").Int() {
			gaps++
		}
	}
	if gaps < 20 {
		t.Errorf("%d pushes delete files", gaps)
	}
}

func TestShapeThatIsReplacedIsGeneratedAsItStands(t *testing.T) {
	set := overlay(t, map[string]string{"repo.update.json": `{"type": "object", "required": ["event", "repo", "webhook", "by"],
		"properties": {
			"event": {"$ref": "parts/event.json"}, "repo": {"$ref": "parts/repo.json"}, "webhook": {"$ref": "parts/webhook.json"},
			"by": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "x-from": "fake:username"}}}
		}}`})
	if counts := valid(t, set, "repo.update", "by.name"); counts["by.name"] < 100 {
		t.Errorf("%v", counts)
	}
}

func TestPartThatIsReplacedIsInAllShapes(t *testing.T) {
	set := overlay(t, map[string]string{
		"parts/webhook.json": `{"type": "object", "required": ["id", "version", "attempt"], "properties": {
			"id": {"$ref": "objectId.json", "x-from": "world:webhook.id"}, "version": {"const": 3}, "attempt": {"type": "integer", "minimum": 1, "maximum": 5}
		}, "additionalProperties": {"x-strict": false}}`,
		"parts/extra.json": `{"type": "boolean"}`,
	})
	for _, shape := range set.Shapes() {
		if counts := valid(t, set, shape.Name, "webhook.attempt", "webhook.id"); counts["webhook.attempt"] != 5 || counts["webhook.id"] != 1 {
			t.Errorf("%s: %v", shape.Name, counts)
		}
	}
}

// What the world knows of a discussion, a shape of discussions may contain where
// the Hub does not.
func TestCommentOfADiscussionIsTheLatestOfIt(t *testing.T) {
	set := overlay(t, map[string]string{"discussion.update.json": `{"type": "object", "required": ["event", "repo", "webhook", "discussion", "comment"],
		"properties": {
			"event": {"$ref": "parts/event.json"}, "repo": {"$ref": "parts/repo.json"}, "webhook": {"$ref": "parts/webhook.json"},
			"discussion": {"$ref": "parts/discussion.json"}, "comment": {"$ref": "parts/comment.json"}
		}}`})
	valid(t, set, "discussion.update")
	f := feed(t, generator(t, emitter.Options{Schemas: set}), emitter.FeedOptions{Story: true})
	made := map[string]string{} // the discussion of each comment
	for _, body := range fed(t, f, 3000) {
		p := gjson.ParseBytes(body)
		if !p.Get("comment").Exists() {
			continue
		}
		id, of := p.Get("comment.id").String(), p.Get("discussion.id").String()
		if before, known := made[id]; known && before != of || !known && eventOf(body) == "discussion.update" {
			t.Fatalf("the comment is of another discussion: %s", body)
		}
		made[id] = of
	}
}

// Schemas of which each refers twice to the next one would make a payload without
// end.
func TestSchemasThatDoubleAreAnError(t *testing.T) {
	var defs []string
	for i := range 30 {
		defs = append(defs, fmt.Sprintf(`"d%d": {"properties": {"a": {"$ref": "#/$defs/d%d"}, "b": {"$ref": "#/$defs/d%d"}}}`, i, i+1, i+1))
	}
	set := overlay(t, map[string]string{doisUpdate + ".json": `{"$ref": "#/$defs/d0", "$defs": {` + strings.Join(defs, ", ") + `, "d30": {}}}`})
	if _, err := emitter.New(emitter.Options{Schemas: set}); err == nil || !strings.Contains(err.Error(), "10000 kinds of values") {
		t.Error(err)
	}
}

// A broken schema does not come as far as the generator.
func TestBrokenSchemaStopsTheGenerator(t *testing.T) {
	_, err := schemas.Load(schemas.Options{Overlay: fstest.MapFS{doisUpdate + ".json": {Data: []byte(`{"type": 5}`)}}})
	if err == nil || !strings.Contains(err.Error(), doisUpdate+".json#/type") {
		t.Errorf("%v", err)
	}
}
