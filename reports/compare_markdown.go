package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// WriteComparisonMarkdown writes a comparison as Markdown, for a comment or a summary of
// a job.
func WriteComparisonMarkdown(w io.Writer, c *Comparison) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "## %d reports compared\n\n**%s**\n\n", len(c.Reports), foreign(regressionSummary(c)))
	writeReportsTable(c, &out)
	if note := notesLine(c); note != "" {
		fmt.Fprintf(&out, "\n%s\n", foreign(note))
	}
	fmt.Fprintln(&out)
	for _, step := range c.Steps {
		fmt.Fprintf(&out, "- %s: %s\n", foreign(stepTitle(step)), stepCounts(step))
	}
	if len(c.Rows) > 0 {
		writeRowsTable(c, &out)
	}
	if words := agreedChecks(c); words != "" {
		fmt.Fprintf(&out, "\n%s\n", words)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeReportsTable(c *Comparison, out *bytes.Buffer) {
	head := append([]string{"report", "handler", "when", "version", "seed"}, sumsHead()...)
	tableHead(out, head)
	for _, r := range c.Reports {
		cells := []string{foreign(reportName(r)), quoted(reportURL(r)), reportStart(r), foreign(reportVersion(r)), fmt.Sprint(r.Seed)}
		for _, sum := range summaryCells(r) {
			cells = append(cells, foreign(sum))
		}
		tableLine(out, cells)
	}
}

func writeRowsTable(c *Comparison, out *bytes.Buffer) {
	head := []string{"check", "level"}
	for _, r := range c.Reports {
		head = append(head, foreign(reportName(r)))
	}
	fmt.Fprintln(out)
	tableHead(out, append(head, "change", "a right handler", "reason"))
	for _, row := range c.Rows {
		cells := []string{foreign(rowID(row)), foreign(rowLevel(row))}
		for _, cell := range row.Cells {
			cells = append(cells, strings.ReplaceAll(verdictMark(cell), "~", `\~`)+" "+cellVerdict(cell))
		}
		tableLine(out, append(cells, rowChange(row), foreign(rowTitle(row)), quoted(rowReason(row))))
	}
}

// rowChange say what became of a row in the last report.
func rowChange(r ComparedCheck) string {
	sign := signOfChange(r.Changes[len(r.Changes)-1])
	words := sign.mark + " " + sign.title
	if r.Regression {
		words += ", a regression"
	}
	return words
}

func tableHead(out *bytes.Buffer, cells []string) {
	tableLine(out, cells)
	fmt.Fprintf(out, "|%s\n", strings.Repeat("---|", len(cells)))
}

func tableLine(out *bytes.Buffer, cells []string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// foreign is text of a report as it stands in Markdown: it marks nothing up, and calls
// nobody by a name behind an @.
func foreign(text string) string {
	escaped := markdown(strings.ReplaceAll(text, "&", "&amp;"))
	return strings.NewReplacer(">", "&gt;", "]", `\]`, "~", `\~`, "#", `\#`, "@", "@<!-- -->").Replace(escaped)
}

// quoted is text of a report as code: nothing in it is a link. Within a table a bar would
// end the cell there, too, and so would one whose backslash is escaped by another.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + " " + strings.NewReplacer(`\|`, `\ \|`, "|", `\|`).Replace(text) + " " + fence
}
