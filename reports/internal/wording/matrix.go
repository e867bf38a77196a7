package wording

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
)

// Proof words how a check is known to detect a bug.
func Proof(m reports.Matrix, check reports.MatrixCheck) string {
	killers := m.MutantsFailing(check.ID)
	switch {
	case len(killers) > 0:
		return strings.Join(MutantNames(killers), ", ")
	case check.Proof != "":
		return "no mutant: it " + check.Proof
	}
	return "no mutant yet"
}

// MutantNames returns the names of mutants.
func MutantNames(mutants []reports.Mutant) (list []string) {
	for _, mutant := range mutants {
		list = append(list, mutant.Name)
	}
	return list
}

// MatrixSummary words the size of a matrix, and the outcome if it was judged.
func MatrixSummary(m reports.Matrix) string {
	text := fmt.Sprintf("%s, %s.", english.Plural(len(m.Checks), "check", ""),
		english.Plural(len(m.Mutants), "mutant", ""))
	if n := len(m.Unproven()); n > 0 {
		text += fmt.Sprintf(" There %s %s that no mutant fails yet.", english.PluralWord(n, "is", "are"),
			english.Plural(n, "check", ""))
	}
	switch differs := len(m.Mismatches()); {
	case !m.Judged:
	case differs == 0:
		text += " Judged: each mutant failed exactly the checks that it must."
	default:
		text += fmt.Sprintf(" Judged: %s did not fail exactly the checks that it must.",
			english.Plural(differs, "mutant", ""))
	}
	return text
}

// Mismatch words how a mutant differs from its row; empty if it does not.
func Mismatch(m reports.Mutant) string {
	var parts []string
	if missed := m.Missed(); len(missed) > 0 {
		parts = append(parts, "not found by "+strings.Join(missed, ", "))
	}
	if unexpected := m.UnexpectedlyFound(); len(unexpected) > 0 {
		parts = append(parts, "found by "+strings.Join(unexpected, ", ")+" as well")
	}
	return strings.Join(parts, "; ")
}
