package reports

import (
	"cmp"
	"slices"
	"time"
)

// ComparisonSchema is the version of a Comparison as JSON. It changes when a property
// changes its name or meaning.
const ComparisonSchema = "hubhook.compare.v1"

// NotRun is the verdict in a comparison if a report does not have the check.
const NotRun Status = "not run"

// Comparison is reports side by side, of several handlers or of one over time. Each report is
// compared with the one before it.
type Comparison struct {
	Schema  string           `json:"schema"`  // ComparisonSchema
	Reports []ComparedReport `json:"reports"` // in the order named
	// Notes explain differences that are not the handler's.
	Notes []string `json:"notes"`
	// Rows are the checks with differences, by area and ID, or all.
	Rows []ComparedCheck `json:"checks"`
	// Agreed counts the checks without a row, because all reports agree on them.
	Agreed int `json:"agreed"`
	// Steps count what changed from each report to the next: one less than reports.
	Steps []ComparedStep `json:"steps"`
	// Regressions are the IDs of the checks with Regression.
	Regressions []string `json:"regressions"`
	// Common counts the checks that the last report and one before it have.
	Common int `json:"common"`
}

// ComparedReport is one report in a comparison.
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
	KnownFailures int              `json:"known"`             // of the failed ones
	Sent          int              `json:"sent"`              // requests in all
	DurationMs    int64            `json:"durationMs"`        // of the whole run
	Latency       *ComparedLatency `json:"latency"`           // nil if no response came
}

// ComparedCheck is one check, or all entries of a table if each report has one verdict on
// them.
type ComparedCheck struct {
	ID    string            `json:"id"`       // of the check, or of the table: "SEC-03", "PAY-01"
	IDs   []string          `json:"ids"`      // of the checks
	Area  string            `json:"area"`     // as in the last report that has it, as the next two
	Level string            `json:"level"`    // MUST, SHOULD or MAY
	Title string            `json:"title"`    // of the first check
	Cells []ComparedVerdict `json:"verdicts"` // one of each report
	// Changes are from each report to the next: one less than Cells.
	Changes []Change `json:"changes"`
	// Regression means that a binding check passed when it was last judged before, and is
	// failed, inconclusive or in error in the last report. A known failure is none, nor is
	// a check that was skipped or is missing.
	Regression bool `json:"regression"`
}

// LastChange returns the change from the report before to the last one.
func (c ComparedCheck) LastChange() Change { return c.Changes[len(c.Changes)-1] }

// ComparedVerdict is the verdict of one report on one check.
type ComparedVerdict struct {
	Status Status `json:"status"`           // NotRun if the report does not have it
	Known  bool   `json:"known,omitempty"`  // a known failure
	Reason string `json:"reason,omitempty"` // of the first check of the row
}

// ComparedStep counts the checks by Change from one report to the next.
type ComparedStep struct {
	From   string         `json:"from"`   // name of the earlier report
	To     string         `json:"to"`     // name of the later one
	Counts map[Change]int `json:"counts"` // each Change has one
}

// CompareOptions say what is compared; the zero value, only the differences.
type CompareOptions struct {
	All bool // keep all checks, each in a row of its own
}

// Compare compares two or more reports, each with a name.
func Compare(list []*Report, names []string, o CompareOptions) *Comparison {
	c := &Comparison{Schema: ComparisonSchema, Notes: []string{}, Rows: []ComparedCheck{}, Steps: []ComparedStep{},
		Regressions: []string{}}
	for i, r := range list {
		c.Reports = append(c.Reports, newCompared(names[i], r))
	}
	rows := align(list)
	c.count(rows)
	differing := slices.DeleteFunc(slices.Clone(rows), ComparedCheck.same)
	c.Notes = notesOn(list, rows, len(differing) > 0)
	if o.All {
		c.Rows = rows
		return c
	}
	c.Agreed, c.Rows = len(rows)-len(differing), fold(differing, rows)
	return c
}

func newCompared(name string, r *Report) ComparedReport {
	counted := Report{Checks: r.Checks}
	counted.Count() // the summary in the file may be wrong
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
		if last := len(row.Cells) - 1; row.Cells[last].Status != NotRun && slices.ContainsFunc(row.Cells[:last],
			ComparedVerdict.ran) {
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

// fold merges the entries of a table into one row if all of them in any report have the
// same verdicts.
func fold(rows, all []ComparedCheck) []ComparedCheck {
	entries := map[string]int{}
	for _, row := range all {
		entries[TableOf(row.ID)]++
	}
	folded := []ComparedCheck{}
	for len(rows) > 0 {
		first := rows[0]
		n := 1
		for n < len(rows) && first.isLike(rows[n]) {
			n++
		}
		if n < entries[TableOf(first.ID)] {
			n = 1
		}
		if n > 1 {
			first.ID, first.IDs = TableOf(first.ID), nil
			for _, row := range rows[:n] {
				first.IDs = append(first.IDs, row.ID)
			}
		}
		folded = append(folded, first)
		rows = rows[n:]
	}
	return folded
}

func (c ComparedCheck) isLike(other ComparedCheck) bool {
	return TableOf(c.ID) == TableOf(other.ID) && c.Area == other.Area && c.Level == other.Level &&
		c.Regression == other.Regression && slices.EqualFunc(c.Cells, other.Cells, ComparedVerdict.equals)
}

// ComparedLatency is how long complete responses took, of the exchanges in a report.
type ComparedLatency struct {
	Answers   int     `json:"answers"`   // shared ones count once
	MedianMs  float64 `json:"medianMs"`  // half of them took no longer
	SlowestMs float64 `json:"slowestMs"` // none took longer
	Slowest   string  `json:"slowest"`   // the check with it
}

// latencyOf returns nil if no response came.
func latencyOf(r *Report) *ComparedLatency {
	type moment struct{ started, duration float64 }
	seen := map[moment]bool{} // checks that share an exchange each have it
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
func (c *Comparison) RegressionRows() []ComparedCheck {
	return filter(c.Rows, func(row ComparedCheck) bool { return row.Regression })
}
