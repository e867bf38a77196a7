package wording

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
)

type changeSign struct {
	Change      reports.Change
	Mark, Title string
}

// ChangeSigns returns the words and marks of changes, in their order.
func ChangeSigns() []changeSign {
	return []changeSign{
		{reports.ChangedWorse, "▼", "got worse"},
		{reports.ChangedBetter, "▲", "got better"},
		{reports.ChangedOtherwise, "≠", "changed otherwise"},
		{reports.ChangedNew, "+", "new"},
		{reports.ChangedGone, "−", "gone"},
		{reports.Unchanged, "=", "the same"},
	}
}

// ChangeSignOf returns the words and mark of one change.
func ChangeSignOf(change reports.Change) changeSign {
	i := slices.IndexFunc(ChangeSigns(), func(s changeSign) bool { return s.Change == change })
	return ChangeSigns()[i]
}

// CellVerdict words a verdict in a comparison.
func CellVerdict(c reports.ComparedVerdict) string {
	if c.Known {
		return string(c.Status) + " (a known failure)"
	}
	return string(c.Status)
}

// reasonInRow limits a reason beside others, in characters.
const reasonInRow = 500

// CellReason returns the reason of a verdict on one line.
func CellReason(c reports.ComparedVerdict) string { return safetext.Excerpt(c.Reason, reasonInRow) }

// The longest names that are shown whole, in characters.
const (
	maxIDLength = 20
	MaxName     = 40
	maxTitle    = 200
	maxURL      = 300
)

// RowID returns the ID of a row, escaped and shortened, as RowLevel does its level.
func RowID(r reports.ComparedCheck) string { return safetext.Excerpt(r.ID, maxIDLength) }

// RowLevel returns the level of a row.
func RowLevel(r reports.ComparedCheck) string { return safetext.Excerpt(r.Level, maxIDLength) }

// RowTitle returns the title of a check, or of how many entries of a table.
func RowTitle(r reports.ComparedCheck) string {
	title := safetext.Excerpt(r.Title, maxTitle)
	if len(r.IDs) > 1 {
		return fmt.Sprintf("%s, such as: %s", english.Plural(len(r.IDs), "check", ""), title)
	}
	return title
}

// RowReason returns the reason in the last report that has the check.
func RowReason(r reports.ComparedCheck) string {
	for i := len(r.Cells) - 1; i >= 0; i-- {
		if cell := r.Cells[i]; cell.Status != reports.NotRun {
			return CellReason(cell)
		}
	}
	return ""
}

// ReportName returns the name of a report, escaped and shortened.
func ReportName(c reports.ComparedReport) string { return safetext.Excerpt(c.Name, MaxName) }

// ReportURL returns the handler's URL, escaped and shortened.
func ReportURL(c reports.ComparedReport) string { return safetext.Excerpt(c.URL, maxURL) }

// ReportStart writes when a run began, in UTC.
func ReportStart(c reports.ComparedReport) string {
	if c.Started.IsZero() {
		return None
	}
	return c.Started.UTC().Format("2006-01-02 15:04 UTC")
}

// ReportVersion returns the version of hubhook, escaped and shortened.
func ReportVersion(c reports.ComparedReport) string { return safetext.Excerpt(c.Version, MaxName) }

// ReportConditions words what a report was made with.
func ReportConditions(c reports.ComparedReport) string {
	text := fmt.Sprintf("%s, %s, seed %d", ReportStart(c), ReportVersion(c), c.Seed)
	if c.Strict {
		text += ", strict"
	}
	return text
}

// ReportVerdict words the outcome of a run, and its problem.
func ReportVerdict(c reports.ComparedReport) string {
	if c.Problem != "" {
		return string(c.Verdict) + ": " + safetext.Excerpt(c.Problem, reasonInRow)
	}
	return string(c.Verdict)
}

// KnownFailures words how many failures are known; empty if none is.
func KnownFailures(c reports.ComparedReport) string {
	if c.KnownFailures == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d known)", c.KnownFailures)
}

// ReportDuration writes how long a run took.
func ReportDuration(c reports.ComparedReport) string {
	const longest = int64(1) << 40 // some thirty years, so that nothing overflows
	return (time.Duration(min(max(c.DurationMs, 0), longest)) * time.Millisecond).Round(100 * time.Millisecond).String()
}

// MedianLatency writes the median, or None.
func MedianLatency(l *reports.ComparedLatency) string {
	if l == nil {
		return None
	}
	return Ms(l.MedianMs)
}

