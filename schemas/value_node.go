package schemas

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// A valueNode is the source of a schema.
type valueNode struct {
	gjson.Result
	file    string
	pointer string
}

func (n valueNode) location() string { return n.file + "#" + n.pointer }

// child returns a schema in the value of a keyword.
func (n valueNode) child(name string, value gjson.Result) valueNode {
	return valueNode{Result: value, file: n.file, pointer: n.pointer + "/" + escapePointer(name)}
}

// children returns the schemas in the array of a keyword.
func (n valueNode) children(name string, array gjson.Result) []valueNode {
	var list []valueNode
	parent := n.child(name, array)
	for i, item := range array.Array() {
		list = append(list, parent.child(strconv.Itoa(i), item))
	}
	return list
}

// layer is a schema with the keywords that lead to others.
type layer struct {
	valueNode
	ref                            gjson.Result
	allOf, anyOf, oneOf            []valueNode
	strict, properties, itemSchema valueNode
	required                       []string
}

func newLayer(n valueNode) layer {
	l := layer{valueNode: n}
	n.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); name {
		case "$ref":
			l.ref = value
		case "allOf":
			l.allOf = n.children(name, value)
		case "anyOf":
			l.anyOf = n.children(name, value)
		case "oneOf":
			l.oneOf = n.children(name, value)
		case strictKeyword:
			l.strict = n.child(name, value)
		case "properties":
			l.properties = n.child(name, value)
		case "items":
			l.itemSchema = n.child(name, value)
		case "required":
			l.required = stringList(value)
		}
		return true
	})
	return l
}

// file returns the schema of a whole file.
func (t *tree) file(file string) (valueNode, error) {
	known, ok := t.set.files[file]
	if !ok {
		return valueNode{}, fmt.Errorf("there is no schema %s", file)
	}
	return valueNode{Result: gjson.ParseBytes(known.text()), file: file}, nil
}

// follow returns the schema that a reference leads to.
func (t *tree) follow(from valueNode, ref string) (valueNode, error) {
	file, pointer, _ := strings.Cut(ref, "#")
	if ours, absolute := strings.CutPrefix(file, BaseURL); absolute {
		file = ours
	} else if file != "" {
		file = path.Join(path.Dir(from.file), file)
	} else {
		file = from.file
	}
	target, err := t.file(file)
	if err != nil || pointer == "" {
		return target, err
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~", "%25", "%")
	for _, segment := range strings.Split(pointer, "/")[1:] {
		target = target.lookup(unescape.Replace(segment))
	}
	if !target.Exists() || pointer[0] != '/' {
		return target, fmt.Errorf("schema %s: a generator cannot follow $ref %q", from.location(), ref)
	}
	return target, nil
}

// lookup returns a member of an object, or an item of an array.
func (n valueNode) lookup(name string) valueNode {
	var found gjson.Result
	i := 0
	n.ForEach(func(key, value gjson.Result) bool {
		if key.String() == name || n.IsArray() && strconv.Itoa(i) == name {
			found = value
		}
		i++
		return !found.Exists()
	})
	return n.child(name, found)
}

func noItems(l layer) bool { return l.itemSchema.Type == gjson.False }

// maxDepth limits chains of references.
const maxDepth = 64

// flatten returns schemas together with those that apply to the same value: their references
// first, then themselves, then "allOf" and "x-strict". Of "anyOf" and "oneOf", it takes the
// first that isn't just null.
func (t *tree) flatten(schemas []valueNode, depth int) ([]layer, error) {
	var layers []layer
	add := func(more []valueNode) error {
		if depth >= maxDepth {
			return fmt.Errorf("schema %s: leads back to itself", schemas[0].location())
		}
		flat, err := t.flatten(more, depth+1)
		layers = append(layers, flat...)
		return err
	}
	for _, schema := range schemas {
		l := newLayer(schema)
		if l.ref.Exists() {
			target, err := t.follow(schema, l.ref.String())
			if err != nil {
				return nil, err
			}
			if err := add([]valueNode{target}); err != nil {
				return nil, err
			}
		}
		layers = append(layers, l)
		more := l.allOf
		for _, choice := range [][]valueNode{l.anyOf, l.oneOf} {
			if at := slices.IndexFunc(choice, func(n valueNode) bool { return !isNull(n) }); at >= 0 {
				more = append(more, choice[at])
			}
		}
		if l.strict.Exists() {
			more = append(more, l.strict)
		}
		if len(more) > 0 {
			if err := add(more); err != nil {
				return nil, err
			}
		}
	}
	return layers, nil
}

// isNull reports whether a schema allows only null.
func isNull(n valueNode) bool { return n.lookup("type").String() == "null" }

// offersNull reports whether null is one of a schema's alternatives.
func offersNull(l layer) bool {
	return slices.ContainsFunc(l.anyOf, isNull) || slices.ContainsFunc(l.oneOf, isNull)
}

// stringList returns the strings of a string or an array.
func stringList(value gjson.Result) []string {
	var list []string
	for _, item := range value.Array() {
		list = append(list, item.String())
	}
	return list
}
