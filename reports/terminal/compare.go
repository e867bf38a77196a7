package terminal

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// WriteComparison writes a comparison for a person to read: of two reports by what
// changed, of more as a matrix.
func WriteComparison(w io.Writer, c *reports.Comparison, o Options) error {
	return render(w, o, func(t *printer) {
		t.line("%s", bold.Render("hubhook compare"))
		t.comparedReports(c.Reports)
		if note := wording.Notes(c); note != "" {
			t.hanging("", note)
		}
		if len(c.Reports) == 2 {
			t.changes(c)
		} else {
			t.matrix(c)
		}
		t.comparisonSummary(c)
	})
}

func (t *printer) comparedReports(list []reports.ComparedReport) {
	for i, c := range list {
		t.hanging(fmt.Sprintf("  %*d ", len(strconv.Itoa(len(list))), i+1),
			fmt.Sprintf("%s: %s (%s)", wording.ReportName(c), wording.ReportURL(c), wording.ReportConditions(c)))
	}
}

func (t *printer) changes(c *reports.Comparison) {
	for _, sign := range wording.ChangeSigns() {
		rows := wording.ChangedRows(c, sign.Change)
		if len(rows) == 0 {
			continue
		}
		t.line("\n%s", bold.Render(sign.Title))
		for _, row := range rows {
			t.comparedRow(row, 0, len(row.Cells))
			if why := wording.RowReason(row); why != "" {
				t.hanging("      ", why)
			}
		}
	}
}

// minTitle is how much room a title needs beside a matrix, in columns.
const minTitle = 16

// matrix lists the checks with a column for each report, in blocks that fit the width.
func (t *printer) matrix(c *reports.Comparison) {
	fit := max((t.width-len("  PAY-01a  SHOULD ")-minTitle)/t.cellWidth(c), 1)
	for from := 0; from < len(c.Reports) && len(c.Rows) > 0; from += fit {
		to := min(from+fit, len(c.Reports))
		t.line("")
		t.matrixHead(c, from, to)
		for _, row := range c.Rows {
			t.comparedRow(row, from, to)
		}
	}
	if rows := c.RegressionRows(); len(rows) > 0 {
		t.line("\n%s", bold.Render("regressions"))
		for _, row := range rows {
			t.hanging(fmt.Sprintf("  %s ", statusStyle(reports.Failed).Render("▼")),
				wording.RowID(row)+": "+wording.RowReason(row))
		}
	}
}

func (t *printer) cellWidth(c *reports.Comparison) int { return len(strconv.Itoa(len(c.Reports))) + 1 }

func (t *printer) matrixHead(c *reports.Comparison, from, to int) {
	var head strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&head, "%*d", t.cellWidth(c), i+1)
	}
	t.line("%s", faint.Render(strings.Repeat(" ", len("  PAY-01a  SHOULD"))+head.String()))
}

func (t *printer) comparedRow(row reports.ComparedCheck, from, to int) {
	width := len(strconv.Itoa(len(row.Cells))) + 1
	var cells strings.Builder
	for _, cell := range row.Cells[from:to] {
		sign := verdictSign(cell.Status, cell.Known)
		cells.WriteString(strings.Repeat(" ", width-lipgloss.Width(sign.text)) + sign.String())
	}
	t.noted(fmt.Sprintf("  %-8s %s%s", wording.RowID(row), faint.Render(fmt.Sprintf("%-6s", wording.RowLevel(row))),
		cells.String()), wording.RowTitle(row))
}

func (t *printer) comparisonSummary(c *reports.Comparison) {
	t.line("\n%s", bold.Render("sums"))
	for _, r := range c.Reports {
		t.hanging("  ", summaryLine(r))
	}
	for _, step := range c.Steps {
		t.hanging("  ", wording.StepTitle(step)+": "+wording.StepCounts(step))
	}
	t.line("")
	var marks []string
	for _, cell := range wording.DistinctCells(c.Rows) {
		marks = append(marks, wording.CellMark(cell)+" "+wording.CellVerdict(cell))
	}
	if len(marks) > 0 {
		t.hanging("", strings.Join(marks, ", "))
	}
	if words := wording.AgreedChecks(c); words != "" {
		t.hanging("", words)
	}
	style := statusStyle(reports.Passed)
	if len(c.Regressions) > 0 {
		style = statusStyle(reports.Failed)
	}
	for line := range strings.SplitSeq(wrapAtBlanks(wording.RegressionSummary(c), t.width), "\n") {
		t.line("%s", style.Render(strings.TrimRight(line, " ")))
	}
}

// summaryLine words the sums of one report, without zeros.
func summaryLine(c reports.ComparedReport) string {
	var parts []string
	for _, sum := range []struct {
		n      int
		status reports.Status
		more   string
	}{
		{c.Summary.Passed, reports.Passed, ""}, {c.Summary.Failed, reports.Failed, wording.KnownFailures(c)},
		{c.Summary.Inconclusive, reports.Inconclusive, ""},
		{c.Summary.Skipped, reports.Skipped, ""}, {c.Summary.Error, reports.Error, ""},
	} {
		if sum.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s%s", sum.n, sum.status, sum.more))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no checks"}
	}
	text := fmt.Sprintf("%s: %s in %s", wording.ReportName(c), strings.Join(parts, ", "), wording.ReportDuration(c))
	if c.Latency != nil {
		text += fmt.Sprintf("; answers took %s at the median, the slowest %s", wording.MedianLatency(c.Latency),
			wording.SlowestLatency(c.Latency))
	}
	return text + "; verdict: " + wording.ReportVerdict(c)
}

// Regressions returns one line that lists the regressions in a comparison; empty if there
// are none.
func Regressions(c *reports.Comparison) string { return wording.Regressions(c) }
