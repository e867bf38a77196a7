package schemas

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The keywords that we add to JSON Schema.
const (
	strictKeyword = "x-strict"
	fromKeyword   = "x-from"
)

// strictCompiler compiles "x-strict": a schema that applies under the strict reading only.
type strictCompiler struct{ applies bool }

func (c strictCompiler) Compile(ctx jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	if _, ok := m[strictKeyword]; !ok {
		return nil, nil
	}
	// Compiled under both readings, so that a mistake in it never hides.
	schema, err := ctx.Compile(strictKeyword, true)
	if err != nil {
		return nil, err
	}
	if !c.applies {
		return nil, nil
	}
	return strictSchema{schema}, nil
}

type strictSchema struct{ schema *jsonschema.Schema }

func (s strictSchema) Validate(ctx jsonschema.ValidationContext, _ any) error {
	return ctx.Validate(s.schema, strictKeyword, nil, "")
}

// From is the keyword "x-from": where a generator takes a value from. The zero value means
// that the schema doesn't say.
type From struct {
	Kind string // "world" for the simulated world, "fake" for a function of gofakeit
	Name string // which of them: "repo.name", "hackerphrase"
}

func parseFrom(value any) (From, error) {
	text, ok := value.(string)
	if !ok {
		return From{}, fmt.Errorf(`%s: expected a string such as "world:repo.name", found %s`, fromKeyword, excerpt(value))
	}
	kind, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || kind != "world" && kind != "fake" {
		return From{}, fmt.Errorf(`%s: expected "world:NAME" or "fake:FUNCTION", found %q`, fromKeyword, text)
	}
	return From{Kind: kind, Name: name}, nil
}

// String returns f as schemas have it.
func (f From) String() string { return f.Kind + ":" + f.Name }

// Reading is a way to read the schemas.
type Reading string

const (
	// Open allows all that a handler must accept: the schemas without "x-strict".
	Open Reading = "open"
	// Strict allows only what the Hub is known to send: the schemas with "x-strict".
	Strict Reading = "strict"
)

// ParseReading returns the reading with the given name.
func ParseReading(name string) (Reading, error) {
	switch reading := Reading(name); reading {
	case Open, Strict:
		return reading, nil
	}
	return "", fmt.Errorf("unknown reading %q: it is %s or %s", name, Open, Strict)
}

// newCompiler returns a compiler that knows our keywords and reads only the files of
// the set: a schema with a reference elsewhere must not make this program read a disk or
// a network.
func (s *Set) newCompiler(reading Reading) *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = s.open
	c.RegisterExtension(strictKeyword, nil, strictCompiler{applies: reading == Strict})
	return c
}

func (s *Set) open(url string) (io.ReadCloser, error) {
	file, ours := strings.CutPrefix(url, BaseURL)
	if file := s.files[file]; ours && file != nil {
		return io.NopCloser(bytes.NewReader(file.text())), nil
	}
	return nil, fmt.Errorf("there is no schema %s", url)
}

// maxLayers is how many schemas may apply to one value, each counted for every path
// that leads to it. Few values need ten. Without a limit, thirty schemas that each refer
// twice to the next one make a billion.
const maxLayers = 10_000

// layerCounter counts the schemas that apply to the same value as a schema does. The
// compiler finds a cycle within a file, but not one across two, and following it would
// never end.
type layerCounter struct {
	path   []*jsonschema.Schema // from the root to here
	counts map[*jsonschema.Schema]int
}

// checkLayers returns an error if a schema leads back to itself, or to too many for one value.
func checkLayers(root *jsonschema.Schema) error {
	l := layerCounter{counts: map[*jsonschema.Schema]int{}}
	todo := []*jsonschema.Schema{root}
	seen := map[*jsonschema.Schema]bool{}
	for len(todo) > 0 {
		schema := todo[0]
		todo = todo[1:]
		if seen[schema] {
			continue
		}
		seen[schema] = true
		if _, err := l.count(schema); err != nil {
			return err
		}
		todo = append(append(todo, appliedToSameValue(schema)...), appliedToParts(schema)...)
	}
	return nil
}

func (l *layerCounter) count(schema *jsonschema.Schema) (int, error) {
	if at := slices.Index(l.path, schema); at >= 0 {
		var places []string
		for _, s := range append(l.path[at:], schema) {
			places = append(places, location(s))
		}
		return 0, fmt.Errorf("a schema leads back to itself: %s", strings.Join(places, " → "))
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
	list := []*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else}
	list = slices.Concat(list, s.AllOf, s.AnyOf, s.OneOf)
	list = slices.AppendSeq(list, maps.Values(s.DependentSchemas))
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
	list := []*jsonschema.Schema{s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems}
	list = append(list, s.PrefixItems...)
	list = slices.AppendSeq(list, maps.Values(s.Properties))
	list = slices.AppendSeq(list, maps.Values(s.PatternProperties))
	if schema, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
		list = append(list, schema)
	}
	return slices.DeleteFunc(list, func(schema *jsonschema.Schema) bool { return schema == nil })
}

// location returns where a schema is: "parts/repo.json#/properties/name".
func location(schema *jsonschema.Schema) string { return strings.TrimPrefix(schema.Location, BaseURL) }
