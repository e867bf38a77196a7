package suites_test

import (
	"context"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
)

// rehearsed is what some checks send to the right handler.
func rehearsed(t *testing.T, observed bool, ids ...string) []reports.DryRun {
	t.Helper()
	target := start(t, handlers.Options{Secret: testSecret})
	if !observed {
		target.Observe = ""
	}
	checks, err := suites.Selection{Only: ids}.Select(catalogue.All())
	if err != nil {
		t.Fatal(err)
	}
	list, err := suites.DryRun(t.Context(), target, checks)
	if err != nil || len(list) != len(checks) {
		t.Fatalf("%d rehearsals of %d checks, %v", len(list), len(checks), err)
	}
	return list
}

// stepsOf returns the steps of a dry run without the values of their curl lines.
func stepsOf(r reports.DryRun) string {
	var lines []string
	for i, step := range r.Steps {
		line := step.What
		if step.Times > 1 {
			line += " ×" + strings.Repeat("I", min(step.Times, 9))
		}
		if i+1 == r.DecisiveStep {
			line = "* " + line
		}
		lines = append(lines, line)
	}
	if r.Repeated {
		lines = append(lines, "again")
	}
	return strings.Join(lines, "\n")
}

// A dry run lists what a check sends step by step, and marks the decisive step.
func TestRehearsalsTellWhatIsSent(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"SEC-03":  "repo.content.update\n* repo.content.update, without a secret",
		"PAY-19b": "repo.content.update\n* a payload that is cut off\nrepo.content.update, after a payload that is cut off",
		"PAY-19h": "repo.content.update\n* repo.content.update, with duplicate keys\nrepo.content.update, after duplicate keys",
		"RTY-02":  "repo.content.update\n* repo.content.update, sent again with the same Webhook-Id ×IIII\nagain",
		"TRN-03":  "repo.content.update\n* repo.content.update, on one connection ×IIIIIIIII",
	} {
		if diff := gocmp.Diff(want, stepsOf(rehearsed(t, false, id)[0])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	for i, want := range []string{
		"* repo.content.update, with a wrong secret\nrepo.content.update",
		"repo.content.update\n* repo.content.update, sent again with the same Webhook-Id\nagain",
	} {
		// The probe of the handler before is not listed.
		if diff := gocmp.Diff(want, stepsOf(rehearsed(t, true, "SEC-13", "RTY-09")[i])); diff != "" {
			t.Errorf("observed, %d (-want +got):\n%s", i, diff)
		}
	}
}

// A report keeps some of many exchanges; all are counted nevertheless.
func TestRehearsalsCountWhatIsNotKept(t *testing.T) {
	for _, r := range rehearsed(t, false, "SEC-10", "RAT-01") {
		sum := 0
		for _, step := range r.Steps {
			sum += step.Times
		}
		if r.Sent < 10 || sum != r.Sent {
			t.Errorf("%d were sent, %d are told: %+v", r.Sent, sum, r.Steps)
		}
	}
}

func TestRehearsalsSayWhyThereIsNone(t *testing.T) {
	r := rehearsed(t, false, "SEC-16")[0]
	if r.Sent != 0 || r.Status != reports.Skipped || !strings.Contains(r.Reason, "in a header") || r.Curl != "" {
		t.Errorf("%+v", r)
	}
	target := start(t, handlers.Options{Secret: testSecret})
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if list, err := suites.DryRun(over, target, catalogue.All()[:1]); err == nil {
		t.Errorf("a rehearsal that is called off tells %+v", list)
	}
}

// A dry run contains no secret.
func TestRehearsalsKeepTheSecret(t *testing.T) {
	for _, r := range rehearsed(t, false, "SEC-02", "SEC-05", "SEC-07", "TRN-01") {
		if strings.Contains(strings.ToLower(r.Curl), strings.ToLower(testSecret[:len(testSecret)-1])) || !strings.Contains(r.Curl, "HUBHOOK_SECRET") {
			t.Errorf("the command is %s", r.Curl)
		}
	}
}
