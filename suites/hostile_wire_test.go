package suites_test

import (
	"bufio"
	"context"
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
	"github.com/hubhook/hubhook/suites/catalogue"
)

// hostileWires are servers that hardly speak HTTP, or not at all. None of them may
// pass anything.
func hostileWires() map[string]func(context.Context, net.Conn) {
	return map[string]func(context.Context, net.Conn){
		"resets within the answer's body": func(_ context.Context, conn net.Conn) {
			skipHead(conn)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun")
			conn.(*net.TCPConn).SetLinger(0)
		},
		"sends headers without end": func(ctx context.Context, conn net.Conn) {
			skipHead(conn)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			for line := "X-Bomb: " + strings.Repeat("x", 8<<10) + "\r\n"; ctx.Err() == nil; {
				if _, err := io.WriteString(conn, line); err != nil {
					return
				}
			}
		},
		"says HTTP/0.9": func(_ context.Context, conn net.Conn) {
			skipHead(conn)
			io.WriteString(conn, "<html>welcome</html>")
		},
		"says interim answers without end": func(ctx context.Context, conn net.Conn) {
			skipHead(conn)
			for ctx.Err() == nil {
				if _, err := io.WriteString(conn, "HTTP/1.1 102 Processing\r\n\r\n"); err != nil {
					return
				}
			}
		},
		"drips a byte at a time": func(ctx context.Context, conn net.Conn) {
			skipHead(conn)
			ticker := time.NewTicker(100 * time.Millisecond)
			defer ticker.Stop()
			for _, c := range []byte("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") {
				select {
				case <-ticker.C:
				case <-ctx.Done():
					return
				}
				if _, err := conn.Write([]byte{c}); err != nil {
					return
				}
			}
		},
		"claims a body that it does not send": func(ctx context.Context, conn net.Conn) {
			skipHead(conn)
			io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n")
			<-ctx.Done()
		},
	}
}

// skipHead reads the head of a request, as who answers has at least to wait for it.
func skipHead(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	for lines.Scan() && lines.Text() != "" {
	}
}

// serveWire serves connections by hand until the test is over.
func serveWire(t *testing.T, serve func(context.Context, net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(t.Context(), conn)
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

func TestServersThatHardlySpeakHTTPGetAWholeReport(t *testing.T) {
	for name, serve := range hostileWires() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := suites.Target{URL: serveWire(t, serve), Secret: testSecret}
			report, err := suites.Judge(t.Context(), target, suites.Options{AnswerWithin: 300 * time.Millisecond})
			if report == nil || err == nil {
				t.Fatalf("report %v, error %v; want both", report, err)
			}
			if len(report.Checks) != len(catalogue.All()) || report.Summary.Passed > 0 || report.Summary.Error > 0 {
				t.Errorf("%d checks, %+v; want all, none of them passed", len(report.Checks), report.Summary)
			}
		})
	}
}

func TestHandlerThatDiesMidRunGetsAWholeReport(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 100 {
			go server.Close()
			server.Listener.Close()
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	report, err := suites.Judge(t.Context(), suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{AnswerWithin: time.Second})
	if err == nil || report.Verdict != reports.Failed || !strings.HasPrefix(report.Problem, "the handler went down") {
		t.Fatalf("%v, error %v", report, err)
	}
	last := report.Checks[len(report.Checks)-1]
	if len(report.Checks) != len(catalogue.All()) || last.Status != reports.Inconclusive || !strings.Contains(last.Reason, "went down") {
		t.Errorf("%d checks, the last is %s: %s", len(report.Checks), last.Status, last.Reason)
	}
}

// A handler may answer before it has read the body: that is an answer like any other.
func TestAnswerBeforeTheBodyIsReadCounts(t *testing.T) {
	url := serveWire(t, func(_ context.Context, conn net.Conn) {
		skipHead(conn)
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		conn.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, conn)
	})
	report := judge(t, suites.Target{URL: url, Secret: testSecret}, suites.Options{
		Selection: suites.Selection{Only: []string{"SEC-01", "SEC-02", "PAY-11"}},
	})
	want := []reports.Status{reports.Passed, reports.Failed, reports.Passed}
	for i, check := range report.Checks {
		if check.Status != want[i] {
			t.Errorf("%s is %s, want %s: %s", check.ID, check.Status, want[i], check.Reason)
		}
	}
}
