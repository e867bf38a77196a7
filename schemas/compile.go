package schemas

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The keywords that we add to JSON Schema.
const (
	strictKeyword = "x-strict"
	fromKeyword   = "x-from"
)

// strictCompiler compiles "x-strict": a schema that is applied to the same
// value under the strict reading, and to none under the open one.
type strictCompiler struct{ counts bool }

func (c strictCompiler) Compile(ctx jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	if _, ok := m[strictKeyword]; !ok {
		return nil, nil
	}
	// Compiled under both readings, so that a mistake in it never hides.
	schema, err := ctx.Compile(strictKeyword, true)
	if err != nil {
		return nil, err
	}
	if !c.counts {
		return nil, nil
	}
	return strictSchema{schema}, nil
}

// strictSchema is what stands in "x-strict", under the reading in which it counts.
type strictSchema struct{ schema *jsonschema.Schema }

func (s strictSchema) Validate(ctx jsonschema.ValidationContext, _ any) error {
	return ctx.Validate(s.schema, strictKeyword, nil, "")
}

// fromCompiler compiles "x-from": where a generator takes the value from. It
// never judges a value.
type fromCompiler struct{}

func (fromCompiler) Compile(_ jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	value, ok := m[fromKeyword]
	if !ok {
		return nil, nil
	}
	from, err := parseFrom(value)
	if err != nil {
		return nil, err
	}
	return fromSchema{from}, nil
}

// fromSchema is what stands in "x-from". No value breaks it.
type fromSchema struct{ from From }

func (fromSchema) Validate(jsonschema.ValidationContext, any) error { return nil }

// From says where a generator takes a value from. The zero value says nothing.
type From struct {
	Kind string // "world", what the simulated world holds, or "fake", a function of gofakeit
	Name string // which of them: "repo.name", "hackerphrase"
}

func parseFrom(value any) (From, error) {
	text, ok := value.(string)
	if !ok {
		return From{}, fmt.Errorf("%s: expected a string such as %q, found %s", fromKeyword, "world:repo.name", excerpt(value))
	}
	kind, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || kind != "world" && kind != "fake" {
		return From{}, fmt.Errorf(`%s: expected "world:NAME" or "fake:FUNCTION", found %q`, fromKeyword, text)
	}
	return From{Kind: kind, Name: name}, nil
}

// String writes a From as schemas do.
func (f From) String() string { return f.Kind + ":" + f.Name }

// Reading is a way of reading the schemas.
type Reading string

const (
	// Open is what a handler must accept: the schemas as they stand.
	Open Reading = "open"
	// Strict is what the Hub is known to send: "x-strict" counts too.
	Strict Reading = "strict"
)

// ParseReading knows the readings by their names.
func ParseReading(name string) (Reading, error) {
	switch reading := Reading(name); reading {
	case Open, Strict:
		return reading, nil
	}
	return "", fmt.Errorf("unknown reading %q: it is %s or %s", name, Open, Strict)
}

// newCompiler makes a compiler that knows our keywords and reaches nothing but the
// files of the set: a schema that refers elsewhere must not make this program
// read a disk or a network.
func (s *Set) newCompiler(reading Reading) *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = s.open
	c.RegisterExtension(strictKeyword, nil, strictCompiler{counts: reading == Strict})
	c.RegisterExtension(fromKeyword, nil, fromCompiler{})
	return c
}

// open gives the text of a schema that another one refers to.
func (s *Set) open(url string) (io.ReadCloser, error) {
	file, ours := strings.CutPrefix(url, BaseURL)
	if file := s.files[file]; ours && file != nil {
		return io.NopCloser(bytes.NewReader(file.text())), nil
	}
	return nil, fmt.Errorf("there is no schema %s", url)
}

// maxLayers is how many schemas may apply to one value at once, each counted as
// often as a way leads to it. Few need ten. Without a bound, thirty that refer
// twice to the next one make a billion.
const maxLayers = 10_000

// layerCounter counts the schemas that apply to one value together with a schema. The
// compiler finds that one leads back to itself within a file, but not by way of
// two; whoever follows would never come to an end.
type layerCounter struct {
	path   []*jsonschema.Schema // from the root to here
	counts map[*jsonschema.Schema]int
}

// checkLayers refuses schemas that lead back to themselves, or to too many, at
// one and the same value. All that a schema refers to is checked with it.
func checkLayers(root *jsonschema.Schema) error {
	l := layerCounter{counts: map[*jsonschema.Schema]int{}}
	todo := []*jsonschema.Schema{root}
	seen := map[*jsonschema.Schema]bool{root: true}
	for len(todo) > 0 {
		schema := todo[0]
		todo = todo[1:]
		if _, err := l.count(schema); err != nil {
			return err
		}
		for _, next := range append(appliedToSameValue(schema), appliedToParts(schema)...) {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return nil
}

func (l *layerCounter) count(schema *jsonschema.Schema) (int, error) {
	if at := slices.Index(l.path, schema); at >= 0 {
		return 0, fmt.Errorf("a schema leads back to itself: %s", joinLocations(append(l.path[at:], schema)))
	}
	if count, ok := l.counts[schema]; ok {
		return count, nil
	}
	if len(l.path) > maxLayers {
		return 0, tooMany(schema)
	}
	l.path = append(l.path, schema)
	defer func() { l.path = l.path[:len(l.path)-1] }()
	count := 1
	for _, next := range appliedToSameValue(schema) {
		more, err := l.count(next)
		if err != nil {
			return 0, err
		}
		if count += more; count > maxLayers {
			return 0, tooMany(schema)
		}
	}
	l.counts[schema] = count
	return count, nil
}

func tooMany(schema *jsonschema.Schema) error {
	return fmt.Errorf("more than %d schemas apply to one value at %s", maxLayers, location(schema))
}

// appliedToSameValue lists the schemas that are applied to the same value as a schema.
func appliedToSameValue(s *jsonschema.Schema) []*jsonschema.Schema {
	list := slices.Concat([]*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else}, s.AllOf, s.AnyOf, s.OneOf)
	for _, schema := range s.DependentSchemas {
		list = append(list, schema)
	}
	for _, dependency := range s.Dependencies {
		if schema, ok := dependency.(*jsonschema.Schema); ok {
			list = append(list, schema)
		}
	}
	if strict, ok := s.Extensions[strictKeyword].(strictSchema); ok {
		list = append(list, strict.schema)
	}
	return slices.DeleteFunc(list, func(schema *jsonschema.Schema) bool { return schema == nil })
}

// appliedToParts lists the schemas that are applied to members and items.
func appliedToParts(s *jsonschema.Schema) []*jsonschema.Schema {
	list := slices.Concat([]*jsonschema.Schema{s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems}, s.PrefixItems)
	for _, schema := range s.Properties {
		list = append(list, schema)
	}
	for _, schema := range s.PatternProperties {
		list = append(list, schema)
	}
	if schema, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		list = append(list, schema)
	}
	return slices.DeleteFunc(list, func(schema *jsonschema.Schema) bool { return schema == nil })
}

// location is where a schema stands: "parts/repo.json#/properties/name".
func location(schema *jsonschema.Schema) string { return strings.TrimPrefix(schema.Location, BaseURL) }

func joinLocations(path []*jsonschema.Schema) string {
	var places []string
	for _, schema := range path {
		places = append(places, location(schema))
	}
	return strings.Join(places, " → ")
}
