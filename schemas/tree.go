package schemas

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// Value is what a generator needs to know of a schema under the strict reading,
// references followed and what stands beside them merged.
type Value struct {
	Place  string // where the schema stands, for messages: "parts/repo.json#/properties/name"
	From   From   // where the value comes from; zero where nothing is said
	Types  []string
	Const  []any // the one value that it must have; empty where it may vary
	Enum   []any
	Listed bool // whether there is an enum; of several, Enum has what they have in common
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

// node is a schema as it is written.
type node struct {
	gjson.Result
	file    string
	pointer string
}

// place tells people where the schema stands.
func (n node) place() string { return n.file + "#" + n.pointer }

// under is a schema that stands below a node.
func (n node) under(name string, value gjson.Result) node {
	return node{Result: value, file: n.file, pointer: n.pointer + "/" + escapePointer(name)}
}

// list is the schemas of an array that stands below a node.
func (n node) list(name string, array gjson.Result) []node {
	var list []node
	holder := n.under(name, array)
	for i, item := range array.Array() {
		list = append(list, holder.under(strconv.Itoa(i), item))
	}
	return list
}

// layer is a schema with those of its keywords that lead to others.
type layer struct {
	node
	ref                            gjson.Result
	allOf, anyOf, oneOf            []node
	strict, properties, itemSchema node
	required                       []string
}

// read goes once over the keywords of a schema.
func read(n node) layer {
	l := layer{node: n}
	n.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); name {
		case "$ref":
			l.ref = value
		case "allOf":
			l.allOf = n.list(name, value)
		case "anyOf":
			l.anyOf = n.list(name, value)
		case "oneOf":
			l.oneOf = n.list(name, value)
		case strictKeyword:
			l.strict = n.under(name, value)
		case "properties":
			l.properties = n.under(name, value)
		case "items":
			l.itemSchema = n.under(name, value)
		case "required":
			l.required = texts(value)
		}
		return true
	})
	return l
}

// tree walks schemas.
type tree struct {
	set    *Set
	path   []string // the places between the root and here
	values int      // how many there are so far
}

// mostValues bounds how many kinds of values a payload has. Few have fifty; but
// thirty schemas of which each refers twice to the next one make a billion.
const mostValues = 10_000

// open is the schema of a whole file.
func (t *tree) open(file string) (node, error) {
	known, ok := t.set.files[file]
	if !ok {
		return node{}, fmt.Errorf("there is no schema %s", file)
	}
	return node{Result: gjson.ParseBytes(known.text()), file: file}, nil
}

