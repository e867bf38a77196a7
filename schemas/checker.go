package schemas

import (
	"fmt"
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// checker reads the files of an overlay for mistakes that JSON Schema lets pass,
// or whose place the compiler does not tell.
type checker struct {
	set        *Set
	vocabulary map[string]holds
	keywords   []string           // of the vocabulary
	meta       *jsonschema.Schema // what draft 2020-12 says of a schema
	file       string             // the one that is read

	places map[string]map[string]bool // by file: what a reference may name
}

// check reads files and gives the first mistake.
func (s *Set) check(files []string) error {
	meta, err := jsonschema.Compile(draft)
	if err != nil {
		return fmt.Errorf("compile %s: %w", draft, err)
	}
	c := checker{set: s, vocabulary: vocabulary(), meta: meta, places: map[string]map[string]bool{}}
	c.keywords = slices.Sorted(maps.Keys(c.vocabulary))
	for _, c.file = range files {
		doc := s.files[c.file].doc()
		if err := c.heads(doc.(map[string]any)); err != nil {
			return err
		}
		if err := c.schema(doc, "", true); err != nil {
			return err
		}
	}
	return nil
}

// fault is a mistake at a place in the file.
func (c *checker) fault(pointer, format string, a ...any) error {
	return fmt.Errorf("schema %s#%s: %s", c.file, printable(pointer), fmt.Sprintf(format, a...))
}

// heads checks what a file says of itself.
func (c *checker) heads(doc map[string]any) error {
	if found, ok := doc["$schema"]; ok && found != draft && found != draft+"#" {
		return c.fault("/$schema", "expected %q, the draft that schemas are read in, found %s", draft, excerpt(found))
	}
	// A copied schema that keeps its $id would be taken for the other file.
	if found, ok := doc["$id"]; ok && found != Base+c.file {
		return c.fault("/$id", "expected %q, or none: schemas are known by their files; found %s", Base+c.file, excerpt(found))
	}
	return nil
}

// schema checks what stands where a schema is expected. It is fresh where draft
// 2020-12 has not judged it with what it stands in.
func (c *checker) schema(node any, pointer string, fresh bool) error {
	object, ok := node.(map[string]any)
	if !ok {
		return c.values(node, pointer)
	}
	for _, keyword := range c.written(object, pointer) {
		held, known := c.vocabulary[keyword]
		if !known {
			return c.fault(pointer, "unknown keyword %q%s", keyword, c.nearest(keyword))
		}
		if err := c.own(keyword, object[keyword], pointer); err != nil {
			return err
		}
		if err := c.holds(held, object[keyword], pointer+"/"+escapePointer(keyword)); err != nil {
			return err
		}
		for place, inner := range below(held, object[keyword]) {
			if err := c.schema(inner, pointer+"/"+escapePointer(keyword)+place, unjudged(keyword)); err != nil {
				return err
			}
		}
	}
	if fresh {
		return c.values(node, pointer)
	}
	return nil
}

func (c *checker) nearest(keyword string) string {
	if closest, ok := Closest(keyword, c.keywords); ok {
		return fmt.Sprintf(": did you mean %q?", closest)
	}
	return ": draft 2020-12 has none of this name"
}

// written gives the members of an object in the order of the file, so that the
// first mistake in it is told first.
func (c *checker) written(object map[string]any, pointer string) []string {
	if order := c.set.orderOf(c.file)[pointer]; len(order) == len(object) {
		return order
	}
	return slices.Sorted(maps.Keys(object))
}

// holds checks that a keyword holds what it must, as far as anybody relies on it.
func (c *checker) holds(held holds, node any, place string) error {
	var ok bool
	switch held {
	case oneText:
		_, ok = node.(string)
	case schemaList:
		_, ok = node.([]any)
	case schemaByKey:
		_, ok = node.(map[string]any)
	default:
		return nil
	}
	if !ok {
		return c.fault(place, "expected %s, found %s", held, excerpt(node))
	}
	return nil
}

// own checks the values of keywords that the library's reading of draft 2020-12
// does not, or not fully.
func (c *checker) own(keyword string, value any, pointer string) error {
	place := pointer + "/" + escapePointer(keyword)
	switch keyword {
	case "$id":
		if pointer != "" {
			return c.fault(place, "a schema within a file has no $id: refer to it as %q", "#"+pointer)
		}
	case "$ref", "$dynamicRef":
		return c.ref(keyword, value, pointer)
	case fromKeyword:
		if _, err := parseFrom(value); err != nil {
			return c.fault(pointer, "%v", err)
		}
	}
	return nil
}

// values checks a schema by what draft 2020-12 says of schemas.
func (c *checker) values(node any, pointer string) error {
	err := c.meta.Validate(node)
	if invalid, ok := err.(*jsonschema.ValidationError); ok {
		first := problem(leaves(invalid)[0], node)
		return c.fault(pointer+first.Pointer, "%s; found %s", first.Message, first.Found)
	}
	return err
}
