package suites_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// Where one defect fails several checks, the others say which one to fix first.
func TestFailuresSayWhichToMendFirst(t *testing.T) {
	target := start(t, withBug(t, "open-without-header"))
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"SEC-03", "SEC-12", "SEC-18", "SEC-19"}}})
	want := map[string][]string{"SEC-03": nil, "SEC-12": {"SEC-03"}, "SEC-18": nil, "SEC-19": {"SEC-03"}}
	for _, check := range report.Checks {
		if !slices.Equal(check.FixFirst, want[check.ID]) {
			t.Errorf("%s: first mend %v, want %v", check.ID, check.FixFirst, want[check.ID])
		}
	}
}

// Of what is sent at once, or compared, the failure is about the decisive one.
func TestFailureIsAboutTheExchangeThatIsTold(t *testing.T) {
	t.Parallel()
	for bug, id := range map[string]string{"closed-roots": "SCP-09", "closed-actions": "SCP-06a", "hangs-on-deletion": "RTY-14"} {
		target := start(t, withBug(t, bug))
		o := suites.ForMutants()
		o.Selection.Only = []string{id}
		check := judge(t, target, o).Checks[0]
		i := check.DecisiveIndex()
		if check.Status != reports.Failed || !check.Exchanges[i].Decisive {
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
	target := start(t, withBug(t, "hidden-comment-crash"))
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"PAY-04"}}})
	if report.Verdict != reports.Failed || report.Problem != "" {
		t.Errorf("verdict %s, problem %q", report.Verdict, report.Problem)
	}
}

// One branch that refuses whatever it does not know is one cause, whatever events it meets
// and whether it repeats their names; a refusal in other words has another.
func TestRefusalsInTheSameWordsHaveOneCause(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var payload struct {
			Event struct{ Scope string }
			Repo  struct{ Private bool }
		}
		json.NewDecoder(r.Body).Decode(&payload)
		switch {
		case payload.Repo.Private:
			http.Error(w, "a private repo", http.StatusBadRequest)
		case payload.Event.Scope != "repo.content":
			http.Error(w, "unknown: "+payload.Event.Scope, http.StatusBadRequest)
		}
	}))
	defer server.Close()
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{
		Selection: suites.Selection{Only: []string{"SCP-01b", "SCP-08", "PAY-01a", "PAY-24", "PAY-33a"}},
	})
	want := map[string][]string{"SCP-01b": nil, "SCP-08": {"SCP-01b"}, "PAY-01a": {"SCP-01b"}, "PAY-24": nil, "PAY-33a": {"SCP-01b"}}
	for _, check := range report.Checks {
		if check.Status != reports.Failed || !slices.Equal(check.FixFirst, want[check.ID]) {
			t.Errorf("%s is %s: first mend %v, want %v", check.ID, check.Status, check.FixFirst, want[check.ID])
		}
	}
}

// A cause that has a cause itself is replaced by the last: the others go with it.
func TestCausesAreFollowedToTheirRoot(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Webhook-Secret") != testSecret {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		var payload struct{ Event struct{ Scope string } }
		json.NewDecoder(r.Body).Decode(&payload)
		if payload.Event.Scope != "repo.content" {
			http.Error(w, "unknown: "+payload.Event.Scope, http.StatusBadRequest)
		}
	}))
	defer server.Close()
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{
		Selection: suites.Selection{Only: []string{"SCP-01b", "PAY-01i", "PAY-06a"}},
	})
	for _, check := range report.Checks[1:] { // PAY-06a comes of PAY-01i, and that of SCP-01b
		if !slices.Equal(check.FixFirst, []string{"SCP-01b"}) {
			t.Errorf("%s: first mend %v", check.ID, check.FixFirst)
		}
	}
}
