package suites_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// statuses are the verdicts of a report by ID.
func statuses(report *reports.Report) map[string]reports.Status {
	all := map[string]reports.Status{}
	for _, check := range report.Checks {
		all[check.ID] = check.Status
	}
	return all
}

// repoOf returns the id of a request's repo.
func repoOf(r *http.Request) string {
	var payload struct{ Repo struct{ ID string } }
	if body, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(body, &payload) != nil {
		return ""
	}
	return payload.Repo.ID
}

// Ten connections that wait at the same moment are one stall: the handler answers
// what comes next, and is judged by it.
func TestStallOfManyConnectionsIsOneAndEndsNoRun(t *testing.T) {
	var mu sync.Mutex
	repos := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		repo := repoOf(r)
		mu.Lock()
		repos[repo]++
		stuck := repos[repo] > 50
		mu.Unlock()
		if stuck {
			hang(w, r)
		}
	}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{
		AnswerWithin: 200 * time.Millisecond,
		Limits:       suites.Limits{Recover: time.Second},
		Selection:    suites.Selection{Only: []string{"RAT-03", "RAT-04", "RAT-05", "PAY-03", "TRN-03"}},
	})
	want := map[string]reports.Status{
		"RAT-03": reports.Failed, "RAT-04": reports.Failed, "RAT-05a": reports.Failed, "RAT-05b": reports.Failed,
		"PAY-03": reports.Passed, "TRN-03": reports.Passed,
	}
	for id, got := range statuses(report) {
		if got != want[id] {
			t.Errorf("%s is %s, want %s", id, got, want[id])
		}
	}
}

// counting is a handler that counts, and logs the latest deliveries.
type counting struct {
	logs int             // deliveries that it keeps of its log
	acts func(n int) int // how often it acts on the nth delivery
	late time.Duration   // from the answer to the act

	mu    sync.Mutex
	came  int
	acted int
	log   []string
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		c.mu.Lock()
		defer c.mu.Unlock()
		json.NewEncoder(w).Encode(map[string]any{"received": c.came, "acted": c.acted, "log": c.log})
		return
	}
	repo := repoOf(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.came++
	times := c.acts(c.came)
	act := func() {
		c.acted += times
		c.log = append(c.log, repo)
		c.log = c.log[max(0, len(c.log)-c.logs):]
	}
	if c.late == 0 {
		act()
		return
	}
	time.AfterFunc(c.late, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		act()
	})
}

func TestEachDeliveryOfABurstCounts(t *testing.T) {
	once := func(int) int { return 1 }
	for _, c := range []struct {
		name    string
		handler *counting
		want    reports.Status
		says    string
	}{
		{"once each", &counting{acts: once, logs: 5000}, reports.Passed, ""},
		{"a log of the latest alone", &counting{acts: once, logs: 100}, reports.Passed, ""},
		{"some time later", &counting{acts: once, logs: 100, late: 50 * time.Millisecond}, reports.Passed, ""},
		{"three for each", &counting{acts: func(int) int { return 3 }}, reports.Passed, ""},
		{"one lost, though all were received", &counting{acts: func(n int) int { return min(1, n%500) }}, reports.Failed, "/acted +"},
		{"one twice", &counting{acts: func(n int) int { return 1 + n/500%2*(1-min(1, n%500)) }}, reports.Failed, "/acted +"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			report := judge(t, suites.Target{URL: server.URL, Secret: testSecret, Observe: server.URL},
				suites.Options{Selection: suites.Selection{Only: []string{"RAT-06"}}})
			if check := report.Checks[0]; check.Status != c.want || !strings.Contains(check.Reason, c.says) {
				t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, c.want, check.Reason)
			}
		})
	}
}

func TestObserverThatDoesNotCountLeavesItOpen(t *testing.T) {
	var mu sync.Mutex
	latest := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Method == http.MethodGet {
			fmt.Fprintf(w, `{"latest":%q}`, latest)
			return
		}
		latest = r.Header.Get("Webhook-Id")
	}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret, Observe: server.URL},
		suites.Options{Selection: suites.Selection{Only: []string{"RAT-06"}}})
	if check := report.Checks[0]; check.Status != reports.Inconclusive || !strings.Contains(check.Reason, "nothing that counts") {
		t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
	}
}

func TestReportOfABurstShowsWhatWentWrongInIt(t *testing.T) {
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		n++
		broken := n == 300
		mu.Unlock()
		if broken {
			http.Error(w, "database is locked", http.StatusInternalServerError)
		}
	}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"RAT-02"}}})
	check := report.Checks[0]
	shown := 0
	for i, x := range check.Exchanges {
		if x.Response.Status == http.StatusInternalServerError && strings.Contains(x.Response.Body.Text, "locked") && strings.Contains(x.Curl, "curl") {
			shown++
		}
		if i > 0 && check.Exchanges[i-1].Curl == x.Curl {
			t.Errorf("exchange %d is there twice", i)
		}
	}
	if check.Status != reports.Failed || shown != 1 || check.Sent != 1000 {
		t.Errorf("%s: %d exchanges show the answer that was not accepted; %d sent", check.Status, shown, check.Sent)
	}
}

// Who is asked to come again in a while does so, and not before.
func TestRetryAfterIsHeeded(t *testing.T) {
	var mu sync.Mutex
	var full time.Time
	early, came := 0, map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		repo := repoOf(r)
		mu.Lock()
		defer mu.Unlock()
		switch came[repo]++; {
		case came[repo] < 1000: // of each burst the last one is shed
		case came[repo] == 1000:
			full = time.Now()
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		case time.Since(full) < time.Second:
			early++
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"RAT-04", "RAT-09"}}})
	got := statuses(report)
	if got["RAT-04"] != reports.Passed || got["RAT-09"] != reports.Passed || early > 0 {
		t.Errorf("verdicts %v, %d deliveries that came too early", got, early)
	}
}
