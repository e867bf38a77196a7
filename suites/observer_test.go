package suites_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// late is a handler that is open to everybody, does each delivery once, and
// does it some time after its answer. Its page has values that change by
// themselves.
type late struct {
	after time.Duration

	mu    sync.Mutex
	done  int
	looks int
	known map[string]bool
}

func (l *late) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.URL.Path == "/state" {
		l.looks++
		fmt.Fprintf(w, `{"done": %d, "looks": %d, "now": %q}`, l.done, l.looks, time.Now().Format(time.RFC3339Nano))
		return
	}
	io.Copy(io.Discard, r.Body)
	if id := r.Header.Get("Webhook-Id"); !l.known[id] {
		l.known[id] = true
		time.AfterFunc(l.after, l.do)
	}
}

func (l *late) do() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done++
}

func startLate(t *testing.T, after time.Duration) suites.Target {
	t.Helper()
	server := httptest.NewServer(&late{after: after, known: map[string]bool{}})
	t.Cleanup(server.Close)
	return suites.Target{URL: server.URL, Secret: testSecret, Observe: server.URL + "/state"}
}

func TestLateEffectIsNotTakenForThatOfTheNextDelivery(t *testing.T) {
	t.Parallel()
	report := judge(t, startLate(t, 60*time.Millisecond), suites.Options{
		Selection: suites.Selection{Only: []string{"SEC-12", "SEC-13", "RTY-09", "RTY-10", "RTY-12"}},
	})
	want := map[string]reports.Status{
		"SEC-12": reports.Failed, // it acts on what is forged
		"SEC-13": reports.Failed, // and does not on the genuine delivery of that id
		"RTY-09": reports.Passed, "RTY-10": reports.Passed, "RTY-12": reports.Passed,
	}
	for _, check := range report.Checks {
		if check.Status != want[check.ID] {
			t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, want[check.ID], check.Reason)
		}
	}
}

func TestHandlerWithoutEffectsIsInconclusive(t *testing.T) {
	t.Parallel()
	target := startLate(t, time.Hour)
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"SEC-12", "RTY-09", "SCP-05"}}})
	for _, check := range report.Checks {
		if check.Status != reports.Inconclusive {
			t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
		}
	}
}
