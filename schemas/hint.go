package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// slip is a problem together with what a hint needs to know of it.
type slip struct {
	set     *Set
	problem Problem
	file    string         // of the schema that found it: "parts/repo.json"
	place   string         // of the keyword in that file, as a JSON pointer
	name    string         // of the member that it is about
	value   any            // that was found
	event   map[string]any // of the payload; nil where it has none
}

// hint guesses how a problem came about. It is empty where nothing fits.
func (s *Set) hint(problem Problem, leaf *jsonschema.ValidationError, doc any) string {
	file, place, _ := strings.Cut(strings.TrimPrefix(unescapeURL(leaf.AbsoluteKeywordLocation), Base), "#")
	_, name := splitPointer(problem.Pointer)
	event, _ := valueAt(doc, "/event").(map[string]any)
	found := &slip{
		set: s, problem: problem, file: file, place: place, name: name,
		value: valueAt(doc, problem.Pointer), event: event,
	}
	for _, guess := range guesses() {
		if text := guess(found); text != "" {
			return text
		}
	}
	return ""
}

// guesses are what a problem may come from, the surest first.
func guesses() []func(*slip) string {
	return []func(*slip) string{
		unknownName, missingNames, misplaced, eventInOneWord, unknownAction, idOfAnotherForm, account, quoted, oldVersion, digits, word,
	}
}

// splitPointer parts a JSON pointer into that of the parent and a name.
func splitPointer(pointer string) (above, name string) {
	slash := strings.LastIndexByte(pointer, '/')
	if slash < 0 {
		return "", ""
	}
	return pointer[:slash], strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer[slash+1:])
}

// unknownName knows a property by a name that it goes by elsewhere.
func unknownName(s *slip) string {
	if s.problem.Rule != "additionalProperties" {
		return ""
	}
	for _, former := range formerNames() {
		if former.file == s.file && former.name == s.name {
			return former.hint
		}
	}
	closest, ok := Closest(s.name, s.known())
	if !ok {
		return ""
	}
	return fmt.Sprintf("did you mean %s?%s", closest, style(s.name, closest))
}

// style tells how names are written, where that is the difference.
func style(name, right string) string {
	if plainName(name) != plainName(right) {
		return ""
	}
	return " Names on the wire are camelCase"
}

// known lists the properties of the object that the problem is about, as its
// schema has them.
func (s *slip) known() []string {
	order := s.set.orderOf(s.file)
	for place := s.place; ; place, _ = splitPointer(place) {
		if names := order[place+"/properties"]; len(names) > 0 && !strings.HasSuffix(place, "/then") && !strings.HasSuffix(place, "/else") {
			return names
		}
		if place == "" {
			return nil
		}
	}
}

// missingNames looks for what is missing under a name that is almost right, and
// tells what else is known of it.
func missingNames(s *slip) string {
	object, ok := s.value.(map[string]any)
	if s.problem.Rule != "required" || !ok {
		return ""
	}
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(object)), func(name string) bool {
		return slices.Contains(s.known(), name)
	})
	var hints []string
	for _, missing := range s.missing(object) {
		if text := s.missingName(missing, unknown); text != "" && !slices.Contains(hints, text) {
			hints = append(hints, text)
		}
	}
	return strings.Join(hints, "; ")
}

func (s *slip) missingName(missing string, unknown []string) string {
	for _, name := range unknown {
		if _, ok := Closest(name, []string{missing}); ok {
			return fmt.Sprintf("did you mean %s where %s stands?%s", missing, excerpt(name), style(name, missing))
		}
	}
	for _, former := range formerNames() {
		if former.file == s.file && former.now == missing && slices.Contains(unknown, former.name) {
			return former.hint
		}
	}
	return s.reason(whyMissing(), missing)
}

// reason is the first that fits, or none.
func (s *slip) reason(reasons []reason, name string) string {
	for _, r := range reasons {
		if r.fits(s, name) {
			return r.why
		}
	}
	return ""
}

