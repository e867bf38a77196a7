package schemas

import (
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

// said is what the schema says under the keyword that the problem is about.
func (s *slip) said() any {
	if file := s.set.files[s.file]; file != nil {
		return valueAt(file.doc(), s.place)
	}
	return nil
}

// guesses are what a problem may come from, the surest first.
func guesses() []func(*slip) string {
	return []func(*slip) string{
		unknownName, missingNames, misplaced, eventInOneWord, unknownAction,
		idOfAnotherForm, account, quoted, oldVersion, digits, shortRef, word,
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

// known lists the properties of the object that the problem is about, as its
// schema has them. Conditions name but those that they are about.
func (s *slip) known() []string {
	order := s.set.orderOf(s.file)
	for place := s.place; ; {
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

func has(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}
