package schemas

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/schemas/suggest"
)

// mismatch is a problem with the context that a hint needs.
type mismatch struct {
	set     *Set
	problem Problem
	file    string         // of the schema: "parts/repo.json"
	pointer string         // to the keyword in that file
	name    string         // of the member
	value   any            // what was found
	event   map[string]any // of the payload; nil if it has none
}

// hint guesses the cause of a problem; it is empty if there is no guess.
func (s *Set) hint(problem Problem, leaf *jsonschema.ValidationError, doc any) string {
	file, pointer, _ := strings.Cut(strings.TrimPrefix(unescapeURL(leaf.AbsoluteKeywordLocation), BaseURL), "#")
	_, name := splitPointer(problem.Pointer)
	event, _ := valueAt(doc, "/event").(map[string]any)
	m := &mismatch{
		set: s, problem: problem, file: file, pointer: pointer, name: name,
		value: valueAt(doc, problem.Pointer), event: event,
	}
	for _, guess := range guesses() {
		if text := guess(m); text != "" {
			return text
		}
	}
	return ""
}

func (m *mismatch) expected() any {
	if file := m.set.files[m.file]; file != nil {
		return valueAt(file.doc(), m.pointer)
	}
	return nil
}

// guesses returns the functions that explain a problem, or return "", the most certain first.
func guesses() []func(*mismatch) string {
	return []func(*mismatch) string{
		unknownName, missingNames, misplaced, eventAsString, unknownAction,
		wrongIDForm, accountAsString, quotedValue, oldVersion, hexDigits, shortRef, closestWord,
	}
}

// splitPointer splits a JSON pointer into the parent's and a name.
func splitPointer(pointer string) (parent, name string) {
	slash := strings.LastIndexByte(pointer, '/')
	if slash < 0 {
		return "", ""
	}
	return pointer[:slash], unescapePointer(pointer[slash+1:])
}

// knownProperties lists the properties of the object in its schema, but for conditional ones.
func (m *mismatch) knownProperties() []string {
	order := m.set.orderOf(m.file)
	for pointer := m.pointer; ; {
		parent, last := splitPointer(pointer)
		if names := order[pointer+"/properties"]; len(names) > 0 && last != "then" && last != "else" {
			return names
		}
		if pointer == "" || last == "items" || strings.HasSuffix(parent, "/properties") {
			return nil // the parent is about another object
		}
		pointer = parent
	}
}

func hasMember(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}

// unknownName explains a property that has a former or a similar name.
func unknownName(m *mismatch) string {
	if m.problem.Rule != "additionalProperties" {
		return ""
	}
	for _, former := range formerNames() {
		if former.file == m.file && former.name == m.name {
			return former.hint
		}
	}
	closest, ok := suggest.Closest(m.name, m.knownProperties())
	if !ok {
		return ""
	}
	return fmt.Sprintf("did you mean %s?%s", closest, caseHint(m.name, closest))
}

// caseHint says how names are written if that is the difference.
func caseHint(name, right string) string {
	if !suggest.EqualFold(name, right) {
		return ""
	}
	return " Names on the wire are camelCase"
}

// missingNames explains missing properties: they may have a similar name.
func missingNames(m *mismatch) string {
	object, ok := m.value.(map[string]any)
	if m.problem.Rule != "required" || !ok {
		return ""
	}
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(object)), func(name string) bool {
		return slices.Contains(m.knownProperties(), name)
	})
	var hints []string
	for _, missing := range stringsIn(m.expected()) {
		if hasMember(object, missing) {
			continue
		}
		if text := m.missingName(missing, unknown); text != "" && !slices.Contains(hints, text) {
			hints = append(hints, text)
		}
	}
	return strings.Join(hints, "; ")
}

func (m *mismatch) missingName(missing string, unknown []string) string {
	for _, name := range unknown {
		if _, ok := suggest.Closest(name, []string{missing}); ok {
			return fmt.Sprintf("did you mean %s where %s stands?%s", missing, excerpt(name), caseHint(name, missing))
		}
	}
	for _, former := range formerNames() {
		if former.file == m.file && former.now == missing && slices.Contains(unknown, former.name) {
			return former.hint
		}
	}
	return m.firstHint(missingHints(), missing)
}

func (m *mismatch) firstHint(hints []propertyHint, name string) string {
	for _, hint := range hints {
		if hint.name == name && strings.HasPrefix(strings.TrimPrefix(m.file, narrowedDir), hint.file) {
			return hint.text
		}
	}
	return ""
}

// misplaced explains a property that doesn't belong where it is.
func misplaced(m *mismatch) string {
	if m.problem.Rule != "properties" {
		return ""
	}
	return m.firstHint(misplacedHints(), m.name)
}
