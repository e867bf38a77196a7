package reports

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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

// unrunSign stands where a report does not have a check.
var unrunSign = sign{"·", faint}

func (c ComparedVerdict) sign() sign {
	switch {
	case c.Status == NotRun:
		return unrunSign
	case c.Status == Failed && c.Known:
		return knownSign
	}
	return signs[c.Status]
}

// words say the verdict.
func (c ComparedVerdict) words() string {
	if c.Known {
		return string(c.Status) + " (a known failure)"
	}
	return string(c.Status)
}

// reasonInRow is how much of a reason stands beside others, in characters.
const reasonInRow = 500

// reason is why, in one line; empty where there is nothing to say.
func (c ComparedVerdict) reason() string { return short(c.Reason, reasonInRow) }

// short is the beginning of a text, in one line, without what is not to be seen: at most
// so many characters. What a report holds may be of any length, so it is cut first.
func short(text string, most int) string {
	const bytesEach = 16 // for blanks, of which one is shown, and those of UTF-8
	whole := len(text)
	if limit := bytesEach * most; whole > limit {
		text = strings.ToValidUTF8(text[:limit], "")
	}
	cut := len(text) < whole
	runes := []rune(clean(text))
	if len(runes) > most {
		runes, cut = runes[:most], true
	}
	if cut {
		return string(runes) + "…"
	}
	return string(runes)
}

// The longest names that are shown whole, in characters.
const (
	longestID    = 20
	longestName  = 40
	longestTitle = 200
	longestURL   = 300
)

func (r ComparedCheck) id() string { return short(r.ID, longestID) }

func (r ComparedCheck) level() string { return short(r.Level, longestID) }

// title says what a right handler does; of a table, how many of such there are.
func (r ComparedCheck) title() string {
	title := short(r.Title, longestTitle)
	if len(r.IDs) > 1 {
		return fmt.Sprintf("%s, such as: %s", counted(len(r.IDs)), title)
	}
	return title
}

// why is the reason for what the last report says that has one, if it is no pass.
func (r ComparedCheck) why() string {
	for i := len(r.Cells) - 1; i >= 0; i-- {
		if cell := r.Cells[i]; cell.Status != NotRun {
			return cell.reason()
		}
	}
	return ""
}

func (c ComparedReport) name() string { return short(c.Name, longestName) }

func (c ComparedReport) url() string { return short(c.URL, longestURL) }

func (c ComparedReport) when() string {
	if c.Started.IsZero() {
		return nothing
	}
	return c.Started.UTC().Format("2006-01-02 15:04 UTC")
}

func (c ComparedReport) version() string { return short(c.Version, longestName) }

// conditions are what a report was made with.
func (c ComparedReport) conditions() string {
	text := fmt.Sprintf("%s, %s, seed %d", c.when(), c.version(), c.Seed)
	if c.Strict {
		text += ", strict"
	}
	return text
}

// verdict says what came of a run, and why where nothing could be judged.
func (c ComparedReport) verdict() string {
	if c.Problem != "" {
		return string(c.Verdict) + ": " + short(c.Problem, reasonInRow)
	}
	return string(c.Verdict)
}

// knownWords say how many of the failures are known; empty where none is.
func (c ComparedReport) knownWords() string {
	if c.KnownFailures == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d known)", c.KnownFailures)
}

func (c ComparedReport) took() string {
	const longest = int64(1) << 40 // some thirty years, so that nothing overflows
	return (time.Duration(min(max(c.DurationMs, 0), longest)) * time.Millisecond).Round(100 * time.Millisecond).String()
}

func (l *ComparedLatency) median() string {
	if l == nil {
		return nothing
	}
	return inMs(l.MedianMs)
}

func (l *ComparedLatency) slowest() string {
	if l == nil {
		return nothing
	}
	return fmt.Sprintf("%s in %s", inMs(l.SlowestMs), short(l.Slowest, longestID))
}

// sumsHead are the titles of sums.
func sumsHead() []string {
	return []string{"passed", "failed", "inconclusive", "skipped", "error", "median answer", "slowest answer", "took", "verdict"}
}

func (c ComparedReport) sums() []string {
	s := c.Summary
	return []string{
		strconv.Itoa(s.Passed), strconv.Itoa(s.Failed) + c.knownWords(), strconv.Itoa(s.Inconclusive), strconv.Itoa(s.Skipped), strconv.Itoa(s.Error),
		c.Latency.median(), c.Latency.slowest(), c.took(), string(c.Verdict),
	}
}

// words say how many checks changed how.
func (s ComparedStep) words() string {
	var parts []string
	for _, sign := range changeSigns() {
		if n := s.Counts[sign.change]; n > 0 || sign.change == ChangedWorse || sign.change == Unchanged {
			parts = append(parts, fmt.Sprintf("%d %s", n, sign.title))
		}
	}
	return strings.Join(parts, ", ")
}

func (s ComparedStep) title() string {
	return short(s.To, longestName) + " after " + short(s.From, longestName)
}

// Regressed says in one line which checks are regressions; empty where none is.
func (c *Comparison) Regressed() string {
	n := len(c.Regressions)
	if n == 0 {
		return ""
	}
	var ids []string
	for _, row := range c.regressions() {
		id := row.id()
		if len(row.IDs) > 1 {
			id += fmt.Sprintf(" (%d)", len(row.IDs))
		}
		ids = append(ids, id)
	}
	return fmt.Sprintf("%s in %s: %s", numberOf(uint64(n), "regression"), c.Reports[len(c.Reports)-1].name(), strings.Join(ids, ", "))
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

// changed are the rows that changed so in the last report.
func (c *Comparison) changed(change Change) (list []ComparedCheck) {
	for _, row := range c.Rows {
		if row.Changes[len(row.Changes)-1] == change {
			list = append(list, row)
		}
	}
	return list
}

// regressionWords are what is said of regressions in any case.
func (c *Comparison) regressionWords() string {
	if words := c.Regressed(); words != "" {
		return words
	}
	return "no regression in " + c.Reports[len(c.Reports)-1].name()
}

// sameWords say how many checks are in no row; empty where all are.
func (c *Comparison) sameWords() string {
	switch {
	case c.Agreed == 0 && len(c.Rows) > 0:
		return ""
	case len(c.Rows) == 0:
		return fmt.Sprintf("no difference: all reports agree on %s", counted(c.Agreed))
	}
	return fmt.Sprintf("all reports agree on %s more: --all lists them", counted(c.Agreed))
}
