package reports_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/reports"
)

// validBy reports whether a text is JSON by a schema, formats included.
func validBy(t *testing.T, schema, text string) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat = true
	file, err := os.Open(schema)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := compiler.AddResource(schema, file); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // seeds have 64 bits
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(doc); err != nil {
		t.Errorf("not as %s has it: %#v", schema, err)
	}
}

func TestJSONIsAsItsSchemaSays(t *testing.T) {
	for name, r := range runs() {
		t.Run(name, func(t *testing.T) {
			validBy(t, "report.schema.json", written(t, reports.WriteJSON, r))
		})
	}
}

// What is written is read back by Go as it was, but for lists that were nil.
func TestJSONIsReadBack(t *testing.T) {
	for name, r := range runs() {
		if name == "hostile" { // in which there are bytes that no JSON can hold
			continue
		}
		got, err := reports.ReadJSON(strings.NewReader(written(t, reports.WriteJSON, r)))
		if err != nil {
			t.Fatal(err)
		}
		want := *r
		want.Schema = reports.ReportSchema
		if diff := cmp.Diff(&want, got, cmp.Transformer("lists", orNil[reports.Exchange]), cmp.Transformer("headers", orNil[reports.Header])); diff != "" {
			t.Errorf("%s: -written +read:\n%s", name, diff)
		}
	}
}

// orNil makes nil and empty lists equal.
func orNil[T any](list []T) (all struct{ Items map[int]T }) {
	for i, item := range list {
		if all.Items == nil {
			all.Items = map[int]T{}
		}
		all.Items[i] = item
	}
	return all
}

// node is the part of a schema that is compared with the model.
type node struct {
	Required             []string
	AdditionalProperties any
	Properties           map[string]struct{ Ref, Description string }
	Defs                 map[string]node `json:"$defs"`
}

// Every field of the model is in the schema, and every property of the schema in the
// model; what the model may leave out is not required.
func TestSchemaIsThatOfTheModel(t *testing.T) {
	text, err := os.ReadFile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root node
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	models := map[string]reflect.Type{}
	collect(models, reflect.TypeFor[reports.Report]())
	delete(models, "report")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(models)), objects(root.Defs)); diff != "" {
		t.Errorf("types: -model +schema:\n%s", diff)
	}
	isModel(t, "report", root, reflect.TypeFor[reports.Report](), "$schema")
	for name, model := range models {
		isModel(t, name, root.Defs[name], model)
	}
}

// objects are the names of the definitions that have properties.
func objects(defs map[string]node) (names []string) {
	for name, def := range defs {
		if def.Properties != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// definitionOf names a type's definition in the schema, whose names are published: its
// own name in lower case, except where it was renamed.
func definitionOf(model reflect.Type) string {
	if model == reflect.TypeFor[reports.Example]() {
		return "mend"
	}
	return strings.ToLower(model.Name())
}

// collect finds the structs of the model below a type, by their definitions' names.
func collect(found map[string]reflect.Type, of reflect.Type) {
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		collect(found, of.Elem())
	case reflect.Struct:
		if of.PkgPath() != reflect.TypeFor[reports.Report]().PkgPath() {
			return
		}
		found[definitionOf(of)] = of
		for i := range of.NumField() {
			collect(found, of.Field(i).Type)
		}
	}
}

func isModel(t *testing.T, name string, schema node, model reflect.Type, more ...string) {
	t.Helper()
	properties, required := more, more
	for i := range model.NumField() {
		key, options, _ := strings.Cut(model.Field(i).Tag.Get("json"), ",")
		if key == "-" {
			continue
		}
		properties = append(properties, key)
		if options != "omitempty" {
			required = append(required, key)
		}
	}
	sorted := func(list []string) []string { return slices.Sorted(slices.Values(list)) }
	if diff := cmp.Diff(sorted(properties), slices.Sorted(maps.Keys(schema.Properties))); diff != "" {
		t.Errorf("properties of %s: -model +schema:\n%s", name, diff)
	}
	if diff := cmp.Diff(sorted(required), sorted(schema.Required)); diff != "" {
		t.Errorf("what %s must have: -model +schema:\n%s", name, diff)
	}
	if schema.AdditionalProperties != false {
		t.Errorf("%s may have other properties", name)
	}
}
