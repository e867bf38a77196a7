package schemas

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// maxLayers is how many schemas may apply to one value at once, each counted as
// often as a way leads to it. Few need ten. Without a bound, thirty that refer
// twice to the next one make a billion.
const maxLayers = 10_000

// layers counts the schemas that apply to one value together with a schema. The
// compiler finds that one leads back to itself within a file, but not by way of
// two; whoever follows would never come to an end.
type layers struct {
	path   []*jsonschema.Schema // from the root to here
	counts map[*jsonschema.Schema]int
}

// checkLayers refuses schemas that lead back to themselves, or to too many, at
// one and the same value. All that a schema refers to is checked with it.
func checkLayers(root *jsonschema.Schema) error {
	l := layers{counts: map[*jsonschema.Schema]int{}}
	todo := []*jsonschema.Schema{root}
	seen := map[*jsonschema.Schema]bool{root: true}
	for len(todo) > 0 {
		schema := todo[0]
		todo = todo[1:]
		if _, err := l.count(schema); err != nil {
			return err
		}
		for _, next := range append(sameValue(schema), partsOfValue(schema)...) {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return nil
}

func (l *layers) count(schema *jsonschema.Schema) (int, error) {
	if at := slices.Index(l.path, schema); at >= 0 {
		return 0, fmt.Errorf("a schema leads back to itself: %s", route(append(l.path[at:], schema)))
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
	for _, next := range sameValue(schema) {
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
	return fmt.Errorf("more than %d schemas apply to one value at %s", maxLayers, place(schema))
}

// sameValue lists the schemas that are applied to the same value as a schema.
func sameValue(s *jsonschema.Schema) []*jsonschema.Schema {
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

// partsOfValue lists the schemas that are applied to members and items.
func partsOfValue(s *jsonschema.Schema) []*jsonschema.Schema {
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

// place is where a schema stands: "parts/repo.json#/properties/name".
func place(schema *jsonschema.Schema) string { return strings.TrimPrefix(schema.Location, Base) }

func route(path []*jsonschema.Schema) string {
	var places []string
	for _, schema := range path {
		places = append(places, place(schema))
	}
	return strings.Join(places, " → ")
}
