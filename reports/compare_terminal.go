package reports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"
)

// WriteComparison writes a comparison for a person to read: of two reports by what
// changed, of more as a matrix.
func WriteComparison(w io.Writer, c *Comparison, o TerminalOptions) error {
	return render(w, o, func(t *terminal) {
		t.line("%s", bold.Render("hubhook compare"))
		t.compared(c.Reports)
		if note := notesLine(c); note != "" {
			t.hanging("", note)
		}
		if len(c.Reports) == 2 {
			t.changes(c)
		} else {
			t.matrix(c)
		}
		t.comparedSums(c)
	})
}

// compared lists the reports, with the numbers by which columns name them.
func (t *terminal) compared(list []ComparedReport) {
	for i, c := range list {
		t.hanging(fmt.Sprintf("  %*d ", len(strconv.Itoa(len(list))), i+1), fmt.Sprintf("%s: %s (%s)", reportName(c), reportURL(c), reportConditions(c)))
	}
}

// changes lists the checks by what became of them.
func (t *terminal) changes(c *Comparison) {
	for _, sign := range changeSigns() {
		rows := changedRows(c, sign.change)
		if len(rows) == 0 {
			continue
		}
		t.line("\n%s", bold.Render(sign.title))
		for _, row := range rows {
			t.comparedRow(row, 0, len(row.Cells))
			t.rowReason(row)
		}
	}
}

// rowReason tells why a check has not passed, below it.
func (t *terminal) rowReason(row ComparedCheck) {
	if why := rowReason(row); why != "" {
		t.hanging("      ", why)
	}
}

// leastTitle is how much of a title there is room for beside a matrix, in columns.
const leastTitle = 16

// matrix lists the checks with a column for each report, in blocks that fit the width.
func (t *terminal) matrix(c *Comparison) {
	fit := max((t.width-len("  PAY-01a  SHOULD ")-leastTitle)/t.cellWidth(c), 1)
	for from := 0; from < len(c.Reports) && len(c.Rows) > 0; from += fit {
		to := min(from+fit, len(c.Reports))
		t.line("")
		t.matrixHead(c, from, to)
		for _, row := range c.Rows {
			t.comparedRow(row, from, to)
		}
	}
	if rows := c.regressions(); len(rows) > 0 {
		t.line("\n%s", bold.Render("regressions"))
		for _, row := range rows {
			t.hanging(fmt.Sprintf("  %s ", styles[Failed].Render("▼")), rowID(row)+": "+rowReason(row))
		}
	}
}

func (t *terminal) cellWidth(c *Comparison) int { return len(strconv.Itoa(len(c.Reports))) + 1 }

func (t *terminal) matrixHead(c *Comparison, from, to int) {
	var head strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&head, "%*d", t.cellWidth(c), i+1)
	}
	t.line("%s", faint.Render(strings.Repeat(" ", len("  PAY-01a  SHOULD"))+head.String()))
}

// comparedRow is a check, with its verdicts in the columns from one to another.
func (t *terminal) comparedRow(row ComparedCheck, from, to int) {
	width := 2
	if len(row.Cells) > 2 {
		width = len(strconv.Itoa(len(row.Cells))) + 1
	}
	var cells strings.Builder
	for _, cell := range row.Cells[from:to] {
		sign := cellSign(cell)
		cells.WriteString(strings.Repeat(" ", width-lipgloss.Width(sign.text)) + sign.String())
	}
	t.noted(fmt.Sprintf("  %-8s %s%s", rowID(row), faint.Render(fmt.Sprintf("%-6s", rowLevel(row))), cells.String()), rowTitle(row))
}

// sums tell what each report comes to, what changed from one to the next, and what of
// that is a regression.
func (t *terminal) comparedSums(c *Comparison) {
	t.line("\n%s", bold.Render("sums"))
	for _, r := range c.Reports {
		t.hanging("  ", summaryLine(r))
	}
	for _, step := range c.Steps {
		t.hanging("  ", stepTitle(step)+": "+stepCounts(step))
	}
	t.line("")
	t.legend(c.Rows)
	if words := agreedChecks(c); words != "" {
		t.hanging("", words)
	}
	style := styles[Passed]
	if len(c.Regressions) > 0 {
		style = styles[Failed]
	}
	for line := range strings.SplitSeq(wrapAtBlanks(regressionSummary(c), t.width), "\n") {
		t.line("%s", style.Render(strings.TrimRight(line, " ")))
	}
}

// legend says what the signs mean that are seen.
func (t *terminal) legend(rows []ComparedCheck) {
	var parts []string
	for _, cell := range distinctCells(rows) {
		parts = append(parts, verdictMark(cell)+" "+cellVerdict(cell))
	}
	if len(parts) > 0 {
		t.hanging("", strings.Join(parts, ", "))
	}
}

// distinctCells has one of each sign that rows have, in the order of verdicts.
func distinctCells(rows []ComparedCheck) (list []ComparedVerdict) {
	for _, one := range []ComparedVerdict{
		{Status: Passed}, {Status: Failed}, {Status: Failed, Known: true}, {Status: Inconclusive}, {Status: Skipped}, {Status: Error}, {Status: NotRun},
	} {
		shown := func(cell ComparedVerdict) bool { return verdictMark(cell) == verdictMark(one) }
		if slices.ContainsFunc(rows, func(row ComparedCheck) bool { return slices.ContainsFunc(row.Cells, shown) }) {
			list = append(list, one)
		}
	}
	return list
}

// summaryLine are the sums of one report, without what is zero.
func summaryLine(c ComparedReport) string {
	var parts []string
	for _, sum := range []struct {
		n      int
		status Status
		more   string
	}{
		{c.Summary.Passed, Passed, ""}, {c.Summary.Failed, Failed, knownFailures(c)}, {c.Summary.Inconclusive, Inconclusive, ""},
		{c.Summary.Skipped, Skipped, ""}, {c.Summary.Error, Error, ""},
	} {
		if sum.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s%s", sum.n, sum.status, sum.more))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no checks"}
	}
	text := fmt.Sprintf("%s: %s in %s", reportName(c), strings.Join(parts, ", "), reportDuration(c))
	if c.Latency != nil {
		text += fmt.Sprintf("; answers took %s at the median, the slowest %s", medianLatency(c.Latency), slowestLatency(c.Latency))
	}
	return text + "; verdict: " + reportVerdict(c)
}

func cellSign(c ComparedVerdict) sign {
	if c.Status == Failed && c.Known {
		return knownSign
	}
	return statusSign(c.Status)
}
