package reports

import (
	"fmt"
	"strings"
)

// proof says how a check is known to find what it is for.
func (m Matrix) proof(check MatrixCheck) string {
	killers := m.MutantsFailing(check.ID)
	switch {
	case len(killers) > 0:
		return strings.Join(names(killers), ", ")
	case check.Proof != "":
		return "no mutant: it " + check.Proof
	}
	return "no mutant yet"
}

func names(mutants []Mutant) (list []string) {
	for _, mutant := range mutants {
		list = append(list, mutant.Name)
	}
	return list
}

// summary says how much the matrix holds, and what came of it where it was judged.
func (m Matrix) summary() string {
	text := fmt.Sprintf("%s, %s.", counted(len(m.Checks)), countedMutants(len(m.Mutants)))
	if n := len(m.Unproven()); n > 0 {
		text += fmt.Sprintf(" %s that no mutant fails yet.", thereAre(n))
	}
	switch differs := len(m.Mismatches()); {
	case !m.Judged:
	case differs == 0:
		text += " Judged: each mutant failed exactly the checks that it must."
	default:
		text += fmt.Sprintf(" Judged: %s did not fail exactly the checks that it must.", countedMutants(differs))
	}
	return text
}

func thereAre(checks int) string {
	if checks == 1 {
		return "There is " + counted(checks)
	}
	return "There are " + counted(checks)
}

func countedMutants(n int) string {
	if n == 1 {
		return "1 mutant"
	}
	return fmt.Sprintf("%d mutants", n)
}

// difference says how a mutant came out otherwise than it must; empty where it did
// not.
func (m Mutant) difference() string {
	var parts []string
	if missed := m.Missed(); len(missed) > 0 {
		parts = append(parts, "not found by "+strings.Join(missed, ", "))
	}
	if unexpected := m.UnexpectedlyFound(); len(unexpected) > 0 {
		parts = append(parts, "found by "+strings.Join(unexpected, ", ")+" as well")
	}
	return strings.Join(parts, "; ")
}
