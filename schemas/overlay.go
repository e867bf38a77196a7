package schemas

import (
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// checker finds mistakes in an overlay that JSON Schema permits, or that the compiler misplaces.
type checker struct {
	set        *Set
	vocabulary map[string]contents
	keywords   []string           // of the vocabulary
	meta       *jsonschema.Schema // the meta-schema of draft 2020-12
	file       string             // the current one

	targets map[string]map[string]bool // by file: the fragments that a reference may have
}

func (s *Set) check(files []string) error {
	meta, err := jsonschema.Compile(draftURI)
	if err != nil {
		return fmt.Errorf("compile %s: %w", draftURI, err)
	}
	c := checker{set: s, vocabulary: vocabulary(), meta: meta, targets: map[string]map[string]bool{}}
	c.keywords = slices.Sorted(maps.Keys(c.vocabulary))
	for _, c.file = range files {
		doc := s.files[c.file].doc()
		if err := c.checkHeader(doc.(map[string]any)); err != nil {
			return err
		}
		if err := c.checkSchema(doc, "", true); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) errorAt(pointer, format string, a ...any) error {
	return fmt.Errorf("schema %s#%s: %s", c.file, safetext.Escape(pointer, ""), fmt.Sprintf(format, a...))
}

func (c *checker) checkHeader(doc map[string]any) error {
	if found, ok := doc["$schema"]; ok && found != draftURI && found != draftURI+"#" {
		return c.errorAt("/$schema", "expected %q, the draft that schemas are read in, found %s", draftURI, excerpt(found))
	}
	// A copied schema that keeps its $id would be taken for the other file.
	if found, ok := doc["$id"]; ok && found != BaseURL+c.file {
		return c.errorAt("/$id", "expected %q, or none: schemas are known by their files; found %s",
			BaseURL+c.file, excerpt(found))
	}
	return nil
}

// checkSchema checks a schema. Unless the meta-schema has already validated what the
// schema is part of, it must be validated by itself.
func (c *checker) checkSchema(node any, pointer string, unvalidated bool) error {
	object, ok := node.(map[string]any)
	if !ok {
		return c.validate(node, pointer)
	}
	for _, keyword := range c.keywordsInOrder(object, pointer) {
		expected, known := c.vocabulary[keyword]
		if !known {
			return c.errorAt(pointer, "unknown keyword %q: %s", keyword,
				suggest.Or(keyword, c.keywords, "draft 2020-12 has none of this name"))
		}
		if err := c.checkKeyword(keyword, object[keyword], pointer); err != nil {
			return err
		}
		if err := c.checkContents(expected, object[keyword], pointer+"/"+escapePointer(keyword)); err != nil {
			return err
		}
		for path, inner := range subschemas(expected, object[keyword]) {
			if err := c.checkSchema(inner, pointer+"/"+escapePointer(keyword)+path, notInMetaSchema(keyword)); err != nil {
				return err
			}
		}
	}
	if unvalidated {
		return c.validate(node, pointer)
	}
	return nil
}

// keywordsInOrder returns a schema's keywords as written, so that the first mistake is found first.
func (c *checker) keywordsInOrder(object map[string]any, pointer string) []string {
	if order := c.set.orderOf(c.file)[pointer]; len(order) == len(object) {
		return order
	}
	return slices.Sorted(maps.Keys(object))
}

// checkContents checks the type of a keyword's value, as far as this package relies on it.
func (c *checker) checkContents(expected contents, node any, pointer string) error {
	var ok bool
	switch expected {
	case stringValue:
		_, ok = node.(string)
	case schemaArray:
		_, ok = node.([]any)
	case schemaMap:
		_, ok = node.(map[string]any)
	default:
		ok = true
	}
	if !ok {
		return c.errorAt(pointer, "expected %s, found %s", expected, excerpt(node))
	}
	return nil
}

// checkKeyword checks the values of keywords that the library doesn't check, or not completely.
func (c *checker) checkKeyword(keyword string, value any, pointer string) error {
	switch keyword {
	case "$id":
		if pointer != "" {
			return c.errorAt(pointer+"/$id", "a schema within a file has no $id: refer to it as %q", "#"+pointer)
		}
	case "$ref", "$dynamicRef":
		return c.checkRef(keyword, value, pointer)
	case fromKeyword:
		if _, err := parseFrom(value); err != nil {
			return c.errorAt(pointer, "%v", err)
		}
	}
	return nil
}

func (c *checker) validate(node any, pointer string) error {
	err := c.meta.Validate(node)
	if invalid, ok := err.(*jsonschema.ValidationError); ok {
		first := newProblem(leaves(invalid)[0], node)
		return c.errorAt(pointer+first.Pointer, "%s; found %s", first.Message, first.Found)
	}
	return err
}

// checkRef checks that a reference leads to a schema of this set. The compiler would find
// that it doesn't, but not say which schema refers to what.
func (c *checker) checkRef(keyword string, value any, pointer string) error {
	text, ok := value.(string)
	if !ok {
		return nil // see checkContents
	}
	base, err := url.Parse(BaseURL + c.file)
	if err != nil {
		return c.errorAt(pointer, "%v", err)
	}
	target, err := base.Parse(text)
	if err != nil {
		return c.errorAt(pointer, "%s %q is no reference: %v", keyword, text, err)
	}
	fragment := target.Fragment
	target.Fragment, target.RawFragment = "", ""
	file, ours := strings.CutPrefix(target.String(), BaseURL)
	switch {
	case target.String() == draftURI:
		return nil
	case !ours:
		return c.errorAt(pointer, "%s %q leads out of the schemas: only their own files are read, such as %q",
			keyword, text, "parts/repo.json")
	case c.set.files[file] == nil:
		suggestion := ""
		if closest, ok := suggest.Closest(file, slices.Sorted(maps.Keys(c.set.files))); ok {
			suggestion = ": did you mean " + closest + "?"
		}
		return c.errorAt(pointer, "%s %q leads nowhere: there is no %s%s", keyword, text, file, suggestion)
	}
	if c.targetsIn(file)[fragment] {
		return nil
	}
	why := "leads nowhere: there is no"
	if _, ok := lookup(c.set.files[file].doc(), fragment); ok && strings.HasPrefix(fragment, "/") {
		why = "leads to what is no schema:"
	}
	return c.errorAt(pointer, "%s %q %s %s in %s", keyword, text, why, fragment, file)
}

// targetsIn returns the fragments that a reference to a file may have: pointers and anchors.
func (c *checker) targetsIn(file string) map[string]bool {
	if c.targets[file] == nil {
		c.targets[file] = map[string]bool{}
		c.listTargets(file, c.set.files[file].doc(), "")
	}
	return c.targets[file]
}

func (c *checker) listTargets(file string, node any, pointer string) {
	c.targets[file][pointer] = true
	object, _ := node.(map[string]any)
	for keyword, value := range object {
		if anchor, ok := value.(string); ok && (keyword == "$anchor" || keyword == "$dynamicAnchor") {
			c.targets[file][anchor] = true
		}
		expected := c.vocabulary[keyword]
		below := pointer + "/" + escapePointer(keyword)
		if c.checkContents(expected, value, below) != nil {
			continue // reported when that file is checked
		}
		for path, schema := range subschemas(expected, value) {
			c.listTargets(file, schema, below+path)
		}
	}
}

// contents is the kind of value that a keyword has.
type contents int

const (
	anyValue contents = iota
	stringValue
	oneSchema
	schemaArray
	schemaMap // an object whose members are schemas
)

func (c contents) String() string {
	return [...]string{"a value", "a string", "a schema", "an array of schemas", "an object of schemas"}[c]
}

const draftURI = "https://json-schema.org/draft/2020-12/schema" // the meta-schema

// vocabulary returns the keywords of draft 2020-12, those kept from earlier drafts, and our own.
func vocabulary() map[string]contents {
	keywords := map[string]contents{strictKeyword: oneSchema, fromKeyword: anyValue}
	for kind, names := range map[contents]string{
		stringValue: "$schema $id $anchor $ref $dynamicRef $dynamicAnchor $comment pattern format " +
			"contentEncoding contentMediaType title description",
		oneSchema: "additionalProperties propertyNames items contains unevaluatedProperties " +
			"unevaluatedItems not if then else contentSchema",
		schemaArray: "prefixItems allOf anyOf oneOf",
		schemaMap:   "$defs definitions properties patternProperties dependentSchemas dependencies",
		anyValue: "$vocabulary type const enum multipleOf minimum maximum exclusiveMinimum " +
			"exclusiveMaximum minLength maxLength minItems maxItems uniqueItems minContains " +
			"maxContains minProperties maxProperties required dependentRequired default examples " +
			"deprecated readOnly writeOnly",
	} {
		for _, name := range strings.Fields(names) {
			keywords[name] = kind
		}
	}
	return keywords
}

// notInMetaSchema reports whether the library's meta-schema skips the schemas in a keyword.
func notInMetaSchema(keyword string) bool {
	return slices.Contains([]string{strictKeyword, "contentSchema", "definitions", "dependencies"}, keyword)
}

// subschemas returns the schemas in a keyword's value by their pointers, in a stable order.
func subschemas(kind contents, node any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		switch kind {
		case oneSchema:
			yield("", node)
		case schemaArray:
			for i, item := range node.([]any) {
				if !yield("/"+strconv.Itoa(i), item) {
					return
				}
			}
		case schemaMap:
			object := node.(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(object)) {
				if !isNames(object[name]) && !yield("/"+escapePointer(name), object[name]) {
					return
				}
			}
		}
	}
}

// isNames reports whether node is a list of property names, which "dependencies" may have.
func isNames(node any) bool {
	list, ok := node.([]any)
	return ok && len(stringsIn(node)) == len(list)
}
