package suites_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

const testSecret = "Correct-Horse-7"

// start runs a handler with a bug, or a right one, until the test is over.
func start(t *testing.T, o handlers.Options) suites.Target {
	t.Helper()
	server, err := handlers.Start("127.0.0.1:0", o)
	if err != nil {
		t.Error(err)
		return suites.Target{}
	}
	t.Cleanup(func() { server.Close() })
	return suites.Target{URL: server.URL, Secret: o.Secret, SecretIn: emitter.SecretIn(o.SecretIn), Observe: server.State}
}

// judge runs all checks, and takes an error for a failure of the test.
func judge(t *testing.T, target suites.Target, o suites.Options) *reports.Report {
	t.Helper()
	report, err := suites.Judge(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func failed(report *reports.Report) []string {
	ids := []string{}
	for _, check := range report.Checks {
		if check.Status == reports.Failed {
			ids = append(ids, check.ID)
		}
	}
	return ids
}

// A mutant that hangs costs this much each time.
const mutantAnswers = time.Second

// atOnce is how many runs go on at the same time: they mostly wait.
const atOnce = 12

func TestEachMutantFailsExactlyItsChecks(t *testing.T) {
	verdicts := map[string]*reports.Report{}
	var mu sync.Mutex
	all := new(errgroup.Group)
	all.SetLimit(atOnce)
	for _, bug := range handlers.Bugs() {
		all.Go(func() error {
			target := start(t, handlers.Options{Secret: testSecret, SecretIn: bug.SecretIn, Bug: bug.Name})
			report, err := suites.Judge(t.Context(), target, suites.Options{AnswerWithin: mutantAnswers})
			mu.Lock()
			defer mu.Unlock()
			verdicts[bug.Name] = report
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, bug := range handlers.Bugs() {
		t.Run(bug.Name, func(t *testing.T) {
			report := verdicts[bug.Name]
			if diff := cmp.Diff(bug.Fails, failed(report)); diff != "" {
				t.Errorf("failing checks (-want +got):\n%s", diff)
			}
			for _, check := range report.Checks {
				if check.Status == reports.Error {
					t.Errorf("%s: %s", check.ID, check.Reason)
				}
			}
		})
	}
}

func TestRightHandlerFailsNothing(t *testing.T) {
	for _, in := range []string{"header", "query", "none"} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			o := handlers.Options{Secret: testSecret, SecretIn: in}
			if in == "none" {
				o.Secret = ""
			}
			target := start(t, o)
			report := judge(t, target, suites.Options{})
			if got := failed(report); len(got) > 0 || report.Verdict != reports.Passed {
				t.Errorf("failed %v, verdict %s", got, report.Verdict)
			}
			if i := slices.IndexFunc(report.Checks, func(c reports.Check) bool { return c.Status == reports.Inconclusive }); i >= 0 {
				t.Errorf("%s is inconclusive: %s", report.Checks[i].ID, report.Checks[i].Reason)
			}
		})
	}
}
