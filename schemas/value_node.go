package schemas

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// node is a schema as it is written.
type node struct {
	gjson.Result
	file    string
	pointer string
}

// location tells people where the schema stands.
func (n node) location() string { return n.file + "#" + n.pointer }

// child is a schema that stands below a node.
func (n node) child(name string, value gjson.Result) node {
	return node{Result: value, file: n.file, pointer: n.pointer + "/" + escapePointer(name)}
}

// children is the schemas of an array that stands below a node.
func (n node) children(name string, array gjson.Result) []node {
	var list []node
	holder := n.child(name, array)
	for i, item := range array.Array() {
		list = append(list, holder.child(strconv.Itoa(i), item))
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

// newLayer goes once over the keywords of a schema.
func newLayer(n node) layer {
	l := layer{node: n}
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

// file is the schema of a whole file.
func (t *tree) file(file string) (node, error) {
	known, ok := t.set.files[file]
	if !ok {
		return node{}, fmt.Errorf("there is no schema %s", file)
	}
	return node{Result: gjson.ParseBytes(known.text()), file: file}, nil
}

// follow is the schema that a reference leads to.
func (t *tree) follow(from node, ref string) (node, error) {
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

// lookup is the member of an object or the item of an array below a node.
func (n node) lookup(name string) node {
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

// noItems tells whether a schema forbids items.
func noItems(l layer) bool { return l.itemSchema.Type == gjson.False }

// maxDepth bounds how far references lead from one to the next.
const maxDepth = 64

// flatten lists schemas with those that apply to the same value whatever it is:
// what they refer to first, then themselves, then "allOf" and "x-strict". Of
// "anyOf" and "oneOf", the first branch that is more than null is taken.
func (t *tree) flatten(schemas []node, depth int) ([]layer, error) {
	var layers []layer
	add := func(more []node) error {
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
func isNull(n node) bool { return n.lookup("type").String() == "null" }

// offersNull tells whether null is one of a schema's choices.
func offersNull(l layer) bool {
	return slices.ContainsFunc(l.anyOf, isNull) || slices.ContainsFunc(l.oneOf, isNull)
}

// stringList reads a text, or an array of them.
func stringList(value gjson.Result) []string {
	var list []string
	for _, item := range value.Array() {
		list = append(list, item.String())
	}
	return list
}
