package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// WriteMatrix writes a matrix for a person to read, area by area.
func WriteMatrix(w io.Writer, m reports.Matrix, o Options) error {
	return render(w, o, func(t *printer) {
		for _, area := range m.Areas() {
			t.line("%s", bold.Render(area.Name))
			t.matrixChecks(m, area.Checks)
			t.matrixMutants(area.Mutants)
			t.line("")
		}
		for _, mutant := range m.Mismatches() {
			t.hanging(fmt.Sprintf("%s %s ", statusSign(reports.Failed), bold.Render(mutant.Name)), wording.Mismatch(mutant))
		}
		t.hanging("", wording.MatrixSummary(m))
	})
}

func (t *printer) matrixChecks(m reports.Matrix, checks []reports.MatrixCheck) {
	if len(checks) > 0 {
		t.line("  %s", sectionStyle.Render("checks, and the mutants that prove them"))
	}
	for _, check := range checks {
		t.entry(check.ID, check.Level+" "+check.Title)
		t.hanging("           "+faint.Render("← "), wording.Proof(m, check))
	}
}

func (t *printer) matrixMutants(mutants []reports.Mutant) {
	if len(mutants) > 0 {
		t.line("  %s", sectionStyle.Render("mutants, and the checks that find them"))
	}
	for _, mutant := range mutants {
		t.hanging("  "+bold.Render(mutant.Name)+" ", mutant.Title)
		t.hanging("           "+faint.Render("→ "), strings.Join(mutant.Fails, ", "))
	}
}
