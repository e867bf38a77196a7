package schemas

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Problem is one way in which a payload differs from its schema.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer to the value; empty for the whole payload
	Rule    string `json:"rule"`    // the keyword that it violates: "required", "type"
	Message string `json:"message"` // what was expected
	Found   string `json:"found"`   // the value as JSON, truncated
	// Hint is the likely cause and how to fix it; empty if unknown.
	Hint string `json:"hint,omitempty"`
}

// String returns the problem in one line.
func (p Problem) String() string {
	text := fmt.Sprintf("%s: %s: %s; found %s", pointerOrRoot(p.Pointer), p.Rule, p.Message, p.Found)
	if p.Hint != "" {
		text += " — " + p.Hint
	}
	return safetext.Escape(text, "") // names come from the sender
}

func pointerOrRoot(pointer string) string { return cmp.Or(pointer, "(payload)") }

// problems returns all that a validation found, sorted by pointer.
func (s *Set) problems(err *jsonschema.ValidationError, doc any) []Problem {
	var list []Problem
	for _, leaf := range leaves(err) {
		found := newProblem(leaf, doc)
		found.Hint = s.hint(found, leaf, doc)
		list = append(list, found)
	}
	slices.SortFunc(list, func(a, b Problem) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(list)
}

// leaves returns the errors that have no further causes.
func leaves(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return []*jsonschema.ValidationError{err}
	}
	var list []*jsonschema.ValidationError
	for _, cause := range relevantCauses(err) {
		list = append(list, leaves(cause)...)
	}
	return list
}

// relevantCauses returns the causes of an error. Of alternatives, it leaves out those for
// values of another type: a SHA that is too short isn't meant to be null.
func relevantCauses(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if rule := ruleOf(err.KeywordLocation); rule != "anyOf" && rule != "oneOf" {
		return err.Causes
	}
	list := slices.DeleteFunc(slices.Clone(err.Causes), func(cause *jsonschema.ValidationError) bool {
		return ruleOf(cause.KeywordLocation) == "type" && cause.InstanceLocation == err.InstanceLocation
	})
	if len(list) == 0 {
		return err.Causes
	}
	return list
}

func newProblem(leaf *jsonschema.ValidationError, doc any) Problem {
	pointer := unescapeURL(leaf.InstanceLocation)
	p := Problem{
		Pointer: pointer,
		Rule:    ruleOf(unescapeURL(leaf.KeywordLocation)),
		Message: leaf.Message,
		Found:   excerpt(valueAt(doc, pointer)),
	}
	switch {
	case leaf.Message == falseSchemaMessage:
		p.Message = "a property that is not known here"
	case p.Rule == "required":
		p.Found = memberNames(valueAt(doc, pointer))
	}
	return p
}

// unescapeURL removes the URL escapes that jsonschema adds to a JSON pointer.
func unescapeURL(pointer string) string {
	if unescaped, err := url.PathUnescape(pointer); err == nil {
		return unescaped
	}
	return pointer
}

// memberNames returns the names of an object's members, which show best what is missing.
func memberNames(value any) string {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return excerpt(value)
	}
	return safetext.Truncate(strings.Join(slices.Sorted(maps.Keys(object)), ", "), maxExcerpt)
}

// falseSchemaMessage is the message of jsonschema for a schema that is false.
const falseSchemaMessage = "not allowed"

// ruleOf returns the keyword at the end of a location; of a false schema, the one that has it.
func ruleOf(location string) string {
	segments := strings.Split(location, "/")
	for i := len(segments) - 1; i > 0; i-- {
		switch {
		case segments[i] == strictKeyword:
			continue
		case segments[i-1] == "properties":
			return "properties"
		}
		return segments[i]
	}
	return "schema"
}

// valueAt returns the value that a JSON pointer leads to; nil if it leads nowhere.
func valueAt(doc any, pointer string) any {
	value, _ := lookup(doc, pointer)
	return value
}

// lookup returns the value that a JSON pointer leads to, and whether there is one.
func lookup(doc any, pointer string) (any, bool) {
	for _, segment := range strings.Split(pointer, "/")[1:] {
		segment = unescapePointer(segment)
		ok := false
		switch node := doc.(type) {
		case map[string]any:
			doc, ok = node[segment]
		case []any:
			i, err := strconv.Atoi(segment)
			if ok = err == nil && i >= 0 && i < len(node); ok {
				doc = node[i]
			}
		}
		if !ok {
			return nil, false
		}
	}
	return doc, true
}

// maxExcerpt limits the value in a problem, in characters.
const maxExcerpt = 100

// excerpt returns a value as JSON, truncated to a line.
func excerpt(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return safetext.Truncate(string(text), maxExcerpt)
}