// SlowestLatency writes the slowest response and the check that got it, or None.
func SlowestLatency(l *reports.ComparedLatency) string {
	if l == nil {
		return None
	}
	return fmt.Sprintf("%s in %s", Ms(l.SlowestMs), safetext.Excerpt(l.Slowest, maxIDLength))
}

// SummaryHead returns the titles of SummaryCells.
func SummaryHead() []string {
	return []string{"passed", "failed", "inconclusive", "skipped", "error", "median answer", "slowest answer", "took",
		"verdict"}
}

// SummaryCells returns the sums of a report.
func SummaryCells(c reports.ComparedReport) []string {
	s := c.Summary
	return []string{
		strconv.Itoa(s.Passed), strconv.Itoa(s.Failed) + KnownFailures(c), strconv.Itoa(s.Inconclusive),
		strconv.Itoa(s.Skipped), strconv.Itoa(s.Error),
		MedianLatency(c.Latency), SlowestLatency(c.Latency), ReportDuration(c), string(c.Verdict),
	}
}

// StepCounts words how many checks changed, by change.
func StepCounts(s reports.ComparedStep) string {
	var parts []string
	for _, sign := range ChangeSigns() {
		if n := s.Counts[sign.Change]; n > 0 || sign.Change == reports.ChangedWorse || sign.Change == reports.Unchanged {
			parts = append(parts, fmt.Sprintf("%d %s", n, sign.Title))
		}
	}
	return strings.Join(parts, ", ")
}

// StepTitle names the two reports of a step.
func StepTitle(s reports.ComparedStep) string {
	return safetext.Excerpt(s.To, MaxName) + " after " + safetext.Excerpt(s.From, MaxName)
}

// Regressions lists the regressions on one line; empty if there are none.
func Regressions(c *reports.Comparison) string {
	n := len(c.Regressions)
	if n == 0 {
		return ""
	}
	var ids []string
	for _, row := range c.RegressionRows() {
		id := RowID(row)
		if len(row.IDs) > 1 {
			id += fmt.Sprintf(" (%d)", len(row.IDs))
		}
		ids = append(ids, id)
	}
	return fmt.Sprintf("%s in %s: %s", english.Plural(n, "regression", ""), ReportName(c.Reports[len(c.Reports)-1]),
		strings.Join(ids, ", "))
}

// ChangedRows returns the rows with this change in the last report.
func ChangedRows(c *reports.Comparison, change reports.Change) (list []reports.ComparedCheck) {
	for _, row := range c.Rows {
		if row.LastChange() == change {
			list = append(list, row)
		}
	}
	return list
}

// RegressionSummary returns Regressions, or that there are none.
func RegressionSummary(c *reports.Comparison) string {
	if words := Regressions(c); words != "" {
		return words
	}
	return "no regression in " + ReportName(c.Reports[len(c.Reports)-1])
}

// AgreedChecks words how many checks have no row; empty if all have one.
func AgreedChecks(c *reports.Comparison) string {
	switch {
	case c.Agreed == 0 && len(c.Rows) > 0:
		return ""
	case len(c.Rows) == 0:
		return fmt.Sprintf("no difference: all reports agree on %s", english.Plural(c.Agreed, "check", ""))
	}
	return fmt.Sprintf("all reports agree on %s more: --all lists them", english.Plural(c.Agreed, "check", ""))
}

// RowChange words the change of a row in the last report.
func RowChange(r reports.ComparedCheck) string {
	sign := ChangeSignOf(r.LastChange())
	words := sign.Mark + " " + sign.Title
	if r.Regression {
		words += ", a regression"
	}
	return words
}

// DistinctCells returns one verdict for each mark in the rows, in the order of Statuses.
func DistinctCells(rows []reports.ComparedCheck) (list []reports.ComparedVerdict) {
	for _, one := range []reports.ComparedVerdict{
		{Status: reports.Passed}, {Status: reports.Failed}, {Status: reports.Failed, Known: true},
		{Status: reports.Inconclusive}, {Status: reports.Skipped}, {Status: reports.Error}, {Status: reports.NotRun},
	} {
		shown := func(cell reports.ComparedVerdict) bool { return CellMark(cell) == CellMark(one) }
		if slices.ContainsFunc(rows, func(row reports.ComparedCheck) bool { return slices.ContainsFunc(row.Cells, shown) }) {
			list = append(list, one)
		}
	}
	return list
}

// Notes returns the notes on one line; empty if there are none.
func Notes(c *reports.Comparison) string {
	if len(c.Notes) == 0 {
		return ""
	}
	return "note: " + strings.Join(c.Notes, "; ")
}
