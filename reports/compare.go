package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ComparisonSchema names the form of a Comparison as JSON. It changes when what is there
// already changes its name or meaning.
const ComparisonSchema = "hubhook.compare.v1"

// NotRun stands in a comparison where a report does not have a check.
const NotRun Status = "not run"

// Comparison is reports side by side: of several handlers, or of one in the course of
// time. Each report is compared with the one before it.
type Comparison struct {
	Schema  string           `json:"schema"`  // ComparisonSchema
	Reports []ComparedReport `json:"reports"` // in the order in which they were named
	// Notes say what explains differences that are not the handler's.
	Notes []string `json:"notes"`
	// Rows are the checks with differences, by area and ID, or all.
	Rows []ComparedCheck `json:"checks"`
	// Agreed counts the checks that are in no row, because all reports agree on them.
	Agreed int `json:"agreed"`
	// Steps count what changed from each report to the next: one less than reports.
	Steps []ComparedStep `json:"steps"`
	// Regressions are the IDs of checks that the last report has as a regression: see
	// ComparedCheck.Regression.
	Regressions []string `json:"regressions"`
	// Common counts the checks that the last report and one before it have.
	Common int `json:"common"`
}

// ComparedReport is what a comparison says of one report.
type ComparedReport struct {
	Name          string           `json:"name"`              // unlike any other
	URL           string           `json:"url"`               // of the handler
	Version       string           `json:"version"`           // of hubhook
	Started       time.Time        `json:"started"`           // as in Report
	Seed          uint64           `json:"seed"`              // as in Report
	Strict        bool             `json:"strict"`            // as in Report
	Verdict       Status           `json:"verdict"`           // as in Report
	Problem       string           `json:"problem,omitempty"` // why nothing could be judged
	Checks        int              `json:"checks"`            // how many it has
	Summary       Summary          `json:"summary"`           // of their verdicts
	KnownFailures int              `json:"known"`             // of those that failed, how many are known to
	Sent          int              `json:"sent"`              // requests in all
	DurationMs    int64            `json:"durationMs"`        // of the whole run
	Latency       *ComparedLatency `json:"latency"`           // nil where the report has no answer
}

// ComparedCheck is one check, or all entries of a table on which each report has one verdict.
type ComparedCheck struct {
	ID    string            `json:"id"`       // of the check, or of the table: "SEC-03", "PAY-01"
	IDs   []string          `json:"ids"`      // of the checks
	Area  string            `json:"area"`     // these are as in the last report that has it
	Level string            `json:"level"`    // MUST, SHOULD or MAY
	Title string            `json:"title"`    // of the first check
	Cells []ComparedVerdict `json:"verdicts"` // one of each report
	// Changes are from each report to the next: one less than Cells.
	Changes []Change `json:"changes"`
	// Regression says that the check binds, passed when it was last judged before, and
	// that the last report has it failed, inconclusive or in error. It does not where
	// the failure is known, the check was skipped or is not in the report.
	Regression bool `json:"regression"`
}

// ComparedVerdict is the verdict of one report on one check.
type ComparedVerdict struct {
	Status Status `json:"status"`           // NotRun where the report does not have it
	Known  bool   `json:"known,omitempty"`  // it failed, as it is known to
	Reason string `json:"reason,omitempty"` // of the first check of the row
}

// ComparedStep counts the checks by what became of them from one report to the next.
type ComparedStep struct {
	From   string         `json:"from"`   // name of the earlier report
	To     string         `json:"to"`     // name of the later one
	Counts map[Change]int `json:"counts"` // each Change has one
}

// CompareOptions say what is compared. The zero value is the differences alone.
type CompareOptions struct {
	All bool // keep all checks, each in a row of its own
}

// Compare compares reports, two or more, that have these names, one each.
func Compare(list []*Report, names []string, o CompareOptions) *Comparison {
	c := &Comparison{Schema: ComparisonSchema, Notes: []string{}, Rows: []ComparedCheck{}, Steps: []ComparedStep{}, Regressions: []string{}}
	for i, r := range list {
		c.Reports = append(c.Reports, newCompared(names[i], r))
	}
	rows := align(list)
	c.count(rows)
	differing := slices.DeleteFunc(slices.Clone(rows), ComparedCheck.same)
	c.Notes = notesOn(list, rows, len(differing) > 0)
	c.Rows = differing
	if o.All {
		c.Rows = rows
	}
	c.Agreed = len(rows) - len(c.Rows)
	if !o.All {
		c.Rows = fold(c.Rows, rows)
	}
	return c
}

func newCompared(name string, r *Report) ComparedReport {
	counted := Report{Checks: r.Checks}
	counted.Count() // what the report says of itself may be otherwise
	return ComparedReport{
		Name: name, URL: r.Target.URL, Version: r.Tool.Version, Started: r.Started, Seed: r.Seed, Strict: r.Strict,
		Verdict: r.Verdict, Problem: r.Problem, Checks: len(r.Checks), Summary: counted.Summary,
		KnownFailures: len(r.Filter(Check.FailedAsKnown)), Sent: r.Sent, DurationMs: r.DurationMs, Latency: latencyOf(r),
	}
}

