package suites_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// wrapped returns a target whose handler is a right one with something in front.
func wrapped(t *testing.T, wrap func(http.Handler) http.Handler) suites.Target {
	t.Helper()
	return start(t, handlers.Options{
		Secret: testSecret, Modify: func(s *handlers.Steps) { s.Wrap = wrap },
	})
}

// limitTo answers more than n requests within a window with 429.
func limitTo(n int, window time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		var mu sync.Mutex
		var began time.Time
		came := 0
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				next.ServeHTTP(w, r)
				return
			}
			mu.Lock()
			if time.Since(began) > window {
				began, came = time.Now(), 0
			}
			came++
			over := came > n
			mu.Unlock()
			if over {
				io.Copy(io.Discard, r.Body)
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A limit of the rate is charged to the checks of the rate only. Others wait as Retry-After
// asks, and go on.
func TestLimiterFailsNoOtherCheck(t *testing.T) {
	t.Parallel()
	target := wrapped(t, limitTo(50, time.Second))
	target.Observe = ""
	report := judge(t, target, suites.Options{NoBurst: true, Selection: suites.Selection{Skip: []string{"RAT-01", "SEC-14"}}})
	if got := failed(report); len(got) > 0 {
		t.Errorf("failed %v", got)
	}
	for _, check := range report.Checks {
		if check.Cause == reports.CauseThrottled {
			t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
		}
	}
}

// A 429 is no rejection: it says nothing about the secret, however long it goes on.
func TestThrottledIsNotRejected(t *testing.T) {
	t.Parallel()
	const open = "SEC-03" // to whoever leaves the secret out
	for _, c := range []struct {
		name   string
		status int
		header string
		want   reports.Status
	}{
		{"always 429", http.StatusTooManyRequests, "", reports.Inconclusive},
		{"503 for an hour", http.StatusServiceUnavailable, "3600", reports.Inconclusive},
		{"409", http.StatusConflict, "", reports.Failed},
		{"425", http.StatusTooEarly, "", reports.Failed},
		{"403", http.StatusForbidden, "", reports.Passed},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			if r.Header.Get("X-Webhook-Secret") == "" {
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
			}
		}))
		report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{
			Limits: suites.Limits{Recover: 100 * time.Millisecond}, Selection: suites.Selection{Only: []string{open}},
		})
		if got := report.Checks[0]; got.Status != c.want {
			t.Errorf("%s: %s, want %s: %s", c.name, got.Status, c.want, got.Reason)
		}
		server.Close()
	}
}

// A server may close a connection that it kept, at any time and without saying so.
func TestClosedKeptConnectionsFailNothing(t *testing.T) {
	t.Parallel()
	for name, keeps := range map[string]int{"after each answer": 1, "after three": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := start(t, handlers.Options{Secret: testSecret, Modify: func(s *handlers.Steps) {
				s.Listen = func(l net.Listener) net.Listener { return closingListener{l, keeps} }
			}})
			report := judge(t, target, suites.Options{NoBurst: true, Selection: suites.Selection{Skip: []string{"TRN-08"}}})
			if got := failed(report); len(got) > 0 {
				t.Errorf("failed %v", got)
			}
		})
	}
}

// closingListener accepts connections that are closed after a number of responses.
type closingListener struct {
	net.Listener
	keeps int
}

func (l closingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &closingConn{Conn: conn, left: l.keeps}, err
}

type closingConn struct {
	net.Conn
	left int
}

// Write closes the connection after its last response. Responses of the handler are short:
// net/http writes each at once.
func (c *closingConn) Write(text []byte) (int, error) {
	n, err := c.Conn.Write(text)
	if !bytes.HasPrefix(text, []byte("HTTP/1.1 100 ")) {
		if c.left--; c.left == 0 {
			c.Close()
		}
	}
	return n, err
}
