package suites_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// tallying is an open handler that reports how often it acted.
type tallying struct{ acted atomic.Int64 }

func (c *tallying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		io.Copy(io.Discard, r.Body)
		c.acted.Add(1)
	}
	io.WriteString(w, strings.Repeat("i", int(c.acted.Load())))
}

// startSecure starts a handler with a certificate that nobody knows.
func startSecure(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // who does not trust it says so
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// actsTwice is judged by a check that only the observer can decide.
func actsTwice(t *testing.T, target suites.Target) {
	t.Helper()
	target.Secret = testSecret
	report := judge(t, target, suites.Options{Selection: suites.Selection{Only: []string{"RTY-09"}}})
	if got := report.Checks[0]; got.Status != reports.Failed {
		t.Errorf("%s: %s", got.Status, got.Reason)
	}
}

func TestObserverOnTheHandlersHostIsReachedAsTheHandlerIs(t *testing.T) {
	t.Parallel()
	secure := startSecure(t, new(tallying))
	trusted := x509.NewCertPool()
	trusted.AddCert(secure.Certificate())
	for name, route := range map[string]delivery.Route{"trusted": {RootCAs: trusted}, "insecure": {Insecure: true}} {
		t.Run(name, func(t *testing.T) {
			actsTwice(t, suites.Target{URL: secure.URL + "/hook", Observe: secure.URL + "/state", Route: route})
		})
	}
	t.Run("by a socket", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "s")
		listener, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: new(tallying)}
		go server.Serve(listener)
		t.Cleanup(func() { server.Close() })
		// However the port is written, it is the same.
		actsTwice(t, suites.Target{URL: "http://localhost/hook", Observe: "http://LOCALHOST:80/state", Route: delivery.Route{Unix: path}})
	})
}

func TestObserverElsewhereIsReachedByItsURL(t *testing.T) {
	handler := new(tallying)
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	bySocket := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Error(w, "the state is elsewhere", http.StatusNotFound)
			return
		}
		handler.ServeHTTP(w, r)
	})}
	go bySocket.Serve(listener)
	t.Cleanup(func() { bySocket.Close() })
	observer := httptest.NewServer(handler)
	t.Cleanup(observer.Close)
	// It is on the same host, at another port: nothing but the socket is the handler's.
	at := strings.Replace(observer.URL, "127.0.0.1", "localhost", 1)
	actsTwice(t, suites.Target{URL: "http://localhost/hook", Observe: at + "/state", Route: delivery.Route{Unix: path}})

	// Who is trusted for the handler is not trusted for everybody.
	secure := startSecure(t, handler)
	_, err = suites.Judge(t.Context(), suites.Target{
		URL: strings.Replace(observer.URL, "127.0.0.1", "localhost", 1), Observe: secure.URL,
		Secret: testSecret, Route: delivery.Route{Insecure: true},
	}, suites.Options{})
	if err == nil || !strings.Contains(err.Error(), "the observer cannot be used") || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("an observer elsewhere is taken: %v", err)
	}
}
