//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/reports"
)

// stuckHandler starts a handler that accepts deliveries, and then keeps one waiting until its
// sender goes away. It signals when that one is there.
func stuckHandler(t *testing.T, after int64) (address string, stuck <-chan struct{}) {
	t.Helper()
	there := make(chan struct{}, 1)
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if count.Add(1) <= after {
			return
		}
		there <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	return server.URL, there
}

// interrupted is a process that is to be interrupted.
type interrupted struct {
	*exec.Cmd
	out, err bytes.Buffer
	dir      string
}

func startChecks(t *testing.T, args ...string) *interrupted {
	t.Helper()
	return startVerb(t, "check", args...)
}

func startVerb(t *testing.T, verb string, args ...string) *interrupted {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	p := &interrupted{Cmd: exec.CommandContext(ctx, "hubhook", append([]string{verb, "--quiet"}, args...)...), dir: t.TempDir()}
	p.Dir = p.dir
	p.Env = append(withoutSecret(os.Environ()), flags.SecretVariable+"="+scriptSecret)
	p.Stdout, p.Stderr = &p.out, &p.err
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// An interrupt ends a load at once, and all that was measured by then is reported in every
// format.
func TestInterruptEndsALoad(t *testing.T) {
	for _, c := range []struct {
		failIf string
		code   int
	}{{"errors>0%", cli.ExitUsage}, {"errors>=0%", cli.ExitFailed}} {
		address, stuck := stuckHandler(t, 20)
		p := startVerb(t, "load", address, "--rate", "1000/s", "--duration", "1h", "--connections", "1", "--fail-if", c.failIf, "--json", "load.json", "--html", "load.html")
		<-stuck
		p.Process.Signal(os.Interrupt)
		p.Wait()
		if code := p.ProcessState.ExitCode(); code != c.code || p.err.String() != "hubhook: interrupted: what is told is what was known by then\n" {
			t.Errorf("exit code %d, %q", code, &p.err)
		}
		var report reports.Load
		text, err := os.ReadFile(filepath.Join(p.dir, "load.json"))
		if err == nil {
			err = json.Unmarshal(text, &report)
		}
		if err != nil {
			t.Fatal(err)
		}
		if counts := report.Counts; !report.Interrupted || counts.Accepted != 20 || counts.Failed != 0 || counts.Aborted == 0 || counts.Attempts != 20+counts.Aborted {
			t.Errorf("interrupted: %v, counted %+v", report.Interrupted, counts)
		}
		page, err := os.ReadFile(filepath.Join(p.dir, "load.html"))
		if err != nil || !bytes.HasSuffix(bytes.TrimSpace(page), []byte("</html>")) {
			t.Errorf("the page is not whole: %v", err)
		}
	}
}

// An interrupt ends the run, and what is known by then is reported in every format.
func TestInterruptEndsTheRun(t *testing.T) {
	for _, c := range []struct {
		name, only   string
		after        int64 // deliveries that are answered
		code         int
		line         string
		verdict      reports.Status
		first, other reports.Status
	}{
		// SEC-02 takes two deliveries.
		{"a MUST had failed", "SEC-02,SEC-03,SEC-04", 2, cli.ExitFailed, "hubhook: interrupted after 1 of 3 checks\n", reports.Failed, reports.Failed, reports.Inconclusive},
		{"nothing had failed", "TRN-01,TRN-02,TRN-03", 1, cli.ExitUsage, "hubhook: interrupted after 1 of 3 checks\n", reports.Inconclusive, reports.Passed, reports.Inconclusive},
		{"nothing was known", "SEC-01,SEC-02", 0, cli.ExitUsage, "hubhook: interrupted after 0 of 2 checks\n", reports.Inconclusive, reports.Inconclusive, reports.Inconclusive},
	} {
		t.Run(c.name, func(t *testing.T) {
			address, stuck := stuckHandler(t, c.after)
			p := startChecks(t, address, "--only", c.only, "--json", "report.json", "--junit", "report.xml", "--markdown", "report.md")
			<-stuck
			p.Process.Signal(os.Interrupt)
			p.Wait()
			if code := p.ProcessState.ExitCode(); code != c.code || p.err.String() != c.line {
				t.Errorf("exit code %d, %q", code, &p.err)
			}
			if !strings.Contains(p.out.String(), "verdict: "+string(c.verdict)) || !strings.Contains(p.out.String(), "the run was interrupted") {
				t.Errorf("it wrote:\n%s", &p.out)
			}
			if text, err := os.ReadFile(filepath.Join(p.dir, "report.md")); err != nil || !bytes.Contains(text, []byte("hubhook check: "+c.verdict+"\n")) || !bytes.Contains(text, []byte("the run was interrupted")) {
				t.Errorf("%v, and the summary says:\n%s", err, text)
			}
			report := readReport(t, filepath.Join(p.dir, "report.json"))
			for i, check := range report.Checks {
				want := c.other
				if i == 0 {
					want = c.first
				}
				if check.Status != want {
					t.Errorf("%s is %s: %s", check.ID, check.Status, check.Reason)
				}
			}
			last := report.Checks[len(report.Checks)-1]
			if report.Verdict != c.verdict || last.Reason != "not tried: the run was interrupted" {
				t.Errorf("verdict %s; the last check: %s", report.Verdict, last.Reason)
			}
			if text, err := os.ReadFile(filepath.Join(p.dir, "report.xml")); err != nil || !strings.Contains(string(text), "</testsuites>") {
				t.Errorf("the JUnit report: %v, %s", err, text)
			}
		})
	}
}

// If the run has not begun, there is nothing to report, and no file is left.
func TestInterruptBeforeTheFirstCheck(t *testing.T) {
	handler, _ := stuckHandler(t, 1)
	observer, stuck := stuckHandler(t, 0)
	p := startChecks(t, handler, "--observe", observer, "--json", "report.json")
	<-stuck
	p.Process.Signal(os.Interrupt)
	p.Wait()
	if code := p.ProcessState.ExitCode(); code != cli.ExitUsage || p.err.String() != "hubhook: interrupted before the first check\n" || p.out.Len() > 0 {
		t.Errorf("exit code %d, %q, %s", code, &p.err, &p.out)
	}
	if left, err := os.ReadDir(p.dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v behind (%v)", left, err)
	}
}

func readReport(t *testing.T, file string) (report reports.Report) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err == nil {
		err = validReport(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A second interrupt kills a process that ignores the first: here, one that writes a report
// which nobody reads.
func TestSecondInterruptEndsAtOnce(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // both, so that it opens though nobody writes yet
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	address, stuck := stuckHandler(t, 1)
	// PAY-11 sends 64 KiB, more than a pipe holds.
	p := startChecks(t, address, "--only", "PAY-11,TRN-01", "--json", pipe)
	<-stuck
	ended := make(chan struct{})
	go func() {
		p.Wait()
		close(ended)
	}()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for p.Process.Signal(os.Interrupt); ; p.Process.Signal(os.Interrupt) {
		select {
		case <-ended:
		case <-again.C: // the first may not have come yet
			continue
		}
		break
	}
	if status := p.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended by itself, with %v: %s", p.ProcessState, &p.err)
	}
}

// An interrupt ends a replay, and the error says how far it came.
func TestInterruptEndsAReplay(t *testing.T) {
	address, stuck := stuckHandler(t, 1)
	file := filepath.Join(t.TempDir(), "attempt.json")
	text := `{"format": "hubhook-attempt/1", "check": "SEC-03", "url": [{"text": "` + address + `"}], "body": [{"text": "{}"}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := exec.CommandContext(ctx, "hubhook", "replay", file, file, file)
	var stderr bytes.Buffer
	p.Stderr = &stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	<-stuck
	p.Process.Signal(os.Interrupt)
	p.Wait()
	if code := p.ProcessState.ExitCode(); code != cli.ExitUsage || stderr.String() != "hubhook: interrupted after 1 of 3 attempts\n" {
		t.Errorf("exit code %d, %q", code, &stderr)
	}
}
