package reports

import (
	"fmt"
	"regexp"
)

// anchors are the ids that a page has given away.
type anchors map[string]bool

// safeAnchor is what an id of an element may be made of, in any tool that reads it.
var safeAnchor = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,60}$`)

// take gives an id that no other element has: the wanted one where that can be.
func (a anchors) take(wanted string) string {
	for n := 1; ; n++ {
		if safeAnchor.MatchString(wanted) && !a[wanted] {
			a[wanted] = true
			return wanted
		}
		wanted = fmt.Sprintf("at-%d-%d", len(a), n)
	}
}

// tableEntry is the ID of an entry of a table, "PAY-01a", and that of its table.
var tableEntry = regexp.MustCompile(`^([A-Z]+-[0-9]+)[a-z]+$`)

// tableOf is the table that a check is an entry of; empty where it is none.
func tableOf(id string) string {
	if entry := tableEntry.FindStringSubmatch(id); entry != nil {
		return entry[1]
	}
	return ""
}
