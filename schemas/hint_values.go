package schemas

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

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
	for _, wanted := range stringsIn(s.said()) {
		if wanted == typeOf(value) || wanted == "number" && typeOf(value) == "integer" {
			return fmt.Sprintf("write %s without quotes", bare)
		}
	}
	return ""
}

// digits counts those of a SHA, an id or a hash, whose patterns say how many
// there are.
func digits(s *slip) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "pattern" {
		return ""
	}
	pattern, _ := s.said().(string)
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

// shortRef knows a branch or a tag by its name alone.
func shortRef(s *slip) string {
	if s.problem.Rule != "pattern" || s.said() != "^refs/" {
		return ""
	}
	return fmt.Sprintf("a ref is told in full: refs/heads/%s for a branch, refs/tags/%[1]s for a tag", s.value)
}

// word knows the allowed value that is meant by a similar one.
func word(s *slip) string {
	text, ok := s.value.(string)
	if !ok || s.problem.Rule != "enum" && s.problem.Rule != "const" {
		return ""
	}
	if closest, ok := Closest(text, stringsIn(s.said())); ok {
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

// stringsIn lists the strings that a schema says, be it one or an array.
func stringsIn(said any) []string {
	list, ok := said.([]any)
	if !ok {
		list = []any{said}
	}
	var texts []string
	for _, item := range list {
		if text, ok := item.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}
