package suites_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// falling serves a right handler that goes down at one delivery, once it has answered it or
// in the middle of its answer, and comes back after a while; never where that is zero.
func falling(t *testing.T, at int64, back time.Duration, midway bool) suites.Target {
	t.Helper()
	var requests atomic.Int64
	var server *httptest.Server
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Webhook-Secret") != testSecret {
			w.WriteHeader(http.StatusForbidden)
		}
	})
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) != at {
			answers(w, r)
			return
		}
		server.Listener.Close()
		if back > 0 {
			address := server.Listener.Addr().String()
			time.AfterFunc(back, func() { again(t, address, answers) })
		}
		w.Header().Set("Connection", "close")
		if midway {
			w.Header().Set("Content-Length", "9")
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}
		answers(w, r)
	}))
	t.Cleanup(server.Close)
	return suites.Target{URL: server.URL, Secret: testSecret}
}

// again serves at an address where somebody served before.
func again(t *testing.T, address string, handler http.Handler) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
}

func statusOfEach(report *reports.Report) string {
	var all []string
	for _, check := range report.Checks {
		all = append(all, check.ID+" "+string(check.Status))
	}
	return strings.Join(all, ", ")
}

// Whoever goes down after an answer fails, though each delivery was accepted; the checks
// after it are not blamed.
func TestHandlerThatGoesDownFails(t *testing.T) {
	selection := suites.Options{Selection: suites.Selection{Only: []string{"SEC-01", "SEC-02", "PAY-01a"}}}
	for _, c := range []struct {
		name         string
		at           int64
		back         time.Duration
		want, reason string
		unjudged     bool
		midway       bool
	}{
		{"comes back", 1, 200 * time.Millisecond, "SEC-01 passed, SEC-02 passed, PAY-01a passed", "the handler went down, shortly after it had answered SEC-01 (repo.content.update)", false, false},
		{"stays down", 1, 0, "SEC-01 passed, SEC-02 inconclusive, PAY-01a inconclusive", "could not be tried any more: 2 checks", true, false},
		{"goes down at the end", 4, 0, "SEC-01 passed, SEC-02 passed, PAY-01a passed", "shortly after it had answered PAY-01a (repo.create)", false, false},
		{"breaks off an answer", 1, 200 * time.Millisecond, "SEC-01 passed, SEC-02 passed, PAY-01a passed", "the handler went down, shortly after it had answered SEC-01 (repo.content.update)", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			report, err := suites.Judge(t.Context(), falling(t, c.at, c.back, c.midway), selection)
			if (err != nil) != c.unjudged || report.Verdict != reports.Failed || !strings.Contains(report.Problem, c.reason) {
				t.Errorf("%s: %q, error %v", report.Verdict, report.Problem, err)
			}
			if got := statusOfEach(report); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
