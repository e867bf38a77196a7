package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/hubhook/hubhook/reports/safetext"
)

// changeSign stands before what changed; signs differ in shape.
type changeSign struct {
	change      Change
	mark, title string
}

// changeSigns say how changes are told, in the order in which they are.
func changeSigns() []changeSign {
	return []changeSign{
		{ChangedWorse, "▼", "got worse"},
		{ChangedBetter, "▲", "got better"},
		{ChangedOtherwise, "≠", "changed otherwise"},
		{ChangedNew, "+", "new"},
		{ChangedGone, "−", "gone"},
		{Unchanged, "=", "the same"},
	}
}

func signOfChange(change Change) changeSign {
	i := slices.IndexFunc(changeSigns(), func(s changeSign) bool { return s.change == change })
	return changeSigns()[i]
}

// cellVerdict say the verdict.
func cellVerdict(c ComparedVerdict) string {
	if c.Known {
		return string(c.Status) + " (a known failure)"
	}
	return string(c.Status)
}

// reasonInRow is how much of a reason stands beside others, in characters.
const reasonInRow = 500

// cellReason is why, in one line; empty where there is nothing to say.
func cellReason(c ComparedVerdict) string { return safetext.Excerpt(c.Reason, reasonInRow) }

// The longest names that are shown whole, in characters.
const (
	longestID    = 20
	longestName  = 40
	longestTitle = 200
	longestURL   = 300
)

func rowID(r ComparedCheck) string { return safetext.Excerpt(r.ID, longestID) }

func rowLevel(r ComparedCheck) string { return safetext.Excerpt(r.Level, longestID) }

// rowTitle says what a right handler does; of a table, how many of such there are.
func rowTitle(r ComparedCheck) string {
	title := safetext.Excerpt(r.Title, longestTitle)
	if len(r.IDs) > 1 {
		return fmt.Sprintf("%s, such as: %s", english.Plural(len(r.IDs), "check", ""), title)
	}
	return title
}

// rowReason is the reason for what the last report says that has one, if it is no pass.
func rowReason(r ComparedCheck) string {
	for i := len(r.Cells) - 1; i >= 0; i-- {
		if cell := r.Cells[i]; cell.Status != NotRun {
			return cellReason(cell)
		}
	}
	return ""
}

func reportName(c ComparedReport) string { return safetext.Excerpt(c.Name, longestName) }

func reportURL(c ComparedReport) string { return safetext.Excerpt(c.URL, longestURL) }

func reportStart(c ComparedReport) string {
	if c.Started.IsZero() {
		return nothing
	}
	return c.Started.UTC().Format("2006-01-02 15:04 UTC")
}

func reportVersion(c ComparedReport) string { return safetext.Excerpt(c.Version, longestName) }

// reportConditions are what a report was made with.
func reportConditions(c ComparedReport) string {
	text := fmt.Sprintf("%s, %s, seed %d", reportStart(c), reportVersion(c), c.Seed)
	if c.Strict {
		text += ", strict"
	}
	return text
}

// reportVerdict says what came of a run, and why where nothing could be judged.
func reportVerdict(c ComparedReport) string {
	if c.Problem != "" {
		return string(c.Verdict) + ": " + safetext.Excerpt(c.Problem, reasonInRow)
	}
	return string(c.Verdict)
}

// knownFailures say how many of the failures are known; empty where none is.
func knownFailures(c ComparedReport) string {
	if c.KnownFailures == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d known)", c.KnownFailures)
}

func reportDuration(c ComparedReport) string {
	const longest = int64(1) << 40 // some thirty years, so that nothing overflows
	return (time.Duration(min(max(c.DurationMs, 0), longest)) * time.Millisecond).Round(100 * time.Millisecond).String()
}

func medianLatency(l *ComparedLatency) string {
	if l == nil {
		return nothing
	}
	return inMs(l.MedianMs)
}

func slowestLatency(l *ComparedLatency) string {
	if l == nil {
		return nothing
	}
	return fmt.Sprintf("%s in %s", inMs(l.SlowestMs), safetext.Excerpt(l.Slowest, longestID))
}

// sumsHead are the titles of sums.
func sumsHead() []string {
	return []string{"passed", "failed", "inconclusive", "skipped", "error", "median answer", "slowest answer", "took", "verdict"}
}

func summaryCells(c ComparedReport) []string {
	s := c.Summary
	return []string{
		strconv.Itoa(s.Passed), strconv.Itoa(s.Failed) + knownFailures(c), strconv.Itoa(s.Inconclusive), strconv.Itoa(s.Skipped), strconv.Itoa(s.Error),
		medianLatency(c.Latency), slowestLatency(c.Latency), reportDuration(c), string(c.Verdict),
	}
}

// stepCounts say how many checks changed how.
func stepCounts(s ComparedStep) string {
	var parts []string
	for _, sign := range changeSigns() {
		if n := s.Counts[sign.change]; n > 0 || sign.change == ChangedWorse || sign.change == Unchanged {
			parts = append(parts, fmt.Sprintf("%d %s", n, sign.title))
		}
	}
	return strings.Join(parts, ", ")
}

func stepTitle(s ComparedStep) string {
	return safetext.Excerpt(s.To, longestName) + " after " + safetext.Excerpt(s.From, longestName)
}

// Regressions says in one line which checks are regressions; empty where none is.
func Regressions(c *Comparison) string {
	n := len(c.Regressions)
	if n == 0 {
		return ""
	}
	var ids []string
	for _, row := range c.regressions() {
		id := rowID(row)
		if len(row.IDs) > 1 {
			id += fmt.Sprintf(" (%d)", len(row.IDs))
		}
		ids = append(ids, id)
	}
	return fmt.Sprintf("%s in %s: %s", english.Plural(n, "regression", ""), reportName(c.Reports[len(c.Reports)-1]), strings.Join(ids, ", "))
}

// regressions are their rows; a regression always has one.
func (c *Comparison) regressions() (list []ComparedCheck) {
	for _, row := range c.Rows {
		if row.Regression {
			list = append(list, row)
		}
	}
	return list
}

// changedRows are the rows that changed so in the last report.
func changedRows(c *Comparison, change Change) (list []ComparedCheck) {
	for _, row := range c.Rows {
		if row.Changes[len(row.Changes)-1] == change {
			list = append(list, row)
		}
	}
	return list
}

// regressionSummary are what is said of regressions in any case.
func regressionSummary(c *Comparison) string {
	if words := Regressions(c); words != "" {
		return words
	}
	return "no regression in " + reportName(c.Reports[len(c.Reports)-1])
}

// agreedChecks say how many checks are in no row; empty where all are.
func agreedChecks(c *Comparison) string {
	switch {
	case c.Agreed == 0 && len(c.Rows) > 0:
		return ""
	case len(c.Rows) == 0:
		return fmt.Sprintf("no difference: all reports agree on %s", english.Plural(c.Agreed, "check", ""))
	}
	return fmt.Sprintf("all reports agree on %s more: --all lists them", english.Plural(c.Agreed, "check", ""))
}
