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

// Value describes the values that a schema allows under the strict reading, for a generator.
// It merges all schemas that apply to the same value. Constraints that no schema has are
// zero, if not stated otherwise.
type Value struct {
	Location string // of the schema, for messages: "parts/repo.json#/properties/name"
	From     From   // where the value comes from

	Types []string // "string", "integer", "null"; empty means any
	Const []any    // the only value, a json.RawMessage; empty if there are others
	// Enum has the allowed values, each a json.RawMessage, if HasEnum: those that all
	// lists have in common, which may be none.
	Enum    []any
	HasEnum bool

	Format  string // of a string: "uri"
	Pattern string // that a string must match
	// MinLength and MaxLength are for a string, in characters; -1 means no limit.
	MinLength, MaxLength int

	Minimum, Maximum                   *big.Rat // of a number
	ExclusiveMinimum, ExclusiveMaximum *big.Rat
	MultipleOf                         *big.Rat

	MinItems, MaxItems int // of an array; -1 means no limit
	UniqueItems        bool
	Items              *Value // of each item; nil means any

	Fields []Field // of an object, in the order in which schemas first have them
}

// Field is a property of an object.
type Field struct {
	Name     string
	Required bool
	Value    *Value // never nil
}

// Tree describes a shape or a part for a generator. A schema that leads back to
// itself is an error: what it generates would never end.
//
// Tree reads the source of the schemas, which takes a twentieth of the time that compiling
// them does, and keeps the order of properties. It relies on valid schemas: those of this
// package are, and an overlay is compiled when it is loaded.
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
	return t.value([]valueNode{root})
}

// tree walks schemas, and merges those that apply to the same value.
type tree struct {
	set    *Set
	path   []string // locations from the root to the current schema
	values int      // how many there are so far
}

// maxValues limits how many kinds of values a payload has. Few have fifty, but
// thirty schemas that each refer twice to the next one make a billion.
const maxValues = 10_000

// value merges the schemas that apply to one value. It returns nil if they allow none.
func (t *tree) value(schemas []valueNode) (*Value, error) {
	location := schemas[len(schemas)-1].location()
	if slices.Contains(t.path, location) {
		return nil, fmt.Errorf("schema %s: leads back to itself", location)
	}
	if t.values++; t.values > maxValues {
		return nil, fmt.Errorf("schema %s: a payload would have more than %d kinds of values", location, maxValues)
	}
	t.path = append(t.path, location)
	defer func() { t.path = t.path[:len(t.path)-1] }()

	layers, err := t.flatten(schemas, 0)
	if err != nil {
		return nil, err
	}
	v := &Value{Location: strings.TrimSuffix(location, "#"), MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
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

// fields merges the properties of all layers, in the order in which they first occur.
func (t *tree) fields(layers []layer) ([]Field, error) {
	var names, required []string
	schemas := map[string][]valueNode{}
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
		if schemas[name] == nil { // it may have any value
			names = append(names, name)
			schemas[name] = []valueNode{layers[0].child(name, gjson.Parse("{}"))}
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

// items merges the schemas for the items of an array. It returns nil if there are none.
func (t *tree) items(layers []layer) (*Value, error) {
	var schemas []valueNode
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

// merge adds the constraints of one schema. Later ones replace those that can't be combined.
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

// mergeTypes keeps the types that earlier schemas allow, too.
func (v *Value) mergeTypes(l layer, types []string) error {
	earlier := v.Types
	if v.Types = types; len(earlier) == 0 {
		return nil
	}
	if v.Types = commonTypes(earlier, types); len(v.Types) == 0 {
		return fmt.Errorf("schema %s: no value is of type %s here and of type %s elsewhere",
			l.location(), strings.Join(types, " or "), strings.Join(earlier, " or "))
	}
	return nil
}

// commonTypes returns the types that values of both lists of types can have.
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

// commonValues returns the values of an enum that are in the earlier ones, too.
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

// mergeBound keeps the narrowest limits of how large a value is.
func (v *Value) mergeBound(name string, value gjson.Result) {
	switch name {
	case "minimum":
		v.Minimum = tighter(v.Minimum, rational(value), +1)
	case "maximum":
		v.Maximum = tighter(v.Maximum, rational(value), -1)
	case "exclusiveMinimum":
		v.ExclusiveMinimum = tighter(v.ExclusiveMinimum, rational(value), +1)
	case "exclusiveMaximum":
		v.ExclusiveMaximum = tighter(v.ExclusiveMaximum, rational(value), -1)
	case "multipleOf":
		v.MultipleOf = commonMultiple(v.MultipleOf, rational(value))
	case "minLength":
		v.MinLength = max(v.MinLength, countOf(value))
	case "maxLength":
		v.MaxLength = minLimit(v.MaxLength, countOf(value))
	case "minItems":
		v.MinItems = max(v.MinItems, countOf(value))
	case "maxItems":
		v.MaxItems = minLimit(v.MaxItems, countOf(value))
	}
}

// countOf reads a length, up to the largest that a list can have.
func countOf(value gjson.Result) int { return int(min(value.Float(), math.MaxInt32)) }

// minLimit returns the smaller of two limits; a may be -1.
func minLimit(a, b int) int {
	if a < 0 {
		return b
	}
	return min(a, b)
}

// rational reads a number exactly; nil if it is none.
func rational(value gjson.Result) *big.Rat {
	number, _ := new(big.Rat).SetString(value.Raw)
	return number
}

// tighter returns b if a is nil, or if b is greater (sign +1) or less (sign -1); otherwise a.
func tighter(a, b *big.Rat, sign int) *big.Rat {
	if a == nil || b != nil && b.Cmp(a) == sign {
		return b
	}
	return a
}

// commonMultiple returns the least common multiple; a may be nil.
func commonMultiple(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return b
	}
	x, y := new(big.Int).Mul(a.Num(), b.Denom()), new(big.Int).Mul(b.Num(), a.Denom())
	divisor := new(big.Int).GCD(nil, nil, x, y)
	x.Mul(x, y).Div(x, divisor)
	return new(big.Rat).SetFrac(x, new(big.Int).Mul(a.Denom(), b.Denom()))
}
