package schemas

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

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
	for _, name := range stringsIn(s.said()) {
		if !has(object, name) {
			list = append(list, name)
		}
	}
	return list
}

// misplaced knows why a property does not belong where it is.
func misplaced(s *slip) string {
	if s.problem.Rule != "properties" {
		return ""
	}
	return s.reason(whyMisplaced(), s.name)
}
