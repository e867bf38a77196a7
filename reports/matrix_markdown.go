package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// WriteMatrixMarkdown writes a matrix as Markdown: for each area a table of its
// checks and one of its mutants, which stay legible where a matrix would be a hundred
// columns wide.
func WriteMatrixMarkdown(w io.Writer, m Matrix) error {
	var out bytes.Buffer
	fmt.Fprint(&out, "# Which check finds which mutant\n\n"+
		"A mutant is the built-in handler with one known bug. Each must fail exactly the checks that it is listed with;\n"+
		"tests of hubhook judge them all. `hubhook handler --bug NAME` runs one, `hubhook explain ID` tells more of a check.\n\n")
	fmt.Fprintf(&out, "%s\n", matrixSummary(m))
	for _, mutant := range m.Mismatches() {
		fmt.Fprintf(&out, "- **%s**: %s\n", markdown(mutant.Name), mismatchText(mutant))
	}
	fmt.Fprintln(&out)
	for _, area := range m.areas() {
		fmt.Fprintf(&out, "- [%s](#%s): %s, %s\n", area.Name, area.Name, english.Plural(len(area.Checks), "check", ""), english.Plural(len(area.Mutants), "mutant", ""))
	}
	for _, area := range m.areas() {
		fmt.Fprintf(&out, "\n## %s\n", area.Name)
		writeChecksTable(m, &out, area.Checks)
		mutantsMarkdown(&out, area.Mutants)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeChecksTable(m Matrix, out *bytes.Buffer, checks []MatrixCheck) {
	if len(checks) == 0 {
		return
	}
	fmt.Fprint(out, "\n| check | level | a right handler | seen to fail in |\n|---|---|---|---|\n")
	for _, check := range checks {
		proof := markdown(proofText(m, check))
		if killers := m.MutantsFailing(check.ID); len(killers) > 0 {
			proof = codes(names(killers))
		}
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", check.ID, check.Level, markdown(check.Title), proof)
	}
}

func mutantsMarkdown(out *bytes.Buffer, mutants []Mutant) {
	if len(mutants) == 0 {
		return
	}
	fmt.Fprint(out, "\n| mutant | what it does wrong | found by |\n|---|---|---|\n")
	for _, mutant := range mutants {
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", mutant.Name, markdown(mutant.Title), strings.Join(mutant.Fails, ", "))
	}
}

func codes(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// markdown is text as it stands in a table.
func markdown(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "\n", " ",
	).Replace(text)
}