// missing lists what the schema asks for and the object lacks.
func (s *slip) missing(object map[string]any) []string {
	var list []string
	if file := s.set.files[s.file]; file != nil {
		required, _ := valueAt(file.doc(), s.place).([]any)
		for _, item := range required {
			if name, ok := item.(string); ok && !has(object, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

func has(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}

// misplaced knows why a property does not belong where it is.
func misplaced(s *slip) string {
	if s.problem.Rule != "properties" {
		return ""
	}
	return s.reason(whyMisplaced(), s.name)
}

// eventInOneWord knows a shape's name that stands for its event.
func eventInOneWord(s *slip) string {
	name, ok := s.value.(string)
	if !ok || s.file != partsDir+"event"+extension || s.place != "/type" {
		return ""
	}
	if scope, action, ok := splitName(name); ok {
		return fmt.Sprintf(`event is an object: {"action": %s, "scope": %s}`, excerpt(today(action)), excerpt(scope))
	}
	return `event is an object: {"action": "…", "scope": "…"}`
}

// unknownAction knows the action that is meant by a word that no known scope
// has. The strict reading takes such an event for a narrower scope.
func unknownAction(s *slip) string {
	action, _ := s.event["action"].(string)
	scope, _ := s.event["scope"].(string)
	if s.problem.Pointer != "/event/scope" && s.problem.Pointer != "/event/action" || !s.set.Knows(scope) {
		return ""
	}
	known := s.set.actions(scope)
	if slices.Contains(known, action) {
		return ""
	}
	meant, ok := actionWords()[strings.ToLower(action)]
	if !ok || !slices.Contains(known, meant) {
		meant, ok = Closest(action, known)
	}
	if !ok {
		return fmt.Sprintf("%s is no action of %s: known are %s", excerpt(action), scope, strings.Join(known, ", "))
	}
	return fmt.Sprintf("%s is no action of %s: did you mean %q?", excerpt(action), scope, meant)
}

// actions lists the actions that a scope is known to have.
func (s *Set) actions(scope string) []string {
	var list []string
	for _, shape := range s.shapes {
		if shape.Scope == scope && !shape.Narrowed {
			list = append(list, shape.Action)
		}
	}
	return list
}

// idOfAnotherForm knows how ids look in databases and in other people's code.
func idOfAnotherForm(s *slip) string {
	if s.file != partsDir+"objectId"+extension || s.problem.Rule != "type" {
		return ""
	}
	if object, ok := s.value.(map[string]any); ok {
		if text, ok := object["$oid"].(string); ok {
			return fmt.Sprintf("an id is the text alone: %s", excerpt(text))
		}
	}
	return "an id is a string of 24 hexadecimal digits, as Mongo's ObjectId writes itself"
}

// account knows that accounts are told by id.
func account(s *slip) string {
	if _, ok := s.value.(string); ok && s.file == partsDir+"account"+extension && s.problem.Rule == "type" {
		return `an account is an object that holds an id: {"id": "…"}`
	}
	return ""
}

// quoted knows a value that stands in quotes.
func quoted(s *slip) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "type" {
		return ""
	}
	bare := strings.ToLower(strings.TrimSpace(text))
	value, err := Decode([]byte(bare))
	if _, isText := value.(string); err != nil || isText {
		return ""
	}
	for _, wanted := range s.types() {
		if wanted == typeOf(value) || wanted == "number" && typeOf(value) == "integer" {
			return fmt.Sprintf("write %s without quotes", bare)
		}
	}
	return ""
}

// types lists what the schema's keyword "type" allows.
func (s *slip) types() []string {
	file := s.set.files[s.file]
	if file == nil {
		return nil
	}
	var types []string
	switch said := valueAt(file.doc(), s.place).(type) {
	case string:
		types = []string{said}
	case []any:
		for _, item := range said {
			if text, ok := item.(string); ok {
				types = append(types, text)
			}
		}
	}
	return types
}

// digits counts those of a SHA, an id or a hash, whose patterns say how many
// there are.
func digits(s *slip) string {
	text, ok := s.value.(string)
	file := s.set.files[s.file]
	if !ok || s.problem.Rule != "pattern" || file == nil {
		return ""
	}
	pattern, _ := valueAt(file.doc(), s.place).(string)
	count, ok := strings.CutPrefix(pattern, "^[0-9a-f]{")
	wanted, err := strconv.Atoi(strings.TrimSuffix(count, "}$"))
	if !ok || err != nil {
		return ""
	}
	switch {
	case len(text) == wanted && strings.ToLower(text) != text:
		return "the digits are lower case"
	case len(text) == wanted:
		return fmt.Sprintf("not all of the %d characters are hexadecimal digits", wanted)
	case len(text) < wanted && wanted == 40:
		return fmt.Sprintf("a SHA is sent in full: 40 digits, not %d", len(text))
	}
	return fmt.Sprintf("%d digits, not %d", wanted, len(text))
}

// word knows the allowed value that is meant by a similar one.
func word(s *slip) string {
	text, ok := s.value.(string)
	file := s.set.files[s.file]
	if !ok || file == nil || s.problem.Rule != "enum" && s.problem.Rule != "const" {
		return ""
	}
	var known []string
	allowed := valueAt(file.doc(), s.place)
	list, ok := allowed.([]any)
	if !ok {
		list = []any{allowed}
	}
	for _, item := range list {
		if value, ok := item.(string); ok {
			known = append(known, value)
		}
	}
	if closest, ok := Closest(text, known); ok {
		return fmt.Sprintf("did you mean %q?", closest)
	}
	return ""
}

// oldVersion knows the versions that came before.
func oldVersion(s *slip) string {
	if s.file != partsDir+"webhook"+extension || s.name != "version" {
		return ""
	}
	if s.value == json.Number("1") || s.value == json.Number("2") {
		return "the Hub sends version 3 now"
	}
	return ""
}

// typeOf is the name that schemas have for the type of a decoded value.
func typeOf(value any) string {
	switch value := value.(type) {
	case bool:
		return "boolean"
	case nil:
		return "null"
	case json.Number:
		if !strings.ContainsAny(value.String(), ".eE") {
			return "integer"
		}
		return "number"
	}
	return "" // what is written in quotes is no object
}
