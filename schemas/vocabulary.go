package schemas

import (
	"iter"
	"maps"
	"slices"
	"strconv"
)

// holds says what stands under a keyword, as far as there are schemas in it.
type holds int

const (
	values      holds = iota // none: what it says is a value
	oneText                  // none: a string
	oneSchema                // a schema
	schemaList               // an array of schemas
	schemaByKey              // an object whose members are schemas, under any names
)

// String names what is held, for messages.
func (h holds) String() string {
	return [...]string{"a value", "a string", "a schema", "an array of schemas", "an object of schemas"}[h]
}

// draft is the URL of the JSON Schema that the schemas are written in.
const draft = "https://json-schema.org/draft/2020-12/schema"

// vocabulary is what may stand in a schema: the keywords of draft 2020-12, those
// that it keeps from earlier drafts, and our own.
func vocabulary() map[string]holds {
	return map[string]holds{
		"$schema": oneText, "$id": oneText, "$anchor": oneText, "$ref": oneText,
		"$dynamicRef": oneText, "$dynamicAnchor": oneText, "$vocabulary": values, "$comment": oneText,
		"$defs": schemaByKey, "definitions": schemaByKey,

		"properties": schemaByKey, "patternProperties": schemaByKey, "additionalProperties": oneSchema,
		"propertyNames": oneSchema, "dependentSchemas": schemaByKey, "dependencies": schemaByKey,
		"prefixItems": schemaList, "items": oneSchema, "contains": oneSchema,
		"unevaluatedProperties": oneSchema, "unevaluatedItems": oneSchema,
		"allOf": schemaList, "anyOf": schemaList, "oneOf": schemaList, "not": oneSchema,
		"if": oneSchema, "then": oneSchema, "else": oneSchema,

		"type": values, "const": values, "enum": values,
		"multipleOf": values, "minimum": values, "maximum": values, "exclusiveMinimum": values, "exclusiveMaximum": values,
		"minLength": values, "maxLength": values, "pattern": oneText, "format": oneText,
		"minItems": values, "maxItems": values, "uniqueItems": values, "minContains": values, "maxContains": values,
		"minProperties": values, "maxProperties": values, "required": values, "dependentRequired": values,

		"contentEncoding": oneText, "contentMediaType": oneText, "contentSchema": oneSchema,
		"title": oneText, "description": oneText, "default": values, "examples": values,
		"deprecated": values, "readOnly": values, "writeOnly": values,

		strictKeyword: oneSchema, fromKeyword: values,
	}
}

// unjudged tells the keywords under which draft 2020-12 looks for no schemas, or
// the library's text of it does not.
func unjudged(keyword string) bool {
	return slices.Contains([]string{strictKeyword, "contentSchema", "definitions", "dependencies"}, keyword)
}

// below gives the schemas that a keyword holds, with where they stand in it, in
// an order that is always the same.
func below(held holds, node any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		switch held {
		case oneSchema:
			yield("", node)
		case schemaList:
			for i, item := range node.([]any) {
				if !yield("/"+strconv.Itoa(i), item) {
					return
				}
			}
		case schemaByKey:
			object := node.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(object)) {
				if !isNames(object[name]) && !yield("/"+escapePointer(name), object[name]) {
					return
				}
			}
		}
	}
}

// isNames knows a list of property names, which "dependencies" may hold instead
// of a schema.
func isNames(node any) bool {
	list, ok := node.([]any)
	return ok && !slices.ContainsFunc(list, func(item any) bool {
		_, isText := item.(string)
		return !isText
	})
}
