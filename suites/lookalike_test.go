package suites_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// logging is a handler that logs whatever comes, and acts on what it takes for an
// event of the repo or of a discussion.
type logging struct {
	takes func(scope string) string // the root as which a scope counts; empty: none

	mu    sync.Mutex
	log   []string
	acted map[string]int
}

func (l *logging) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Method == http.MethodGet {
		json.NewEncoder(w).Encode(map[string]any{"received": len(l.log), "log": l.log, "acted": l.acted})
		return
	}
	body, _ := io.ReadAll(r.Body)
	var s sent
	if err := json.Unmarshal(body, &s); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l.log = append(l.log, s.Event.Scope)
	if root := l.takes(s.Event.Scope); root != "" {
		l.acted[root]++
	}
}

func exactRoot(scope string) string {
	root, _, _ := strings.Cut(scope, ".")
	if root == "repo" || root == "discussion" {
		return root
	}
	return ""
}

func TestLookAlikesMayBeLoggedButNotActedOn(t *testing.T) {
	for _, c := range []struct {
		name  string
		takes func(scope string) string
		want  reports.Status
	}{
		{"exact", exactRoot, reports.Passed},
		{"acts on all alike", func(string) string { return "anything" }, reports.Passed},
		{"any case", func(scope string) string { return exactRoot(strings.ToLower(scope)) }, reports.Failed},
		{"one branch for all the rest", func(scope string) string {
			if exactRoot(scope) == "repo" {
				return "repo"
			}
			return "discussion"
		}, reports.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(&logging{takes: c.takes, acted: map[string]int{}})
			t.Cleanup(server.Close)
			report := judge(t, suites.Target{URL: server.URL, Secret: testSecret, Observe: server.URL},
				suites.Options{Selection: suites.Selection{Only: []string{"SCP-09"}}})
			if check := report.Checks[0]; check.Status != c.want {
				t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, c.want, check.Reason)
			}
		})
	}
}
