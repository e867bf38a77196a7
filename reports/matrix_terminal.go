package reports

import (
	"fmt"
	"io"
	"strings"
)

// WriteMatrix writes a matrix for a person to read, area by area.
func WriteMatrix(w io.Writer, m Matrix, o TerminalOptions) error {
	return render(w, o, func(t *terminal) {
		for _, area := range m.areas() {
			t.line("%s", bold.Render(area.Name))
			t.matrixChecks(m, area.Checks)
			t.matrixMutants(area.Mutants)
			t.line("")
		}
		t.differences(m.Mismatches())
		t.hanging("", matrixSummary(m))
	})
}

func (t *terminal) matrixChecks(m Matrix, checks []MatrixCheck) {
	if len(checks) > 0 {
		t.line("  %s", sectionStyle.Render("checks, and the mutants that prove them"))
	}
	for _, check := range checks {
		t.entry(check.ID, check.Level+" "+check.Title)
		t.hanging("           "+faint.Render("← "), proofText(m, check))
	}
}

func (t *terminal) matrixMutants(mutants []Mutant) {
	if len(mutants) > 0 {
		t.line("  %s", sectionStyle.Render("mutants, and the checks that find them"))
	}
	for _, mutant := range mutants {
		t.hanging("  "+bold.Render(mutant.Name)+" ", mutant.Title)
		t.hanging("           "+faint.Render("→ "), strings.Join(mutant.Fails, ", "))
	}
}

// differences tell what came otherwise than it must.
func (t *terminal) differences(mutants []Mutant) {
	for _, mutant := range mutants {
		sign := statusSign(Failed)
		t.hanging(fmt.Sprintf("%s %s ", sign, bold.Render(mutant.Name)), mismatchText(mutant))
	}
}
