package suites_test

import (
	"slices"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// Where one defect fails several checks, the others say which one to mend first.
func TestFailuresSayWhichToMendFirst(t *testing.T) {
	target := start(t, handlers.Options{Secret: testSecret, Bug: "open-without-header"})
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"SEC-03", "SEC-12", "SEC-18", "SEC-19"}}})
	want := map[string][]string{"SEC-03": nil, "SEC-12": {"SEC-03"}, "SEC-18": nil, "SEC-19": {"SEC-03"}}
	for _, check := range report.Checks {
		if !slices.Equal(check.First, want[check.ID]) {
			t.Errorf("%s: first mend %v, want %v", check.ID, check.First, want[check.ID])
		}
	}
}

// Of what is sent at once, or compared, the failure is about the one that is told.
func TestFailureIsAboutTheExchangeThatIsTold(t *testing.T) {
	for bug, id := range map[string]string{"closed-roots": "SCP-09", "closed-actions": "SCP-06a", "hangs-on-deletion": "RTY-14"} {
		target := start(t, handlers.Options{Secret: testSecret, Bug: bug})
		o := suites.ForMutants()
		o.Selection.Only = []string{id}
		check := judge(t, target, o).Checks[0]
		i := check.Telling()
		if check.Status != reports.Failed || !check.Exchanges[i].Telling {
			t.Errorf("%s: %s is %s, and about none of %d exchanges", bug, id, check.Status, len(check.Exchanges))
			continue
		}
		x := check.Exchanges[i]
		if x.Response != nil && x.Response.Status/100 == 2 {
			t.Errorf("%s: %s is about %q, which was answered %d: %s", bug, id, x.What, x.Response.Status, check.Reason)
		}
	}
}

// A few checks alone may send nothing that a handler accepts; that is a verdict
// nevertheless.
func TestOneCheckThatFailsIsAVerdict(t *testing.T) {
	target := start(t, handlers.Options{Secret: testSecret, Bug: "hidden-comment-crash"})
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"PAY-04"}}})
	if report.Verdict != reports.Failed || report.Problem != "" {
		t.Errorf("verdict %s, problem %q", report.Verdict, report.Problem)
	}
}
