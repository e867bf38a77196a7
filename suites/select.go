package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// Table is the ID that a check shares with the other entries of its table, "PAY-01"
// for PAY-01a. A check of its own has just its ID.
func (c Check) Table() string { return strings.TrimRight(c.ID, "abcdefghijklmnopqrstuvwxyz") }

// Find gives the check with an ID, or all entries of the table that has it. The case
// does not matter. Where there is none, the error names those that may be meant.
func Find(from []Check, id string) ([]Check, error) {
	var found []Check
	for _, check := range from {
		if matchesID(check.ID, id) {
			found = append(found, check)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("unknown check %q: %s`hubhook list` shows them all", id, orMeant(id, from))
	}
	return found, nil
}

// mostMeant is how many names are offered in the place of one that is unknown.
const mostMeant = 3

// orMeant asks for the checks and tables whose IDs are near; it is empty where none
// is. It ends in a blank, for what follows it.
func orMeant(id string, from []Check) string {
	var names []string
	for _, check := range from {
		names = append(names, check.Table(), check.ID)
	}
	names = slices.Compact(names)
	var near []string
	for len(near) < mostMeant {
		closest, ok := schemas.Closest(id, names)
		if !ok {
			break
		}
		near = append(near, closest)
		names = slices.DeleteFunc(names, func(name string) bool { return name == closest })
	}
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, ", ") + "? "
}
