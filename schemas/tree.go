package schemas

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Value is what a generator needs to know of a schema under the strict reading,
// references followed and what stands beside them merged.
type Value struct {
	Place  string // where the schema stands, for messages: "parts/repo.json#/properties/name"
	From   From   // where the value comes from; zero where nothing is said
	Types  []string
	Const  []any // the one value that it must have; empty where it may vary
	Enum   []any
	Format string
	// Pattern is what a string must match; empty where there is none.
	Pattern            string
	Minimum, Maximum   *big.Rat
	Above, Below       *big.Rat // bounds that are left out themselves
	MultipleOf         *big.Rat
	MinLength          int // of a string, in characters; -1 where nothing is said, as below
	MaxLength          int
	MinItems, MaxItems int
	Unique             bool // whether no two items are the same
	Fields             []Field
	Items              *Value // nil where nothing is said of the items of an array
}

// Field is a property of an object.
type Field struct {
	Name     string
	Required bool
	Value    *Value
}

// Tree describes a shape or a part for a generator. A schema that leads back to
// itself is an error: there would be no end to what it generates.
func (s *Set) Tree(name string) (*Value, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return nil, err
	}
	schema, err := s.compile(file, Strict)
	if err != nil {
		return nil, err
	}
	t := tree{set: s}
	return t.value([]*jsonschema.Schema{schema})
}

// tree walks compiled schemas.
type tree struct {
	set  *Set
	path []string // the places between the root and here
}

// value merges the schemas that apply to one value. It is nil where there can
// be no value.
func (t *tree) value(schemas []*jsonschema.Schema) (*Value, error) {
	layers := flatten(schemas)
	place := strings.TrimPrefix(schemas[len(schemas)-1].Location, Base)
	if slices.Contains(t.path, place) {
		return nil, fmt.Errorf("schema %s: leads back to itself", place)
	}
	t.path = append(t.path, place)
	defer func() { t.path = t.path[:len(t.path)-1] }()

	v := &Value{Place: place, MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
	for _, layer := range layers {
		if layer.Always != nil && !*layer.Always {
			return nil, nil
		}
		v.take(layer)
	}
	if mayBeNull(layers) && len(v.Types) > 0 {
		v.Types = append(slices.Clip(v.Types), "null")
	}
	var err error
	if v.Fields, err = t.fields(layers); err != nil {
		return nil, err
	}
	v.Items, err = t.items(layers)
	return v, err
}

// flatten lists schemas with those that apply to the same value whatever it is:
// what they refer to first, then themselves, then "allOf" and "x-strict". Of
// "anyOf" and "oneOf", the first branch that is more than null is taken.
func flatten(schemas []*jsonschema.Schema) []*jsonschema.Schema {
	var layers []*jsonschema.Schema
	for _, schema := range schemas {
		if schema.Ref != nil {
			layers = append(layers, flatten([]*jsonschema.Schema{schema.Ref})...)
		}
		layers = append(layers, schema)
		layers = append(layers, flatten(schema.AllOf)...)
		for _, choice := range [][]*jsonschema.Schema{schema.AnyOf, schema.OneOf} {
			if at := slices.IndexFunc(choice, func(s *jsonschema.Schema) bool { return !isNull(s) }); at >= 0 {
				layers = append(layers, flatten(choice[at:at+1])...)
			}
		}
		if strict, ok := schema.Extensions[strictKeyword].(strictSchema); ok {
			layers = append(layers, flatten([]*jsonschema.Schema{strict.schema})...)
		}
	}
	return layers
}

// isNull tells whether a schema allows null alone.
func isNull(s *jsonschema.Schema) bool { return len(s.Types) == 1 && s.Types[0] == "null" }

// mayBeNull tells whether one of the schemas offers null as a choice.
func mayBeNull(layers []*jsonschema.Schema) bool {
	return slices.ContainsFunc(layers, func(layer *jsonschema.Schema) bool {
		return slices.ContainsFunc(layer.AnyOf, isNull) || slices.ContainsFunc(layer.OneOf, isNull)
	})
}

// take adds what one schema says; the later word counts.
func (v *Value) take(layer *jsonschema.Schema) {
	if from, ok := layer.Extensions[fromKeyword].(fromSchema); ok {
		v.From = from.from
	}
	if len(layer.Types) > 0 {
		v.Types = layer.Types
	}
	if len(layer.Constant) > 0 {
		v.Const = layer.Constant
	}
	if len(layer.Enum) > 0 {
		v.Enum = layer.Enum
	}
	if layer.Format != "" {
		v.Format = layer.Format
	}
	if layer.Pattern != nil {
		v.Pattern = layer.Pattern.String()
	}
	if layer.Minimum != nil {
		v.Minimum = layer.Minimum
	}
	if layer.Maximum != nil {
		v.Maximum = layer.Maximum
	}
	if layer.ExclusiveMinimum != nil {
		v.Above = layer.ExclusiveMinimum
	}
	if layer.ExclusiveMaximum != nil {
		v.Below = layer.ExclusiveMaximum
	}
	if layer.MultipleOf != nil {
		v.MultipleOf = layer.MultipleOf
	}
	v.MinLength = max(v.MinLength, layer.MinLength)
	if layer.MaxLength >= 0 {
		v.MaxLength = layer.MaxLength
	}
	v.Unique = v.Unique || layer.UniqueItems
	v.MinItems = max(v.MinItems, layer.MinItems)
	if layer.MaxItems >= 0 {
		v.MaxItems = layer.MaxItems
	}
}

// fields merges the properties of all layers, in the order in which they are
// first written.
func (t *tree) fields(layers []*jsonschema.Schema) ([]Field, error) {
	var names, required []string
	schemas := map[string][]*jsonschema.Schema{}
	for _, layer := range layers {
		required = append(required, layer.Required...)
		for _, name := range t.set.propertyNames(layer) {
			if schemas[name] == nil {
				names = append(names, name)
			}
			schemas[name] = append(schemas[name], layer.Properties[name])
		}
	}
	var fields []Field
	for _, name := range names {
		value, err := t.value(schemas[name])
		if err != nil {
			return nil, err
		}
		if value != nil {
			fields = append(fields, Field{Name: name, Required: slices.Contains(required, name), Value: value})
		}
	}
	return fields, nil
}

// propertyNames lists the properties of a schema as they are written.
func (s *Set) propertyNames(schema *jsonschema.Schema) []string {
	file, pointer, _ := strings.Cut(strings.TrimPrefix(schema.Location, Base), "#")
	return s.orderOf(file)[strings.TrimSuffix(pointer, "/")+"/properties"]
}

// items describes the items of an array.
func (t *tree) items(layers []*jsonschema.Schema) (*Value, error) {
	var schemas []*jsonschema.Schema
	for _, layer := range layers {
		if layer.Items2020 != nil {
			schemas = append(schemas, layer.Items2020)
		}
	}
	if len(schemas) == 0 {
		return nil, nil
	}
	return t.value(schemas)
}
