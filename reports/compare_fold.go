package reports

import (
	"slices"
	"strings"
)

// table is the ID that a check shares with the other entries of its table: "PAY-01" for
// PAY-01a. A check of its own has just its ID.
func (r ComparedCheck) table() string { return strings.TrimRight(r.ID, "abcdefghijklmnopqrstuvwxyz") }

// fold makes one row of the entries of a table, where all there are of it in any report
// have the same verdicts.
func fold(rows, all []ComparedCheck) []ComparedCheck {
	entries := map[string]int{}
	for _, row := range all {
		entries[row.table()]++
	}
	folded := []ComparedCheck{}
	for len(rows) > 0 {
		first := rows[0]
		n := 1
		for n < len(rows) && first.isLike(rows[n]) {
			n++
		}
		if n == 1 || n < entries[first.table()] {
			n = 1
		} else {
			first.ID, first.IDs = first.table(), idsOfRows(rows[:n])
		}
		folded = append(folded, first)
		rows = rows[n:]
	}
	return folded
}

// isLike tells whether a row is of the same table, with the same verdicts.
func (r ComparedCheck) isLike(other ComparedCheck) bool {
	return r.table() == other.table() && r.Area == other.Area && r.Level == other.Level &&
		r.Regression == other.Regression && slices.EqualFunc(r.Cells, other.Cells, ComparedVerdict.equals)
}

func idsOfRows(rows []ComparedCheck) []string {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids
}
