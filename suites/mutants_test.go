package suites_test

import (
	"cmp"
	"context"
	"crypto/x509"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
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
	target := suites.Target{
		URL: server.URL, Secret: o.Secret, SecretIn: delivery.SecretIn(o.SecretIn), Observe: server.State,
		Restart: func(context.Context) error { return server.Restart() },
	}
	if server.Certificate != nil {
		target.Route.RootCAs = x509.NewCertPool()
		target.Route.RootCAs.AppendCertsFromPEM(server.Certificate)
	}
	return target
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

// withBug returns the options of a mutant; of a correct handler if the name is empty.
func withBug(t *testing.T, name string) handlers.Options {
	t.Helper()
	if name == "" {
		return handlers.Options{Secret: testSecret}
	}
	mutant, err := mutants.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return mutant.Options(testSecret)
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

// atOnce is how many runs go on at the same time: they mostly wait.
const atOnce = 12

// sortedIDs compares lists of IDs in any order.
var sortedIDs = cmpopts.SortSlices(func(a, b string) bool { return a < b })

func TestEachMutantFailsExactlyItsChecks(t *testing.T) {
	verdicts := map[string]*reports.Report{}
	var mu sync.Mutex
	all := new(errgroup.Group)
	all.SetLimit(atOnce)
	for _, mutant := range mutants.All() {
		all.Go(func() error {
			target := start(t, mutant.Options(testSecret))
			report, err := suites.Judge(t.Context(), target, suites.ForMutants())
			mu.Lock()
			defer mu.Unlock()
			verdicts[mutant.Name] = report
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, mutant := range mutants.All() {
		t.Run(mutant.Name, func(t *testing.T) {
			report := verdicts[mutant.Name]
			if diff := gocmp.Diff(mutant.Fails, failed(report), sortedIDs); diff != "" {
				t.Errorf("failing checks (-want +got):\n%s", diff)
			}
			for _, check := range report.Checks {
				if check.Status == reports.Error {
					t.Errorf("%s: %s", check.ID, check.Reason)
				}
				if made := reports.FormatReason(check.Observations); check.Status == reports.Failed && made != check.Reason {
					t.Errorf("%s: the observations make %q, not %q", check.ID, made, check.Reason)
				}
			}
		})
	}
}

// Right handlers that are written in other ways fail nothing, and leave nothing open.
func TestRightHandlersFailNothing(t *testing.T) {
	for _, o := range rightHandlers() {
		t.Run(cmp.Or(o.Variant, "secret in "+o.SecretIn), func(t *testing.T) {
			t.Parallel()
			report := judge(t, start(t, o), suites.Options{})
			if got := failed(report); len(got) > 0 || report.Verdict != reports.Passed {
				t.Errorf("failed %v, verdict %s", got, report.Verdict)
			}
			for _, check := range report.Checks {
				if check.Status == reports.Inconclusive || check.Status == reports.Error {
					t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
				}
			}
		})
	}
}

// rightHandlers are all but the slow one, which takes minutes.
func rightHandlers() (list []handlers.Options) {
	for _, v := range handlers.Variants() {
		if v.Name != "slow" {
			list = append(list, handlers.Options{Secret: testSecret, Variant: v.Name})
		}
	}
	return append(list, handlers.Options{Secret: testSecret, SecretIn: "query"}, handlers.Options{SecretIn: "none"})
}
