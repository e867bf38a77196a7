package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// WriteComparison writes a comparison for a comment or the summary of a job.
func WriteComparison(w io.Writer, c *reports.Comparison) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "## %d reports compared\n\n**%s**\n\n", len(c.Reports), foreign(wording.RegressionSummary(c)))
	writeReportsTable(c, &out)
	if note := wording.Notes(c); note != "" {
		fmt.Fprintf(&out, "\n%s\n", foreign(note))
	}
	fmt.Fprintln(&out)
	for _, step := range c.Steps {
		fmt.Fprintf(&out, "- %s: %s\n", foreign(wording.StepTitle(step)), wording.StepCounts(step))
	}
	if len(c.Rows) > 0 {
		writeRowsTable(c, &out)
	}
	if words := wording.AgreedChecks(c); words != "" {
		fmt.Fprintf(&out, "\n%s\n", words)
	}
	_, err := w.Write(out.Bytes())
	return err
}

func writeReportsTable(c *reports.Comparison, out *bytes.Buffer) {
	head := append([]string{"report", "handler", "when", "version", "seed"}, wording.SummaryHead()...)
	tableHead(out, head)
	for _, r := range c.Reports {
		cells := []string{foreign(wording.ReportName(r)), quoted(wording.ReportURL(r)), wording.ReportStart(r),
			foreign(wording.ReportVersion(r)), fmt.Sprint(r.Seed)}
		for _, sum := range wording.SummaryCells(r) {
			cells = append(cells, foreign(sum))
		}
		tableLine(out, cells)
	}
}

func writeRowsTable(c *reports.Comparison, out *bytes.Buffer) {
	head := []string{"check", "level"}
	for _, r := range c.Reports {
		head = append(head, foreign(wording.ReportName(r)))
	}
	fmt.Fprintln(out)
	tableHead(out, append(head, "change", "a right handler", "reason"))
	for _, row := range c.Rows {
		cells := []string{foreign(wording.RowID(row)), foreign(wording.RowLevel(row))}
		for _, cell := range row.Cells {
			cells = append(cells, strings.ReplaceAll(wording.CellMark(cell), "~", `\~`)+" "+wording.CellVerdict(cell))
		}
		tableLine(out, append(cells, wording.RowChange(row), foreign(wording.RowTitle(row)), quoted(wording.RowReason(row))))
	}
}

func tableHead(out *bytes.Buffer, cells []string) {
	tableLine(out, cells)
	fmt.Fprintf(out, "|%s\n", strings.Repeat("---|", len(cells)))
}

func tableLine(out *bytes.Buffer, cells []string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// foreign escapes text of a report: no markup, no mention of anybody by @name.
func foreign(text string) string {
	escaped := wording.EscapeMarkdownCell(strings.ReplaceAll(text, "&", "&amp;"))
	return strings.NewReplacer(">", "&gt;", "]", `\]`, "~", `\~`, "#", `\#`, "@", "@<!-- -->").Replace(escaped)
}

// quoted returns text of a report as code, so that nothing in it is a link. In a table a
// bar would end the cell even in code, and so would a bar whose backslash is escaped by
// another.
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
