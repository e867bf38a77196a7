// Package suggest names what a mistyped name most likely means.
//
// It knows no names of its own; callers give it those that are known.
package suggest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Closest returns the known name that a mistyped one most likely means, the first of equally
// close ones. It returns false if none is close. It ignores case, "_", "-" and blanks, so
// that "head_sha" means "headSha"; of the other letters, about a third may differ.
func Closest(name string, known []string) (string, bool) {
	name = normalize(name)
	best, least := "", (utf8.RuneCountInString(name)+1)/3+1
	for _, candidate := range known {
		if distance := boundedDistance(name, normalize(candidate), least); distance < least {
			best, least = candidate, distance
		}
	}
	return best, best != ""
}

// EqualFold reports whether two names differ only in what Closest ignores.
func EqualFold(a, b string) bool { return normalize(a) == normalize(b) }

func normalize(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// boundedDistance returns how many letters differ, at most limit. If the lengths already
// differ by as much, it compares nothing: names in payloads may be long.
func boundedDistance(a, b string, limit int) int {
	switch {
	case a == b:
		return 0
	case isTransposition([]rune(a), []rune(b)):
		return min(limit, 1)
	}
	if apart := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); max(apart, -apart) >= limit {
		return limit
	}
	return min(limit, levenshtein.ComputeDistance(a, b))
}

// isTransposition reports whether two letters are swapped, a common typo that Levenshtein counts twice.
func isTransposition(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}

// Or returns `did you mean "x"?` for the closest of the known names, or the fallback if
// none is near.
func Or(name string, known []string, fallback string) string {
	if closest, ok := Closest(name, known); ok {
		return fmt.Sprintf("did you mean %q?", closest)
	}
	return fallback
}

// DidYouMean suggests the closest of the known names as `did you mean "x"? `, with a blank
// for what follows; it is empty if none is near.
func DidYouMean(name string, known []string) string {
	if suggestion := Or(name, known, ""); suggestion != "" {
		return suggestion + " "
	}
	return ""
}
