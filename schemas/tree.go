package schemas

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Value is what a generator needs to know of a schema under the strict reading,
// references followed and what stands beside them merged.
type Value struct {
	Place string // where the schema stands, for messages: "parts/repo.json#/properties/name"
	From  From   // where the value comes from; zero where nothing is said

	Types []string // "string", "integer", "null"; any where empty
	Const []any    // the one value that it must have, a json.RawMessage; empty where it may vary
	// Enum are the values that it may have, each a json.RawMessage, where Listed: of
	// several lists what they have in common, which may be nothing.
	Enum   []any
	Listed bool

	Format  string // of a string, such as "uri"; empty where there is none
	Pattern string // what a string must match; empty where there is none
	// MinLength and MaxLength are of a string, in characters; -1 where nothing is said.
	MinLength, MaxLength int

	Minimum, Maximum *big.Rat // the bounds of a number; nil where nothing is said, as below
	Above, Below     *big.Rat // bounds that are left out themselves
	MultipleOf       *big.Rat // what a number is a whole multiple of

	MinItems, MaxItems int    // of an array; -1 where nothing is said
	Unique             bool   // whether no two items are the same
	Items              *Value // of each item; nil where nothing is said

	Fields []Field // of an object, in the order in which they are first written
}

// Field is a property of an object.
type Field struct {
	Name     string // as it stands in the payload
	Required bool   // whether it must be there
	Value    *Value // what it holds; never nil
}

// Tree describes a shape or a part for a generator. A schema that leads back to
// itself is an error: there would be no end to what it generates.
//
// It reads the schemas as they are written, which takes a twentieth of the time
// that compiling them does, and keeps the order of properties. Those of this
// package are known to be right, and others are compiled when they are loaded.
func (s *Set) Tree(name string) (*Value, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return nil, err
	}
	t := tree{set: s}
	root, err := t.open(file)
	if err != nil {
		return nil, err
	}
	return t.value([]node{root})
}

// tree walks schemas, and merges those that apply to the same value.
type tree struct {
	set    *Set
	path   []string // the places between the root and here
	values int      // how many there are so far
}

// mostValues bounds how many kinds of values a payload has. Few have fifty; but
// thirty schemas of which each refers twice to the next one make a billion.
const mostValues = 10_000

// value merges the schemas that apply to one value. It is nil where there can
// be no value.
func (t *tree) value(schemas []node) (*Value, error) {
	place := schemas[len(schemas)-1].place()
	if slices.Contains(t.path, place) {
		return nil, fmt.Errorf("schema %s: leads back to itself", place)
	}
	if t.values++; t.values > mostValues {
		return nil, fmt.Errorf("schema %s: a payload would have more than %d kinds of values", place, mostValues)
	}
	t.path = append(t.path, place)
	defer func() { t.path = t.path[:len(t.path)-1] }()

	layers, err := t.flatten(schemas, 0)
	if err != nil {
		return nil, err
	}
	v := &Value{Place: strings.TrimSuffix(place, "#"), MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
	for _, l := range layers {
		if l.Type == gjson.False {
			return nil, nil
		}
		if err := v.take(l); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(layers, offersNull) && len(v.Types) > 0 {
		v.Types = append(slices.Clip(v.Types), "null")
	}
	if v.Fields, err = t.fields(layers); err != nil {
		return nil, err
	}
	if v.Items, err = t.items(layers); v.Items == nil && slices.ContainsFunc(layers, noItems) {
		v.MaxItems = 0
	}
	return v, err
}

// fields merges the properties of all layers, in the order in which they are
// first written.
func (t *tree) fields(layers []layer) ([]Field, error) {
	var names, required []string
	schemas := map[string][]node{}
	for _, l := range layers {
		required = append(required, l.required...)
		l.properties.ForEach(func(key, value gjson.Result) bool {
			name := key.String()
			if schemas[name] == nil {
				names = append(names, name)
			}
			schemas[name] = append(schemas[name], l.properties.under(name, value))
			return true
		})
	}
	for _, name := range required {
		if schemas[name] == nil { // it may be anything
			names = append(names, name)
			schemas[name] = []node{layers[0].under(name, gjson.Parse("{}"))}
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

// items describes the items of an array.
func (t *tree) items(layers []layer) (*Value, error) {
	var schemas []node
	for _, l := range layers {
		if l.itemSchema.Exists() {
			schemas = append(schemas, l.itemSchema)
		}
	}
	if len(schemas) == 0 {
		return nil, nil
	}
	return t.value(schemas)
}
