package reports_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

// checked is a report of one run in which checks came out so.
func checked(seed uint64, checks ...reports.Check) *reports.Report {
	r := &reports.Report{
		Tool: reports.Tool{Name: "hubhook", Version: "v1.2.3"}, Target: reports.Target{URL: "http://127.0.0.1:8000/webhook"}, Seed: seed,
		Started: time.Date(2026, 11, int(seed), 12, 30, 0, 0, time.UTC), DurationMs: 1234, Sent: 99, Verdict: reports.Passed, Checks: checks,
	}
	for _, check := range checks {
		if check.FailsRun(r.Strict) {
			r.Verdict = reports.Failed
		}
	}
	return r
}

// came is a check of a level that came out so; the area follows from the ID.
func came(id, level string, status reports.Status) reports.Check {
	area := map[string]string{"SEC": "secret", "PAY": "payload", "RTY": "retry"}[id[:3]]
	check := reports.Check{ID: id, Area: area, Level: level, Title: "does what " + id + " asks for", Status: status}
	if status != reports.Passed {
		check.Reason = "sent:      repo.update\ncame back: what makes it " + string(status)
	}
	return check
}

func known(check reports.Check) reports.Check {
	check.Known = true
	return check
}

func compare(o reports.CompareOptions, list ...*reports.Report) *reports.Comparison {
	names := []string{"a", "b", "c", "d"}
	return reports.Compare(list, names[:len(list)], o)
}

const must, should, may = "MUST", "SHOULD", "MAY"

func TestWhatBecameOfACheck(t *testing.T) {
	const passed, failed, open, skipped, fault = reports.Passed, reports.Failed, reports.Inconclusive, reports.Skipped, reports.Error
	const notRun = reports.NotRun
	for _, c := range []struct {
		before, after reports.Status
		change        reports.Change
		regression    bool
	}{
		{passed, passed, reports.Unchanged, false},
		{passed, failed, reports.ChangedWorse, true},
		{passed, open, reports.ChangedWorse, true},
		{passed, fault, reports.ChangedWorse, true},
		{passed, skipped, reports.ChangedOtherwise, false},
		{passed, notRun, reports.ChangedGone, false},
		{failed, passed, reports.ChangedBetter, false},
		{failed, failed, reports.Unchanged, false},
		{failed, open, reports.ChangedOtherwise, false},
		{failed, skipped, reports.ChangedOtherwise, false},
		{failed, notRun, reports.ChangedGone, false},
		{open, passed, reports.ChangedBetter, false},
		{open, failed, reports.ChangedWorse, false},
		{open, fault, reports.ChangedOtherwise, false},
		{skipped, failed, reports.ChangedWorse, false},
		{skipped, passed, reports.ChangedBetter, false},
		{notRun, passed, reports.ChangedNew, false},
		{notRun, failed, reports.ChangedNew, false},
	} {
		t.Run(string(c.before)+" then "+string(c.after), func(t *testing.T) {
			list := []*reports.Report{checked(1), checked(2)}
			for i, status := range []reports.Status{c.before, c.after} {
				if status != notRun {
					list[i].Checks = []reports.Check{came("SEC-01", must, status)}
				}
			}
			got := compare(reports.CompareOptions{All: true}, list...)
			row := got.Rows[0]
			if row.Changes[0] != c.change || row.Regression != c.regression {
				t.Errorf("%s, a regression: %t; want %s, %t", row.Changes[0], row.Regression, c.change, c.regression)
			}
			if got.Steps[0].Counts[c.change] != 1 || (wording.Regressions(got) != "") != c.regression {
				t.Errorf("counts %v, regressed %q", got.Steps[0].Counts, wording.Regressions(got))
			}
			listed := compare(reports.CompareOptions{}, list...).Rows
			if want := c.change != reports.Unchanged; (len(listed) == 1) != want {
				t.Errorf("%d rows without --all", len(listed))
			}
		})
	}
}

