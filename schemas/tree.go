package schemas

import (
	"fmt"
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

// at is the schema under a keyword, or under a keyword and a name.
func (n node) at(names ...string) node {
	inner := n
	for _, name := range names {
		inner.Result = member(inner.Result, name)
		inner.pointer += "/" + escapePointer(name)
	}
	return inner
}

// member finds a member of an object, whatever is in its name.
func member(of gjson.Result, name string) (found gjson.Result) {
	of.ForEach(func(key, value gjson.Result) bool {
		if key.String() == name {
			found = value
		}
		return !found.Exists()
	})
	return found
}

// list is the schemas that a keyword holds in an array.
func (n node) list(keyword string) []node {
	var list []node
	holder := n.at(keyword)
	for i, item := range holder.Array() {
		list = append(list, node{Result: item, file: n.file, pointer: holder.pointer + "/" + strconv.Itoa(i)})
	}
	return list
}

// tree walks schemas.
type tree struct {
	set  *Set
	path []string // the places between the root and here
}

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
	segments := strings.Split(pointer, "/")[1:]
	for i := range segments {
		segments[i] = strings.NewReplacer("~1", "/", "~0", "~", "%25", "%").Replace(segments[i])
	}
	for _, segment := range segments {
		if index, err := strconv.Atoi(segment); err == nil && target.IsArray() {
			target.Result = target.Get(strconv.Itoa(index))
			target.pointer += "/" + segment
			continue
		}
		target = target.at(segment)
	}
	if !target.Exists() || segments == nil {
		return target, fmt.Errorf("schema %s: a generator cannot follow $ref %q", from.place(), ref)
	}
	return target, nil
}

// value merges the schemas that apply to one value. It is nil where there can
// be no value.
func (t *tree) value(schemas []node) (*Value, error) {
	place := schemas[len(schemas)-1].place()
	if slices.Contains(t.path, place) {
		return nil, fmt.Errorf("schema %s: leads back to itself", place)
	}
	t.path = append(t.path, place)
	defer func() { t.path = t.path[:len(t.path)-1] }()

	layers, err := t.flatten(schemas, 0)
	if err != nil {
		return nil, err
	}
	v := &Value{Place: strings.TrimSuffix(place, "#"), MinLength: -1, MaxLength: -1, MinItems: -1, MaxItems: -1}
	for _, layer := range layers {
		if layer.Type == gjson.False {
			return nil, nil
		}
		if err := v.take(layer); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(layers, offersNull) && len(v.Types) > 0 {
		v.Types = append(slices.Clip(v.Types), "null")
	}
	if v.Fields, err = t.fields(layers); err != nil {
		return nil, err
	}
	v.Items, err = t.items(layers)
	return v, err
}

// deepest bounds how far references lead from one to the next.
const deepest = 64

// flatten lists schemas with those that apply to the same value whatever it is:
// what they refer to first, then themselves, then "allOf" and "x-strict". Of
// "anyOf" and "oneOf", the first branch that is more than null is taken.
func (t *tree) flatten(schemas []node, depth int) ([]node, error) {
	var layers []node
	add := func(more []node) error {
		if depth >= deepest {
			return fmt.Errorf("schema %s: leads back to itself", schemas[0].place())
		}
		flat, err := t.flatten(more, depth+1)
		layers = append(layers, flat...)
		return err
	}
	for _, schema := range schemas {
		if ref := schema.at("$ref"); ref.Exists() {
			target, err := t.follow(schema, ref.String())
			if err != nil {
				return nil, err
			}
			if err := add([]node{target}); err != nil {
				return nil, err
			}
		}
		layers = append(layers, schema)
		also := schema.list("allOf")
		for _, keyword := range []string{"anyOf", "oneOf"} {
			choice := schema.list(keyword)
			if at := slices.IndexFunc(choice, func(n node) bool { return !isNull(n) }); at >= 0 {
				also = append(also, choice[at])
			}
		}
		if strict := schema.at(strictKeyword); strict.Exists() {
			also = append(also, strict)
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
func isNull(n node) bool { return n.at("type").String() == "null" }

// offersNull tells whether null is one of a schema's choices.
func offersNull(n node) bool {
	return slices.ContainsFunc(n.list("anyOf"), isNull) || slices.ContainsFunc(n.list("oneOf"), isNull)
}

// take adds what one schema says; the later word counts.
func (v *Value) take(layer node) error {
	numbers := map[string]**big.Rat{
		"minimum": &v.Minimum, "maximum": &v.Maximum, "exclusiveMinimum": &v.Above, "exclusiveMaximum": &v.Below, "multipleOf": &v.MultipleOf,
	}
	least := map[string]*int{"minLength": &v.MinLength, "minItems": &v.MinItems}
	most := map[string]*int{"maxLength": &v.MaxLength, "maxItems": &v.MaxItems}
	var err error
	layer.ForEach(func(key, value gjson.Result) bool {
		name := key.String()
		switch name {
		case fromKeyword:
			v.From, err = parseFrom(value.String())
		case "type":
			v.Types = texts(value)
		case "const":
			v.Const = []any{value.Value()}
		case "enum":
			v.Enum = value.Value().([]any)
		case "format":
			v.Format = value.String()
		case "pattern":
			v.Pattern = value.String()
		case "uniqueItems":
			v.Unique = v.Unique || value.Bool()
		}
		if number := numbers[name]; number != nil {
			*number, _ = new(big.Rat).SetString(value.Raw)
		}
		if bound := least[name]; bound != nil {
			*bound = max(*bound, int(value.Int()))
		}
		if bound := most[name]; bound != nil {
			*bound = int(value.Int())
		}
		return err == nil
	})
	return err
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
func (t *tree) fields(layers []node) ([]Field, error) {
	var names, required []string
	schemas := map[string][]node{}
	for _, layer := range layers {
		required = append(required, texts(layer.at("required").Result)...)
		properties := layer.at("properties")
		properties.ForEach(func(key, value gjson.Result) bool {
			name := key.String()
			if schemas[name] == nil {
				names = append(names, name)
			}
			schemas[name] = append(schemas[name], node{Result: value, file: layer.file, pointer: properties.pointer + "/" + escapePointer(name)})
			return true
		})
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
func (t *tree) items(layers []node) (*Value, error) {
	var schemas []node
	for _, layer := range layers {
		if items := layer.at("items"); items.Exists() {
			schemas = append(schemas, items)
		}
	}
	if len(schemas) == 0 {
		return nil, nil
	}
	return t.value(schemas)
}
