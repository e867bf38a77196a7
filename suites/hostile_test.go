package suites_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
)

// hostile are handlers that are no use to anybody.
func hostile() []struct {
	name    string
	handler http.HandlerFunc
	accepts bool // whether it accepts everything, so that there is something to judge; otherwise it passes nothing
} {
	return []struct {
		name    string
		handler http.HandlerFunc
		accepts bool
	}{
		{"hangs", hang, false},
		{"resets", reset, false},
		{"closes the connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false},
		{"streams for ever", stream, false},
		{"sends half a head", half, false},
		{"refuses everything", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, false},
		{"fails at everything", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, false},
		{"redirects everything", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, false},
		{"accepts everything", func(http.ResponseWriter, *http.Request) {}, true},
	}
}

// hang waits until its sender is gone, which net/http sees once the body is read.
func hang(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

func stream(w http.ResponseWriter, r *http.Request) {
	chunk := []byte(strings.Repeat("for ever and ever ", 1000))
	for r.Context().Err() == nil {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func half(w http.ResponseWriter, _ *http.Request) {
	conn, out, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	out.WriteString("HTTP/1.1 200 OK\r\nContent-Le")
	out.Flush()
}

// passedByAccepting returns the checks that a handler passes by accepting everything:
// those that a correct one passes without being observed, but for those that ask for a
// rejection.
func passedByAccepting(t *testing.T) []string {
	t.Helper()
	rejections := []string{"SEC-17", "SEC-21", "SEC-22", "SEC-23", "RAT-11"} // about how a handler rejects
	for _, tooOpen := range []string{"open", "200-on-wrong", "no-json-check", "get-acts"} {
		mutant, err := mutants.Find(tooOpen)
		if err != nil {
			t.Fatal(err)
		}
		rejections = append(rejections, mutant.Fails...)
	}
	correct := start(t, handlers.Options{Secret: testSecret})
	correct.Observe, correct.Restart = "", nil
	var ids []string
	for _, check := range judge(t, correct, suites.Options{}).Checks {
		if check.Status == reports.Passed && !slices.Contains(rejections, check.ID) {
			ids = append(ids, check.ID)
		}
	}
	return ids
}

func TestHostileHandlersGetAWholeReportAndNoFalsePass(t *testing.T) {
	for _, c := range hostile() {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.CloseClientConnections)
			report, err := suites.Judge(t.Context(), suites.Target{URL: server.URL, Secret: testSecret},
				suites.Options{AnswerWithin: 300 * time.Millisecond})
			if report == nil {
				t.Fatal(err)
			}
			if c.accepts == (err != nil) {
				t.Errorf("error %v; was there something to judge: %t", err, c.accepts)
			}
			var passes []string
			if c.accepts {
				passes = passedByAccepting(t)
			}
			if len(report.Checks) != len(catalogue.All()) || report.Verdict != reports.Failed {
				t.Errorf("%d checks, verdict %s; want all, failed", len(report.Checks), report.Verdict)
			}
			for _, check := range report.Checks {
				if check.Status == reports.Passed && !slices.Contains(passes, check.ID) {
					t.Errorf("%s passed", check.ID)
				}
				if check.Status == reports.Error {
					t.Errorf("%s: %s", check.ID, check.Reason)
				}
			}
		})
	}
}

// A connection that is reset at once may fail while it is opened, or right
// after; both are a handler that is there.
func TestHandlerThatResetsConnectionsIsJudged(t *testing.T) {
	url := serveWire(t, func(_ context.Context, conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) })
	for range 5 {
		report, err := suites.Judge(t.Context(), suites.Target{URL: url, Secret: testSecret}, suites.Options{})
		if report == nil || err == nil || report.Summary.Passed > 0 {
			t.Fatalf("report %v, error %v; want both, and nothing passed", report, err)
		}
	}
}

func TestAcceptingWhatIsNoObjectIsSeen(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"PAY-19"}}})
	mutant, err := mutants.Find("no-json-check")
	if err != nil {
		t.Fatal(err)
	}
	if got := failed(report); !slices.Equal(got, mutant.Fails) {
		t.Errorf("failed %v, want %v", got, mutant.Fails)
	}
}

func TestSilentHandlerIsLeftAloneAfterThreeAttempts(t *testing.T) {
	attempts := make(chan struct{}, 1000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		attempts <- struct{}{}
		hang(w, r)
	}))
	t.Cleanup(server.Close)
	report, err := suites.Judge(t.Context(), suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{AnswerWithin: 50 * time.Millisecond})
	if report == nil || err == nil {
		t.Fatalf("report %v, error %v; want both", report, err)
	}
	if n := len(attempts); n != 3 {
		t.Errorf("%d attempts, want 3", n)
	}
	last := report.Checks[len(report.Checks)-1]
	if last.Status != reports.Inconclusive || !strings.Contains(last.Reason, "3 deliveries in a row") {
		t.Errorf("the last check is %s: %s", last.Status, last.Reason)
	}
}

// nobody is where nobody listens: the port of a server that was closed may be given to
// another one meanwhile.
const nobody = "http://127.0.0.1:1"

func TestNothingToJudge(t *testing.T) {
	for _, c := range []struct {
		name, says string
		target     suites.Target
	}{
		{"nobody listens", "is the handler running", suites.Target{URL: nobody, Secret: "s"}},
		{"a URL without scheme", "http://", suites.Target{URL: "localhost:8000/webhook", Secret: "s"}},
		{"another scheme", "http://host/path", suites.Target{URL: "ftp://localhost/", Secret: "s"}},
		{"no secret", "HUBHOOK_SECRET", suites.Target{URL: nobody}},
		{"a secret that no header carries", "printable ASCII", suites.Target{URL: nobody, Secret: "geheim\n"}},
		{"a secret too many", "--secret-in none", suites.Target{URL: nobody, Secret: "s", SecretIn: "none"}},
		{"a place that there is not", "header, query or none", suites.Target{URL: nobody, Secret: "s", SecretIn: "body"}},
		{"an observer without scheme", "observer", suites.Target{URL: nobody, Secret: "s", Observe: "state"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := suites.Judge(t.Context(), c.target, suites.Options{})
			if report != nil || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("report %v, error %v; want an error that says %q", report, err, c.says)
			}
		})
	}
}

func TestWithoutObserverWhatNoAnswerShowsIsInconclusive(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"SEC-01", "SEC-12", "SCP-05", "SCP-06", "RTY-09"}}})
	for _, check := range report.Checks[1:] {
		if check.Status != reports.Inconclusive || !strings.Contains(check.Reason, "--observe") {
			t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
		}
	}
}

func TestSlowHandlerUsesUpTheBudgetAndNoMore(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		timer := time.NewTimer(20 * time.Millisecond)
		defer timer.Stop()
		<-timer.C
	}))
	t.Cleanup(server.Close)
	report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{
		Budget: 100 * time.Millisecond, Selection: suites.Selection{Only: []string{"RAT-02"}},
	})
	check := report.Checks[0]
	if check.Status != reports.Inconclusive || !strings.Contains(check.Reason, "of 1000 sent within the budget") {
		t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
	}
}