// What binds makes a regression, and what was last judged is what counts.
func TestWhatIsARegression(t *testing.T) {
	passed := func(level string) *reports.Report { return checked(1, came("SEC-01", level, reports.Passed)) }
	failed := func(level string) *reports.Report { return checked(2, came("SEC-01", level, reports.Failed)) }
	strict := func(r *reports.Report) *reports.Report {
		r.Strict = true
		return r
	}
	unsettled := checked(3, came("SEC-01", must, reports.Inconclusive))
	knownFailure := checked(4, known(came("SEC-01", must, reports.Failed)))
	for _, c := range []struct {
		name string
		list []*reports.Report
		want bool
	}{
		{"a MUST", []*reports.Report{passed(must), failed(must)}, true},
		{"a SHOULD", []*reports.Report{passed(should), failed(should)}, false},
		{"a SHOULD, strictly", []*reports.Report{passed(should), strict(failed(should))}, true},
		{"a SHOULD, strictly before alone", []*reports.Report{strict(passed(should)), failed(should)}, false},
		{"a SHOULD that became a MUST", []*reports.Report{passed(should), failed(must)}, true},
		{"a MAY", []*reports.Report{passed(may), strict(failed(may))}, false},
		{"a known failure", []*reports.Report{passed(must), knownFailure}, false},
		{"a known failure no more on the list", []*reports.Report{knownFailure, failed(must)}, false},
		{"after a run that was cut short", []*reports.Report{passed(must), unsettled, failed(must)}, true},
		{"after a run without it", []*reports.Report{passed(must), checked(3), failed(must)}, true},
		{"one that is old", []*reports.Report{passed(must), failed(must), failed(must)}, false},
		{"one that is mended", []*reports.Report{passed(must), failed(must), passed(must)}, false},
		{"no verdict any more", []*reports.Report{passed(must), unsettled, unsettled}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compare(reports.CompareOptions{}, c.list...)
			if (len(got.Regressions) == 1) != c.want || (wording.Regressions(got) != "") != c.want {
				t.Errorf("regressions %v, %q; want one: %t", got.Regressions, wording.Regressions(got), c.want)
			}
		})
	}
}

func ids(rows []reports.ComparedCheck) (list []string) {
	for _, row := range rows {
		list = append(list, row.ID)
	}
	return list
}

