package schemas

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Value is what a generator needs to know of a schema under the strict reading,
// references followed and what stands beside them merged.
type Value struct {
	Location string // where the schema stands, for messages: "parts/repo.json#/properties/name"
	From     From   // where the value comes from; zero where nothing is said

	Types []string // "string", "integer", "null"; any where empty
	Const []any    // the one value that it must have, a json.RawMessage; empty where it may vary
	// Enum are the values that it may have, each a json.RawMessage, where Listed: of
	// several lists what they have in common, which may be nothing.
	Enum    []any
	HasEnum bool

	Format  string // of a string, such as "uri"; empty where there is none
	Pattern string // what a string must match; empty where there is none
	// MinLength and MaxLength are of a string, in characters; -1 where nothing is said.
	MinLength, MaxLength int

	Minimum, Maximum                   *big.Rat // the bounds of a number; nil where nothing is said, as below
	ExclusiveMinimum, ExclusiveMaximum *big.Rat // bounds that are left out themselves
	MultipleOf                         *big.Rat // what a number is a whole multiple of

	MinItems, MaxItems int    // of an array; -1 where nothing is said
	UniqueItems        bool   // whether no two items are the same
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
	root, err := t.file(file)
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

// maxValues bounds how many kinds of values a payload has. Few have fifty; but
// thirty schemas of which each refers twice to the next one make a billion.
const maxValues = 10_000

// value merges the schemas that apply to one value. It is nil where there can
// be no value.
func (t *tree) value(schemas []node) (*Value, error) {
	place := schemas[len(schemas)-1].location()
	if slices.Contains(t.path, place) {
		return nil, fmt.Errorf("schema %s: leads back to itself", place)
	}
	if t.values++; t.values > maxValues {
		return nil, fmt.Errorf("schema %s: a payload would have more than %d kinds of values", place, maxValues)
	}
	t.path = append(t.path, place)
	defer func() { t.path = t.path[:len(t.path)-1] }()

	layers, err := t.flatten(schemas, 0)
	if err != nil {
		return nil, err
	}
	v := &Value{Location: strings.TrimSuffix(place, "#"), MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
	for _, l := range layers {
		if l.Type == gjson.False {
			return nil, nil
		}
		if err := v.merge(l); err != nil {
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
			schemas[name] = append(schemas[name], l.properties.child(name, value))
			return true
		})
	}
	for _, name := range required {
		if schemas[name] == nil { // it may be anything
			names = append(names, name)
			schemas[name] = []node{layers[0].child(name, gjson.Parse("{}"))}
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

// merge adds what one schema says; the later word counts.
func (v *Value) merge(l layer) error {
	var err error
	l.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); name {
		case fromKeyword:
			v.From, err = parseFrom(value.String())
		case "type":
			err = v.mergeTypes(l, stringList(value))
		case "const":
			v.Const = []any{json.RawMessage(value.Raw)}
		case "enum":
			v.Enum, v.HasEnum = commonValues(v, value.Array()), true
		case "format":
			v.Format = value.String()
		case "pattern":
			v.Pattern = value.String()
		case "uniqueItems":
			v.UniqueItems = v.UniqueItems || value.Bool()
		default:
			v.mergeBound(name, value)
		}
		return err == nil
	})
	return err
}

// mergeTypes leaves the types that are among those before.
func (v *Value) mergeTypes(l layer, types []string) error {
	before := v.Types
	if v.Types = types; len(before) == 0 {
		return nil
	}
	if v.Types = commonTypes(before, types); len(v.Types) == 0 {
		return fmt.Errorf("schema %s: no value is of type %s here and of type %s elsewhere", l.location(), strings.Join(types, " or "), strings.Join(before, " or "))
	}
	return nil
}

// commonTypes are the types that values of two lists of types have in common.
func commonTypes(a, b []string) []string {
	var both []string
	for _, t := range b {
		switch {
		case slices.Contains(a, t):
			both = append(both, t)
		case t == "integer" && slices.Contains(a, "number"), t == "number" && slices.Contains(a, "integer"):
			both = append(both, "integer")
		}
	}
	return both
}

// commonValues is what an enum has in common with those before it.
func commonValues(v *Value, listed []gjson.Result) []any {
	var list []any
	for _, item := range listed {
		same := func(known any) bool { return string(known.(json.RawMessage)) == item.Raw }
		if !v.HasEnum || slices.ContainsFunc(v.Enum, same) {
			list = append(list, json.RawMessage(item.Raw))
		}
	}
	return list
}

// mergeBound adds what a schema says of how large a value is: the narrowest bounds
// count.
func (v *Value) mergeBound(name string, value gjson.Result) {
	switch name {
	case "minimum":
		v.Minimum = larger(v.Minimum, rational(value))
	case "maximum":
		v.Maximum = smaller(v.Maximum, rational(value))
	case "exclusiveMinimum":
		v.ExclusiveMinimum = larger(v.ExclusiveMinimum, rational(value))
	case "exclusiveMaximum":
		v.ExclusiveMaximum = smaller(v.ExclusiveMaximum, rational(value))
	case "multipleOf":
		v.MultipleOf = multiple(v.MultipleOf, rational(value))
	case "minLength":
		v.MinLength = max(v.MinLength, count(value))
	case "maxLength":
		v.MaxLength = fewer(v.MaxLength, count(value))
	case "minItems":
		v.MinItems = max(v.MinItems, count(value))
	case "maxItems":
		v.MaxItems = fewer(v.MaxItems, count(value))
	}
}

// count reads how many there are of something, as far as a list can be long.
func count(value gjson.Result) int { return int(min(value.Float(), math.MaxInt32)) }

// fewer is the smaller of two counts, of which the first may say nothing.
func fewer(a, b int) int {
	if a < 0 {
		return b
	}
	return min(a, b)
}

// rational reads a number exactly; nil where it is none.
func rational(value gjson.Result) *big.Rat {
	number, _ := new(big.Rat).SetString(value.Raw)
	return number
}

// larger and smaller pick one of two bounds, of which the first may say nothing.
func larger(a, b *big.Rat) *big.Rat {
	if a == nil || b != nil && b.Cmp(a) > 0 {
		return b
	}
	return a
}

func smaller(a, b *big.Rat) *big.Rat {
	if a == nil || b != nil && b.Cmp(a) < 0 {
		return b
	}
	return a
}

// multiple is the smallest number that is a multiple of both, of which the first
// may say nothing.
func multiple(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return b
	}
	x, y := new(big.Int).Mul(a.Num(), b.Denom()), new(big.Int).Mul(b.Num(), a.Denom())
	common := new(big.Int).GCD(nil, nil, x, y)
	x.Mul(x, y).Div(x, common)
	return new(big.Rat).SetFrac(x, new(big.Int).Mul(a.Denom(), b.Denom()))
}
