package reports

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// notesOn say what explains differences that are not the handler's. Seeds and versions
// explain nothing where nothing differs.
func notesOn(list []*Report, rows []ComparedCheck, differ bool) []string {
	notes := []string{}
	if n := notInAll(rows); n > 0 {
		notes = append(notes, fmt.Sprintf("the sets of checks differ: %s %s not in all reports",
			english.Plural(n, "check", ""), english.PluralWord(n, "is", "are")))
	}
	for _, note := range []struct {
		what, means string
		of          func(*Report) string
	}{
		{"versions of hubhook", "", func(r *Report) string { return safetext.Excerpt(r.Tool.Version, longestName) }},
		{"seeds", "payloads are other ones", func(r *Report) string { return strconv.FormatUint(r.Seed, 10) }},
	} {
		if values := distinct(list, note.of); differ && len(values) > 1 {
			text := fmt.Sprintf("the %s differ (%s)", note.what, safetext.TruncateList(values, mostIDs))
			if note.means != "" {
				text += ": " + note.means
			}
			notes = append(notes, text)
		}
	}
	if len(distinct(list, func(r *Report) string { return strconv.FormatBool(r.Strict) })) > 1 {
		notes = append(notes, "not all are strict: whether a SHOULD that failed is a regression hangs on the last one")
	}
	return notes
}

func notInAll(rows []ComparedCheck) (n int) {
	for _, row := range rows {
		for _, cell := range row.Cells {
			if !cell.ran() {
				n++
				break
			}
		}
	}
	return n
}

// distinct are the values that reports have, in the order in which they come.
func distinct(list []*Report, of func(*Report) string) (values []string) {
	seen := map[string]bool{}
	for _, r := range list {
		if value := of(r); !seen[value] {
			seen[value] = true
			values = append(values, value)
		}
	}
	return values
}

// notesLine is all of them in one line; empty where there is none.
func notesLine(c *Comparison) string {
	if len(c.Notes) == 0 {
		return ""
	}
	return "note: " + strings.Join(c.Notes, "; ")
}
