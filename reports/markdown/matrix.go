package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// WriteMatrix writes for each area a table of its checks and one of its mutants, which stay
// legible if a matrix would be a hundred columns wide.
func WriteMatrix(w io.Writer, m reports.Matrix) error {
	var out bytes.Buffer
	fmt.Fprint(&out, "# Which check finds which mutant\n\n"+
		"A mutant is the built-in handler with one known bug. Each must fail exactly the checks that it is listed with;\n"+
		"tests of hubhook judge them all. `hubhook handler --bug NAME` runs one, `hubhook explain ID` tells more of a check.\n\n")
	fmt.Fprintf(&out, "%s\n", wording.MatrixSummary(m))
	for _, mutant := range m.Mismatches() {
		fmt.Fprintf(&out, "- **%s**: %s\n", wording.EscapeMarkdownCell(mutant.Name), wording.Mismatch(mutant))
	}
	fmt.Fprintln(&out)
	for _, area := range m.Areas() {
		fmt.Fprintf(&out, "- [%s](#%s): %s, %s\n", area.Name, area.Name, english.Plural(len(area.Checks), "check", ""),
			english.Plural(len(area.Mutants), "mutant", ""))
	}
	for _, area := range m.Areas() {
		fmt.Fprintf(&out, "\n## %s\n", area.Name)
		writeChecksTable(m, &out, area.Checks)
		writeMutantsTable(&out, area.Mutants)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeChecksTable(m reports.Matrix, out *bytes.Buffer, checks []reports.MatrixCheck) {
	if len(checks) == 0 {
		return
	}
	fmt.Fprint(out, "\n| check | level | a right handler | seen to fail in |\n|---|---|---|---|\n")
	for _, check := range checks {
		proof := wording.EscapeMarkdownCell(wording.Proof(m, check))
		if killers := m.MutantsFailing(check.ID); len(killers) > 0 {
			proof = "`" + strings.Join(wording.MutantNames(killers), "`, `") + "`"
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", check.ID, check.Level, wording.EscapeMarkdownCell(check.Title), proof)
	}
}

func writeMutantsTable(out *bytes.Buffer, mutants []reports.Mutant) {
	if len(mutants) == 0 {
		return
	}
	fmt.Fprint(out, "\n| mutant | what it does wrong | found by |\n|---|---|---|\n")
	for _, mutant := range mutants {
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", mutant.Name, wording.EscapeMarkdownCell(mutant.Title),
			strings.Join(mutant.Fails, ", "))
	}
}
