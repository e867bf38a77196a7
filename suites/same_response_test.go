package suites_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// sent is what a handler reads of a payload to repeat it in its response.
type sent struct {
	Event struct{ Scope, Action string }
	Repo  struct {
		Name    string
		Private bool
		URL     struct{ API string }
	}
	number int64 // of the delivery
	id     string
}

func (s sent) narrowed() bool {
	return strings.Contains(s.Event.Scope, ".dois") || strings.Count(s.Event.Scope, ".") > 1
}

// respondingWith starts a handler that accepts everything, with the response body of respond.
func respondingWith(t *testing.T, respond func(sent) string) suites.Target {
	t.Helper()
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		s := sent{number: count.Add(1), id: r.Header.Get("Webhook-Id")}
		if err == nil {
			err = json.Unmarshal(body, &s)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		io.WriteString(w, respond(s))
	}))
	t.Cleanup(server.Close)
	return suites.Target{URL: server.URL, Secret: testSecret}
}

func TestAnswersToNarrowedScopesAreCompared(t *testing.T) {
	for _, c := range []struct {
		name    string
		respond func(sent) string
		want    reports.Status // without an observer, equal answers say nothing
	}{
		{"the same", func(sent) string { return "" }, reports.Inconclusive},
		{"repeats the event in words", func(s sent) string {
			return fmt.Sprintf("did %s.%s (%s %s) for %s, see %s", s.Event.Scope, s.Event.Action, s.Event.Action, s.Event.Scope, s.Repo.Name, s.Repo.URL.API)
		}, reports.Inconclusive},
		{"repeats what it was sent", func(s sent) string {
			text, _ := json.Marshal(map[string]any{"got": map[string]any{"event": s.Event, "repo": map[string]any{"name": s.Repo.Name, "private": s.Repo.Private}}, "id": s.id})
			return strings.NewReplacer("Scope", "scope", "Action", "action").Replace(string(text))
		}, reports.Inconclusive},
		{"names its property after the repo", func(s sent) string { return fmt.Sprintf(`{"queued":{%q:[%q]}}`, s.Repo.Name, s.id) }, reports.Inconclusive},
		{"says as what it counts", func(s sent) string {
			return fmt.Sprintf(`{"event":"%s/%s","as":"update"}`, s.Event.Scope, s.Event.Action)
		}, reports.Inconclusive},
		{"counts", func(s sent) string { return fmt.Sprintf(`{"status":"queued","number":%d}`, s.number) }, reports.Inconclusive},
		{"tells a time that stands still for a while", func(s sent) string {
			return fmt.Sprintf(`{"status":"queued","second":%d}`, s.number/4)
		}, reports.Inconclusive},
		{"ignores what is narrowed", func(s sent) string {
			if s.narrowed() {
				return `{"status":"ignored"}`
			}
			return `{"status":"queued"}`
		}, reports.Failed},
		{"ignores what is narrowed, and counts", func(s sent) string {
			if s.narrowed() {
				return fmt.Sprintf(`{"status":"ignored","number":%d}`, s.number)
			}
			return fmt.Sprintf(`{"status":"queued","number":%d}`, s.number)
		}, reports.Failed},
		{"ignores what is narrowed, in words about the delivery", func(s sent) string {
			did := "queued"
			if s.narrowed() {
				did = "ignored"
			}
			return fmt.Sprintf("%s %s.%s of %s (%s)", did, s.Event.Scope, s.Event.Action, s.Repo.Name, s.id)
		}, reports.Failed},
		{"ignores new actions alone", func(s sent) string {
			if s.Event.Action == "minted" {
				return "no handler for minted"
			}
			return "handled " + s.Event.Action
		}, reports.Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := judge(t, respondingWith(t, c.respond), suites.Options{Selection: suites.Selection{Only: []string{"SCP-06"}}})
			for _, check := range report.Checks {
				if check.Status != c.want {
					t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, c.want, check.Reason)
				}
			}
		})
	}
}

func TestNearestScopeDecidesTheAnswer(t *testing.T) {
	root := respondingWith(t, func(s sent) string {
		switch s.Event.Scope {
		case "repo", "repo.content", "repo.config", "discussion", "discussion.comment":
			return s.Event.Scope
		}
		return strings.SplitN(s.Event.Scope, ".", 2)[0]
	})
	report := judge(t, root, suites.Options{Selection: suites.Selection{Only: []string{"SCP-06", "SCP-07"}}})
	want := []reports.Status{reports.Inconclusive, reports.Failed, reports.Failed, reports.Inconclusive, reports.Failed, reports.Failed}
	for i, check := range report.Checks {
		if check.Status != want[i] {
			t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, want[i], check.Reason)
		}
	}
}