func (c *Comparison) count(rows []ComparedCheck) {
	for i := 1; i < len(c.Reports); i++ {
		step := ComparedStep{From: c.Reports[i-1].Name, To: c.Reports[i].Name, Counts: map[Change]int{}}
		for _, change := range changes() {
			step.Counts[change] = 0
		}
		for _, row := range rows {
			if row.Cells[i-1].Status != NotRun || row.Cells[i].Status != NotRun {
				step.Counts[row.Changes[i-1]]++
			}
		}
		c.Steps = append(c.Steps, step)
	}
	for _, row := range rows {
		if row.Regression {
			c.Regressions = append(c.Regressions, row.ID)
		}
		if last := len(row.Cells) - 1; row.Cells[last].Status != NotRun && slices.ContainsFunc(row.Cells[:last], ComparedVerdict.ran) {
			c.Common++
		}
	}
}

func align(list []*Report) []ComparedCheck {
	byID := map[string]*ComparedCheck{}
	areas := map[string]int{} // the order in which they come
	for i, r := range list {
		for _, check := range r.Checks {
			row := byID[check.ID]
			if row == nil {
				row = &ComparedCheck{ID: check.ID, IDs: []string{check.ID}, Cells: make([]ComparedVerdict, len(list))}
				for j := range row.Cells {
					row.Cells[j].Status = NotRun
				}
				byID[check.ID] = row
			}
			row.Area, row.Level, row.Title = check.Area, check.Level, check.Title
			row.Cells[i] = ComparedVerdict{Status: check.Status, Known: check.Known, Reason: check.Reason}
			if _, seen := areas[check.Area]; !seen {
				areas[check.Area] = len(areas)
			}
		}
	}
	strict := list[len(list)-1].Strict
	rows := []ComparedCheck{}
	for _, row := range byID {
		row.Changes = changesOf(row.Cells)
		row.Regression = regressed(*row, strict)
		rows = append(rows, *row)
	}
	slices.SortFunc(rows, func(a, b ComparedCheck) int {
		return cmp.Or(cmp.Compare(areas[a.Area], areas[b.Area]), cmp.Compare(a.ID, b.ID))
	})
	return rows
}

// table returns the ID that a check shares with the entries of its table, "PAY-01" for
// PAY-01a, or its own.
func (r ComparedCheck) table() string { return strings.TrimRight(r.ID, "abcdefghijklmnopqrstuvwxyz") }

// fold merges the entries of a table into one row if all of them in any report have the
// same verdicts.
func fold(rows, all []ComparedCheck) []ComparedCheck {
	entries := map[string]int{}
	for _, row := range all {
		entries[row.table()]++
	}
	folded := []ComparedCheck{}
	for len(rows) > 0 {
		first := rows[0]
		n := 1
		for n < len(rows) && first.isLike(rows[n]) {
			n++
		}
		if n == 1 || n < entries[first.table()] {
			n = 1
		} else {
			first.ID, first.IDs = first.table(), idsOfRows(rows[:n])
		}
		folded = append(folded, first)
		rows = rows[n:]
	}
	return folded
}

func (r ComparedCheck) isLike(other ComparedCheck) bool {
	return r.table() == other.table() && r.Area == other.Area && r.Level == other.Level &&
		r.Regression == other.Regression && slices.EqualFunc(r.Cells, other.Cells, ComparedVerdict.equals)
}

func idsOfRows(rows []ComparedCheck) []string {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return ids
}

// ComparedLatency says how long complete answers took, of the exchanges that a report keeps.
type ComparedLatency struct {
	Answers   int     `json:"answers"`   // how many; those that checks share count once
	MedianMs  float64 `json:"medianMs"`  // half of them took no longer
	SlowestMs float64 `json:"slowestMs"` // none took longer
	Slowest   string  `json:"slowest"`   // the check that met the slowest
}

// latencyOf returns nil if no response came.
func latencyOf(r *Report) *ComparedLatency {
	type moment struct{ started, duration float64 }
	seen := map[moment]bool{} // checks that look at the same exchange each have it
	var times []float64
	l := &ComparedLatency{SlowestMs: -1}
	for _, check := range r.Checks {
		for _, x := range check.Exchanges {
			at := moment{x.StartedMs, x.DurationMs}
			if x.Response == nil || x.Error != "" || !(x.DurationMs >= 0) || seen[at] {
				continue
			}
			seen[at] = true
			times = append(times, x.DurationMs)
			if x.DurationMs > l.SlowestMs {
				l.SlowestMs, l.Slowest = x.DurationMs, check.ID
			}
		}
	}
	if len(times) == 0 {
		return nil
	}
	slices.Sort(times)
	l.Answers, l.MedianMs = len(times), times[(len(times)-1)/2]
	return l
}

// RegressionRows returns the rows of regressions; each regression has one.
func (c *Comparison) RegressionRows() (list []ComparedCheck) {
	for _, row := range c.Rows {
		if row.Regression {
			list = append(list, row)
		}
	}
	return list
}
