package suites_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// waiting is one check that begins once the handler answers, within a time that a slow
// machine does not need.
func waiting(onWait func(place string)) suites.Options {
	return suites.Options{Selection: suites.Selection{Only: []string{"SEC-01"}}, Wait: time.Minute, Waiting: onWait}
}

func TestHandlerThatStartsLateIsWaitedFor(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "hook.sock")
	target := suites.Target{URL: "http://localhost/webhook", Secret: testSecret, Route: delivery.Route{Unix: socket}}
	var places []string
	report, err := suites.Judge(t.Context(), target, waiting(func(place string) {
		places = append(places, place)
		server, err := handlers.Start("unix:"+socket, handlers.Options{Secret: testSecret})
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { server.Close() })
	}))
	if err != nil || report.Verdict != reports.Passed {
		t.Fatalf("%v, %+v", err, report)
	}
	if len(places) != 1 || places[0] != socket {
		t.Errorf("told to wait for %q, want %q once", places, socket)
	}
}

// A gateway answers before there is anybody behind it; by then, nothing that could be a
// delivery must come.
func TestGatewayWithNobodyBehindItIsWaitedFor(t *testing.T) {
	h, err := handlers.New(handlers.Options{Secret: testSecret, SecretIn: "query"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	asked := 0
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked > 3 {
			h.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet || r.URL.String() != "/" || r.Header.Get(delivery.SecretHeader) != "" || r.Header.Get("X-Tenant") != "5" {
			t.Errorf("came before it was ready: %s %s %v", r.Method, r.URL, r.Header)
		}
		w.WriteHeader([]int{0, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}[asked])
	}))
	t.Cleanup(gateway.Close)
	target := suites.Target{URL: gateway.URL + "/webhook?secret=" + testSecret, SecretIn: delivery.InQuery, Header: http.Header{"X-Tenant": {"5"}}}
	report, err := suites.Judge(t.Context(), target, waiting(nil))
	if err != nil || report.Verdict != reports.Passed || asked < 4 {
		t.Errorf("asked %d times: %v, %+v", asked, err, report)
	}
}

// Who is there, but never as it should be, is judged in the end.
func TestHandlerThatIsThereIsJudgedAfterTheWait(t *testing.T) {
	for _, name := range []string{"fails at everything", "closes the connection"} {
		for _, h := range hostile() {
			if h.name != name {
				continue
			}
			server := httptest.NewServer(h.handler)
			t.Cleanup(server.Close)
			options := waiting(nil)
			options.Wait = 50 * time.Millisecond
			report, _ := suites.Judge(t.Context(), suites.Target{URL: server.URL, Secret: testSecret}, options)
			if report == nil || report.Verdict == reports.Passed {
				t.Errorf("%s: %+v", name, report)
			}
		}
	}
}

func TestWaitEndsWhereNobodyComes(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "none.sock")
	target := suites.Target{URL: "http://localhost/webhook", Secret: testSecret, Route: delivery.Route{Unix: socket}}
	options := waiting(nil)
	options.Wait = 50 * time.Millisecond
	report, err := suites.Judge(t.Context(), target, options)
	if want := "nothing answered at " + socket + " within 50ms ("; report != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s…", err, want)
	}
	// An interrupt ends the wait at once.
	ctx, interrupt := context.WithCancel(t.Context())
	if _, err := suites.Judge(ctx, target, waiting(func(string) { interrupt() })); err != context.Canceled {
		t.Errorf("interrupted: %v", err)
	}
}

// What the user has to fix is reported at once, however long the wait may be.
func TestWaitEndsAtOnceWhereItIsOfNoUse(t *testing.T) {
	secure := startSecure(t, http.NotFoundHandler())
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	for url, want := range map[string]string{
		secure.URL: "certificate is not trusted",
		strings.Replace(plain.URL, "http", "https", 1): "speaks http, not https",
	} {
		_, err := suites.Judge(t.Context(), suites.Target{URL: url, Secret: testSecret}, waiting(func(string) { t.Errorf("waits for %s", url) }))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}
