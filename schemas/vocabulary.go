package schemas

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// holds says what stands under a keyword, as far as there are schemas in it.
type holds int

const (
	values      holds = iota // none: what it says is a value
	oneSchema                // a schema
	schemaList               // an array of schemas
	schemaByKey              // an object whose members are schemas, under any names
)

// draft is the URL of the JSON Schema that the schemas are written in.
const draft = "https://json-schema.org/draft/2020-12/schema"

// vocabulary is what may stand in a schema: the keywords of draft 2020-12, those
// that it keeps from earlier drafts, and our own.
func vocabulary() map[string]holds {
	return map[string]holds{
		"$schema": values, "$id": values, "$anchor": values, "$ref": values,
		"$dynamicRef": values, "$dynamicAnchor": values, "$vocabulary": values, "$comment": values,
		"$defs": schemaByKey, "definitions": schemaByKey,

		"properties": schemaByKey, "patternProperties": schemaByKey, "additionalProperties": oneSchema,
		"propertyNames": oneSchema, "dependentSchemas": schemaByKey, "dependencies": schemaByKey,
		"prefixItems": schemaList, "items": oneSchema, "contains": oneSchema,
		"unevaluatedProperties": oneSchema, "unevaluatedItems": oneSchema,
		"allOf": schemaList, "anyOf": schemaList, "oneOf": schemaList, "not": oneSchema,
		"if": oneSchema, "then": oneSchema, "else": oneSchema,

		"type": values, "const": values, "enum": values,
		"multipleOf": values, "minimum": values, "maximum": values, "exclusiveMinimum": values, "exclusiveMaximum": values,
		"minLength": values, "maxLength": values, "pattern": values, "format": values,
		"minItems": values, "maxItems": values, "uniqueItems": values, "minContains": values, "maxContains": values,
		"minProperties": values, "maxProperties": values, "required": values, "dependentRequired": values,

		"contentEncoding": values, "contentMediaType": values, "contentSchema": oneSchema,
		"title": values, "description": values, "default": values, "examples": values,
		"deprecated": values, "readOnly": values, "writeOnly": values,

		strictKeyword: oneSchema, fromKeyword: values,
	}
}

// checker reads the files of an overlay for mistakes that JSON Schema lets pass,
// or whose place the compiler does not tell.
type checker struct {
	set        *Set
	vocabulary map[string]holds
	keywords   []string           // of the vocabulary
	meta       *jsonschema.Schema // what draft 2020-12 says of a schema
	file       string             // the one that is read
}

// check reads files and gives the first mistake.
func (s *Set) check(files []string) error {
	meta, err := jsonschema.Compile(draft)
	if err != nil {
		return fmt.Errorf("compile %s: %w", draft, err)
	}
	c := checker{set: s, vocabulary: vocabulary(), meta: meta}
	c.keywords = slices.Sorted(maps.Keys(c.vocabulary))
	for _, c.file = range files {
		doc := s.files[c.file].doc()
		if err := c.heads(doc.(map[string]any)); err != nil {
			return err
		}
		if err := c.schema(doc, ""); err != nil {
			return err
		}
	}
	return nil
}

// fault is a mistake at a place in the file.
func (c *checker) fault(pointer, format string, a ...any) error {
	return fmt.Errorf("schema %s#%s: %s", c.file, pointer, fmt.Sprintf(format, a...))
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

// schema checks what stands where a schema is expected.
func (c *checker) schema(node any, pointer string) error {
	object, ok := node.(map[string]any)
	if !ok {
		return c.values(node, pointer)
	}
	for _, keyword := range c.written(object, pointer) {
		place := pointer + "/" + escapePointer(keyword)
		held, known := c.vocabulary[keyword]
		if !known {
			return c.fault(pointer, "unknown keyword %q%s", keyword, c.nearest(keyword))
		}
		if err := c.own(keyword, object[keyword], pointer); err != nil {
			return err
		}
		if err := c.below(held, object[keyword], place); err != nil {
			return err
		}
	}
	if pointer == "" {
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

// below checks the schemas that a keyword holds.
func (c *checker) below(held holds, node any, pointer string) error {
	switch held {
	case oneSchema:
		return c.schema(node, pointer)
	case schemaList:
		list, _ := node.([]any)
		for i, item := range list {
			if err := c.schema(item, pointer+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
	case schemaByKey:
		object, _ := node.(map[string]any)
		for _, name := range c.written(object, pointer) {
			if _, names := object[name].([]any); names {
				continue // a list of names, which "dependencies" may hold
			}
			if err := c.schema(object[name], pointer+"/"+escapePointer(name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// own checks the values of keywords that draft 2020-12 does not, or not fully.
func (c *checker) own(keyword string, value any, pointer string) error {
	place := pointer + "/" + escapePointer(keyword)
	switch keyword {
	case "$id":
		if pointer != "" {
			return c.fault(place, "a schema within a file has no $id: refer to it as %q", "#"+pointer)
		}
	case "$ref":
		return c.ref(value, pointer)
	case strictKeyword:
		return c.values(value, place)
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
		leaf := leaves(invalid)[0]
		return c.fault(pointer+leaf.InstanceLocation, "%s; found %s", leaf.Message, excerpt(valueAt(node, leaf.InstanceLocation)))
	}
	return err
}
