package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Problem is one way in which a payload differs from its schema.
type Problem struct {
	Pointer string `json:"pointer"` // JSON pointer to the value; empty for the whole payload
	Rule    string `json:"rule"`    // the keyword that it breaks: "required", "type"
	Message string `json:"message"` // what was expected
	Found   string `json:"found"`   // the value, as JSON, shortened
	// Hint is what it may come from and how to mend it; empty where that is not
	// known.
	Hint string `json:"hint,omitempty"`
}

// String tells the problem in one line.
func (p Problem) String() string {
	text := fmt.Sprintf("%s: %s: %s; found %s", pointerOrRoot(p.Pointer), p.Rule, p.Message, p.Found)
	if p.Hint != "" {
		text += " — " + p.Hint
	}
	return escapeControl(text)
}

// escapeControl writes as escapes what would end a line or command a terminal: names
// come from whoever sends.
func escapeControl(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	var plain strings.Builder
	for _, r := range text {
		if unicode.IsPrint(r) {
			plain.WriteRune(r)
		} else {
			plain.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return plain.String()
}

func pointerOrRoot(pointer string) string {
	if pointer == "" {
		return "(payload)"
	}
	return pointer
}

// problems tells everything that a validation found, by place.
func (s *Set) problems(err *jsonschema.ValidationError, doc any) []Problem {
	var list []Problem
	for _, leaf := range leaves(err) {
		found := problem(leaf, doc)
		found.Hint = s.hint(found, leaf, doc)
		list = append(list, found)
	}
	slices.SortFunc(list, func(a, b Problem) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(list)
}

// leaves are the faults that have no causes below them.
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

// relevantCauses leaves out, of several schemas one of which must fit, those for values
// of another type: a SHA that is too short is no attempt at null.
func relevantCauses(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if rule := ruleOf(err.KeywordLocation); rule != "anyOf" && rule != "oneOf" {
		return err.Causes
	}
	var list []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		if ruleOf(cause.KeywordLocation) != "type" || cause.InstanceLocation != err.InstanceLocation {
			list = append(list, cause)
		}
	}
	if len(list) == 0 {
		return err.Causes
	}
	return list
}

func problem(leaf *jsonschema.ValidationError, doc any) Problem {
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

// unescapeURL gives a JSON pointer without the escapes of URLs, in which
// jsonschema writes it.
func unescapeURL(pointer string) string {
	if plain, err := url.PathUnescape(pointer); err == nil {
		return plain
	}
	return pointer
}

// memberNames says what an object has, which tells more about what it lacks
// than its values do.
func memberNames(value any) string {
	object, ok := value.(map[string]any)
	if !ok || len(object) == 0 {
		return excerpt(value)
	}
	return truncate(strings.Join(slices.Sorted(maps.Keys(object)), ", "))
}

// falseSchemaMessage is what jsonschema says where a schema is false.
const falseSchemaMessage = "not allowed"

// ruleOf is the keyword at the end of a keyword's location. A false schema has
// none of its own: there it is the one that led to it.
func ruleOf(location string) string {
	segments := strings.Split(location, "/")
	for i := len(segments) - 1; i > 0; i-- {
		segment := segments[i]
		if segment == strictKeyword {
			continue
		}
		if segments[i-1] == "properties" {
			return "properties"
		}
		return segment
	}
	return "schema"
}

// valueAt follows a JSON pointer. It is nil where the pointer leads nowhere.
func valueAt(doc any, pointer string) any {
	value, _ := lookup(doc, pointer)
	return value
}

// lookup follows a JSON pointer. It is false where the pointer leads nowhere.
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

// excerptRunes is how much of a value a problem shows.
const excerptRunes = 100

// excerpt writes a value as JSON, and no more of it than a line holds.
func excerpt(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprintf("%T", value)
	}
	return truncate(string(text))
}

func truncate(text string) string {
	if utf8.RuneCountInString(text) <= excerptRunes {
		return text
	}
	return string([]rune(text)[:excerptRunes]) + "…"
}
