package schemas

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Closest is the known name that a mistyped one most likely means, the first
// of them where several are as near. It is false where none is near. Case, "_",
// "-" and blanks do not count, so that "head_sha" is "headSha"; beyond that, about
// a third of the letters may differ.
func Closest(name string, known []string) (string, bool) {
	plain := normalizeName(name)
	best, least := "", (utf8.RuneCountInString(plain)+1)/3+1
	for _, candidate := range known {
		if distance := boundedDistance(plain, normalizeName(candidate), least); distance < least {
			best, least = candidate, distance
		}
	}
	return best, best != ""
}

// normalizeName is what is left of a name where only its letters count.
func normalizeName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// boundedDistance is how many letters differ, or limit where that many do. Names
// that differ so much in length are not compared: those of payloads may be long.
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

// isTransposition tells whether two neighbouring letters alone have changed places, the
// commonest slip of all, which the distance counts as two.
func isTransposition(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	at := 0
	for at < len(a) && a[at] == b[at] {
		at++
	}
	return at+1 < len(a) && a[at] == b[at+1] && a[at+1] == b[at] && slices.Equal(a[at+2:], b[at+2:])
}

// DidYouMean suggests the closest of the known names as `did you mean "x"? `, with a blank
// for what follows; it is empty if none is near.
func DidYouMean(name string, known []string) string {
	if closest, ok := Closest(name, known); ok {
		return fmt.Sprintf("did you mean %q? ", closest)
	}
	return ""
}