// follow is the schema that a reference leads to.
func (t *tree) follow(from node, ref string) (node, error) {
	file, pointer, _ := strings.Cut(ref, "#")
	if ours, absolute := strings.CutPrefix(file, Base); absolute {
		file = ours
	} else if file != "" {
		file = path.Join(path.Dir(from.file), file)
	} else {
		file = from.file
	}
	target, err := t.open(file)
	if err != nil || pointer == "" {
		return target, err
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~", "%25", "%")
	for _, segment := range strings.Split(pointer, "/")[1:] {
		target = target.child(unescape.Replace(segment))
	}
	if !target.Exists() || pointer[0] != '/' {
		return target, fmt.Errorf("schema %s: a generator cannot follow $ref %q", from.place(), ref)
	}
	return target, nil
}

// child is the member of an object or the item of an array below a node.
func (n node) child(name string) node {
	var found gjson.Result
	i := 0
	n.ForEach(func(key, value gjson.Result) bool {
		if key.String() == name || n.IsArray() && strconv.Itoa(i) == name {
			found = value
		}
		i++
		return !found.Exists()
	})
	return n.under(name, found)
}

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

// noItems tells whether a schema forbids items.
func noItems(l layer) bool { return l.itemSchema.Type == gjson.False }

// deepest bounds how far references lead from one to the next.
const deepest = 64

// flatten lists schemas with those that apply to the same value whatever it is:
// what they refer to first, then themselves, then "allOf" and "x-strict". Of
// "anyOf" and "oneOf", the first branch that is more than null is taken.
func (t *tree) flatten(schemas []node, depth int) ([]layer, error) {
	var layers []layer
	add := func(more []node) error {
		if depth >= deepest {
			return fmt.Errorf("schema %s: leads back to itself", schemas[0].place())
		}
		flat, err := t.flatten(more, depth+1)
		layers = append(layers, flat...)
		return err
	}
	for _, schema := range schemas {
		l := read(schema)
		if l.ref.Exists() {
			target, err := t.follow(schema, l.ref.String())
			if err != nil {
				return nil, err
			}
			if err := add([]node{target}); err != nil {
				return nil, err
			}
		}
		layers = append(layers, l)
		also := l.allOf
		for _, choice := range [][]node{l.anyOf, l.oneOf} {
			if at := slices.IndexFunc(choice, func(n node) bool { return !isNull(n) }); at >= 0 {
				also = append(also, choice[at])
			}
		}
		if l.strict.Exists() {
			also = append(also, l.strict)
		}
		if len(also) > 0 {
			if err := add(also); err != nil {
				return nil, err
			}
		}
	}
	return layers, nil
}

// isNull tells whether a schema allows null alone.
func isNull(n node) bool { return n.child("type").String() == "null" }

// offersNull tells whether null is one of a schema's choices.
func offersNull(l layer) bool {
	return slices.ContainsFunc(l.anyOf, isNull) || slices.ContainsFunc(l.oneOf, isNull)
}

// take adds what one schema says; the later word counts.
func (v *Value) take(l layer) error {
	var err error
	l.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); name {
		case fromKeyword:
			v.From, err = parseFrom(value.String())
		case "type":
			err = v.takeTypes(l, texts(value))
		case "const":
			v.Const = []any{json.RawMessage(value.Raw)}
		case "enum":
			v.Enum, v.Listed = common(v, value.Array()), true
		case "format":
			v.Format = value.String()
		case "pattern":
			v.Pattern = value.String()
		case "uniqueItems":
			v.Unique = v.Unique || value.Bool()
		default:
			v.takeBound(name, value)
		}
		return err == nil
	})
	return err
}

// takeTypes leaves the types that are among those before.
func (v *Value) takeTypes(l layer, types []string) error {
	before := v.Types
	if v.Types = types; len(before) == 0 {
		return nil
	}
	if v.Types = bothTypes(before, types); len(v.Types) == 0 {
		return fmt.Errorf("schema %s: no value is of type %s here and of type %s elsewhere", l.place(), strings.Join(types, " or "), strings.Join(before, " or "))
	}
	return nil
}

// bothTypes are the types that values of two lists of types have in common.
func bothTypes(a, b []string) []string {
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

// common is what an enum has in common with those before it.
func common(v *Value, listed []gjson.Result) []any {
	var list []any
	for _, item := range listed {
		same := func(known any) bool { return string(known.(json.RawMessage)) == item.Raw }
		if !v.Listed || slices.ContainsFunc(v.Enum, same) {
			list = append(list, json.RawMessage(item.Raw))
		}
	}
	return list
}

// takeBound adds what a schema says of how large a value is: the narrowest bounds
// count.
func (v *Value) takeBound(name string, value gjson.Result) {
	switch name {
	case "minimum":
		v.Minimum = larger(v.Minimum, rational(value))
	case "maximum":
		v.Maximum = smaller(v.Maximum, rational(value))
	case "exclusiveMinimum":
		v.Above = larger(v.Above, rational(value))
	case "exclusiveMaximum":
		v.Below = smaller(v.Below, rational(value))
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

// texts reads a text, or an array of them.
func texts(value gjson.Result) []string {
	var list []string
	for _, item := range value.Array() {
		list = append(list, item.String())
	}
	return list
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