func TestTablesFold(t *testing.T) {
	table := func(a, b, c reports.Status) *reports.Report {
		return checked(1, came("PAY-01a", must, a), came("PAY-01b", must, b), came("PAY-01c", must, c), came("PAY-02", must, a))
	}
	const passed, failed = reports.Passed, reports.Failed
	for _, c := range []struct {
		name   string
		before *reports.Report
		after  *reports.Report
		all    bool
		want   []string
	}{
		{"alike", table(passed, passed, passed), table(failed, failed, failed), false, []string{"PAY-01", "PAY-02"}},
		{"alike, and all are listed", table(passed, passed, passed), table(failed, failed, failed), true, []string{"PAY-01a", "PAY-01b", "PAY-01c", "PAY-02"}},
		{"one differs", table(passed, passed, passed), table(passed, failed, passed), false, []string{"PAY-01b"}},
		{"two differ", table(passed, passed, passed), table(passed, failed, failed), false, []string{"PAY-01b", "PAY-01c"}},
		{"all, each otherwise", table(passed, failed, passed), table(failed, passed, failed), false, []string{"PAY-01a", "PAY-01b", "PAY-01c", "PAY-02"}},
		{"a run without it", checked(1, came("SEC-01", must, passed)), table(passed, passed, passed), false, []string{"SEC-01", "PAY-01", "PAY-02"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := compare(reports.CompareOptions{All: c.all}, c.before, c.after)
			if diff := cmp.Diff(c.want, ids(got.Rows)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	got := compare(reports.CompareOptions{}, table(passed, passed, passed), table(failed, failed, failed))
	if want := "4 regressions in b: PAY-01 (3), PAY-02"; wording.Regressions(got) != want {
		t.Errorf("%q, want %q", wording.Regressions(got), want)
	}
}

func TestReportsAreNamedByTheirFiles(t *testing.T) {
	for _, c := range []struct{ files, want []string }{
		{[]string{"before.json", "runs/after.json"}, []string{"before", "after"}},
		{[]string{"main/report.json", "mine/report.json"}, []string{"main/report", "mine/report"}},
		{[]string{"x/main/report.json", "y/main/report.json", "z.json"}, []string{"x/main/report", "y/main/report", "z"}},
		{[]string{"a.json", "./a.json", "a.json"}, []string{"a", "a (2)", "a (3)"}},
		{[]string{"a.json", "a (2).json", "a.json"}, []string{"a", "a (2)", "a (3)"}},
		{[]string{"/r/a.json", "r/a.json", "a.json"}, []string{"/r/a", "r/a", "a"}},
		{[]string{"report", "report.xml"}, []string{"report", "report.xml"}},
	} {
		if diff := cmp.Diff(c.want, reports.UniqueNames(c.files)); diff != "" {
			t.Errorf("%v: -want +got:\n%s", c.files, diff)
		}
	}
}

func TestLatencyIsThatOfCompleteAnswers(t *testing.T) {
	answered := &reports.Response{Status: 200}
	x := func(started, took float64, response *reports.Response, fault string) reports.Exchange {
		return reports.Exchange{StartedMs: started, DurationMs: took, Response: response, Error: fault}
	}
	fast, slow := came("SEC-01", must, reports.Passed), came("SEC-02", must, reports.Passed)
	fast.Exchanges = []reports.Exchange{x(0, 1, answered, ""), x(1, 2, answered, ""), x(2, 9000, nil, "time-out"), x(3, 8000, answered, "cut")}
	slow.Exchanges = []reports.Exchange{x(1, 2, answered, ""), x(4, 300, answered, "")} // the first is the one above
	got := compare(reports.CompareOptions{}, checked(1, fast, slow), checked(2))
	if diff := cmp.Diff(&reports.ComparedLatency{Answers: 3, MedianMs: 2, SlowestMs: 300, Slowest: "SEC-02"}, got.Reports[0].Latency); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.Reports[1].Latency != nil {
		t.Errorf("without answers: %+v", got.Reports[1].Latency)
	}
}

func TestNotesExplainDifferences(t *testing.T) {
	newer := checked(1, came("SEC-01", must, reports.Failed))
	newer.Tool.Version = "v2.0.0"
	strict := checked(1, came("SEC-01", must, reports.Passed))
	strict.Strict = true
	passed := func(seed uint64) *reports.Report { return checked(seed, came("SEC-01", must, reports.Passed)) }
	for _, c := range []struct {
		name string
		list []*reports.Report
		want []string
	}{
		{"nothing differs but the seed", []*reports.Report{passed(1), passed(2)}, []string{}},
		{"versions", []*reports.Report{passed(1), newer}, []string{"the versions of hubhook differ (v1.2.3, v2.0.0)"}},
		{"seeds", []*reports.Report{passed(7), checked(8, came("SEC-01", must, reports.Failed)), passed(7)}, []string{"the seeds differ (7, 8): payloads are other ones"}},
		{"sets", []*reports.Report{passed(1), checked(1, came("SEC-01", must, reports.Passed), came("SEC-02", must, reports.Passed))}, []string{"the sets of checks differ: 1 check is not in all reports"}},
		{"strictness", []*reports.Report{passed(1), strict}, []string{"not all are strict: whether a SHOULD that failed is a regression hangs on the last one"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, compare(reports.CompareOptions{}, c.list...).Notes); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// foreignText is text that would break a page, a table, a terminal or its reader's eyes.
const foreignText = "<script>alert(1)</script> | `code` \\| **bold** [x](javascript:1) @everyone #1 \x1b[2J \u202e\u2066 \u0085 &lt;"
