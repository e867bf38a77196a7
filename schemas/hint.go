package schemas

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// mismatch is a problem together with what a hint needs to know of it.
type mismatch struct {
	set     *Set
	problem Problem
	file    string         // of the schema that found it: "parts/repo.json"
	pointer string         // of the keyword in that file, as a JSON pointer
	name    string         // of the member that it is about
	value   any            // that was found
	event   map[string]any // of the payload; nil where it has none
}

// hint guesses how a problem came about. It is empty where nothing fits.
func (s *Set) hint(problem Problem, leaf *jsonschema.ValidationError, doc any) string {
	file, place, _ := strings.Cut(strings.TrimPrefix(unescapeURL(leaf.AbsoluteKeywordLocation), BaseURL), "#")
	_, name := splitPointer(problem.Pointer)
	event, _ := valueAt(doc, "/event").(map[string]any)
	found := &mismatch{
		set: s, problem: problem, file: file, pointer: place, name: name,
		value: valueAt(doc, problem.Pointer), event: event,
	}
	for _, guess := range guesses() {
		if text := guess(found); text != "" {
			return text
		}
	}
	return ""
}

// expected is what the schema says under the keyword that the problem is about.
func (s *mismatch) expected() any {
	if file := s.set.files[s.file]; file != nil {
		return valueAt(file.doc(), s.pointer)
	}
	return nil
}

// guesses are what a problem may come from, the surest first.
func guesses() []func(*mismatch) string {
	return []func(*mismatch) string{
		unknownName, missingNames, misplaced, eventAsString, unknownAction,
		wrongIDForm, accountAsString, quotedValue, oldVersion, hexDigits, shortRef, closestWord,
	}
}

// splitPointer parts a JSON pointer into that of the parent and a name.
func splitPointer(pointer string) (above, name string) {
	slash := strings.LastIndexByte(pointer, '/')
	if slash < 0 {
		return "", ""
	}
	return pointer[:slash], unescapePointer(pointer[slash+1:])
}

// knownProperties lists the properties of the object that the problem is about, as its
// schema has them. Conditions name but those that they are about.
func (s *mismatch) knownProperties() []string {
	order := s.set.orderOf(s.file)
	for place := s.pointer; ; {
		above, last := splitPointer(place)
		if names := order[place+"/properties"]; len(names) > 0 && last != "then" && last != "else" {
			return names
		}
		if place == "" || last == "items" || strings.HasSuffix(above, "/properties") {
			return nil // beyond that it is another object
		}
		place = above
	}
}

func hasMember(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}

// unknownName knows a property by a name that it goes by elsewhere.
func unknownName(s *mismatch) string {
	if s.problem.Rule != "additionalProperties" {
		return ""
	}
	for _, former := range formerNames() {
		if former.file == s.file && former.name == s.name {
			return former.hint
		}
	}
	closest, ok := Closest(s.name, s.knownProperties())
	if !ok {
		return ""
	}
	return fmt.Sprintf("did you mean %s?%s", closest, caseHint(s.name, closest))
}

// caseHint tells how names are written, where that is the difference.
func caseHint(name, right string) string {
	if normalizeName(name) != normalizeName(right) {
		return ""
	}
	return " Names on the wire are camelCase"
}

// missingNames looks for what is missing under a name that is almost right, and
// tells what else is known of it.
func missingNames(s *mismatch) string {
	object, ok := s.value.(map[string]any)
	if s.problem.Rule != "required" || !ok {
		return ""
	}
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(object)), func(name string) bool {
		return slices.Contains(s.knownProperties(), name)
	})
	var hints []string
	for _, missing := range s.missing(object) {
		if text := s.missingName(missing, unknown); text != "" && !slices.Contains(hints, text) {
			hints = append(hints, text)
		}
	}
	return strings.Join(hints, "; ")
}

func (s *mismatch) missingName(missing string, unknown []string) string {
	for _, name := range unknown {
		if _, ok := Closest(name, []string{missing}); ok {
			return fmt.Sprintf("did you mean %s where %s stands?%s", missing, excerpt(name), caseHint(name, missing))
		}
	}
	for _, former := range formerNames() {
		if former.file == s.file && former.now == missing && slices.Contains(unknown, former.name) {
			return former.hint
		}
	}
	return s.firstHint(missingHints(), missing)
}

// firstHint is the first that fits, or none.
func (s *mismatch) firstHint(reasons []propertyHint, name string) string {
	for _, r := range reasons {
		if r.fits(s, name) {
			return r.text
		}
	}
	return ""
}

// missing lists what the schema asks for and the object lacks.
func (s *mismatch) missing(object map[string]any) []string {
	var list []string
	for _, name := range stringsIn(s.expected()) {
		if !hasMember(object, name) {
			list = append(list, name)
		}
	}
	return list
}

// misplaced knows why a property does not belong where it is.
func misplaced(s *mismatch) string {
	if s.problem.Rule != "properties" {
		return ""
	}
	return s.firstHint(misplacedHints(), s.name)
}
