package reports_test

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/ci"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
)

var update = flag.Bool("update", false, "write the golden files again")

// sample is a report with every verdict in it, and an answer that would take
// over a terminal and break XML.
func sample() *reports.Report {
	exchange := reports.Exchange{
		What: "repo.update, without a secret",
		Request: reports.Request{
			Method: "POST", URL: "http://127.0.0.1:8000/webhook",
			Headers: []reports.Header{{Name: "Content-Type", Value: "application/json"}},
			Body:    reports.Body{Text: `{"event":{}}`, Bytes: 12},
		},
		Response:   &reports.Response{Status: 200, Body: reports.Body{Text: "<b>\x1b[2J&", Bytes: 9}},
		DurationMs: 1.25,
		Curl:       "curl -sS -i -X POST 'http://127.0.0.1:8000/webhook' \\\n  -H 'Content-Type: application/json' \\\n  --data-binary '{\"event\":{}}'",
	}
	check := func(id, area, level string, status reports.Status, reason string) reports.Check {
		return reports.Check{
			ID: id, Area: area, Level: level, Title: "does what " + id + " asks for, which takes more words than one line of a terminal holds",
			Why: "things <go> wrong & worse otherwise", Spec: "https://example.org/spec#" + id,
			Status: status, Reason: reason, DurationMs: 12, Rerun: "hubhook check http://127.0.0.1:8000/webhook --only " + id,
		}
	}
	failed := check("SEC-03", "secret", "MUST", reports.Failed, "sent:      repo.update, without a secret\nexpected:  a 4xx answer\ncame back: 200 OK: <b>\x1b[2J&")
	failed.Observations = []reports.Observation{{"sent", "repo.update, without a secret"}, {"expected", "a 4xx answer"}, {"came back", "200 OK: <b>\x1b[2J&"}}
	exchange.Decisive, exchange.Repeated = true, true
	after := exchange
	after.Decisive, after.Curl = false, "curl of what was sent at last, which the failure is not about"
	failed.Exchanges, failed.Sent = []reports.Exchange{exchange, after}, 2
	failed.Fix, failed.Example = "refuse whoever sends none, before anything else", "secret"
	akin := check("SEC-19", "secret", "MUST", reports.Failed, "sent:      repo.update, with it elsewhere\ncame back: 200 OK\nhint:      the status tells")
	akin.Observations = []reports.Observation{{"sent", "repo.update, with it elsewhere"}, {"came back", "200 OK"}, {"hint", "the status tells"}}
	akin.FixFirst, akin.Fix, akin.Exchanges = []string{"SEC-03"}, "look nowhere else", failed.Exchanges
	noted := check("SEC-01", "secret", "MUST", reports.Passed, "")
	noted.Warning = "no difference seen, which proves none"
	known := check("RTY-01", "retry", "MUST", reports.Failed, "sent:      repo.update\ncame back: 500")
	known.Known, known.Observations = true, []reports.Observation{{"sent", "repo.update"}, {"came back", "500"}}
	outdated := check("RTY-02", "retry", "MUST", reports.Passed, "")
	outdated.Known = true
	counted := check("RTY-09", "retry", "SHOULD", reports.Failed, "observed: +2")
	counted.Observations = []reports.Observation{{"observed", "+2"}}
	broken := check("TRN-01", "transport", "MUST", reports.Error, "a fault of hubhook\ngoroutine 1 [running]:")
	broken.Trace = "goroutine 1 [running]:"
	r := &reports.Report{
		Tool:    reports.Tool{Name: "hubhook", Version: "v1.2.3"},
		Target:  reports.Target{URL: "http://127.0.0.1:8000/webhook"},
		Seed:    7,
		Started: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), DurationMs: 1234, Verdict: reports.Failed,
		Checks: []reports.Check{
			noted,
			failed,
			check("SEC-12", "secret", "MUST", reports.Inconclusive, "no answer shows it: --observe URL would"),
			akin,
			check("SEC-16", "secret", "MUST", reports.Skipped, "the secret stands in a header"),
			known, outdated,
			counted,
			check("RTY-10", "retry", "SHOULD", reports.Inconclusive, "no answer shows it: --observe URL would"),
			broken,
		},
	}
	r.Examples = map[string][]reports.Example{"secret": {
		{Language: "Go", File: "fixtures/go/handler.go", Whole: "hubhook handler --source go", Parts: []reports.Part{
			{Topic: "header", Code: "func header() {\n\treturn `X`\n}\n"}, {Topic: "secret", Code: "func secret() {}\n"},
		}},
		{Language: "Express", File: "fixtures/express/handler.js", Whole: "hubhook handler --source express", Parts: []reports.Part{
			{Topic: "secret", Code: "const secret = () => {}\n"},
		}},
	}}
	r.Count()
	return r
}

func TestRenderingsAreAsTheyWere(t *testing.T) {
	for name, write := range map[string]func(io.Writer, *reports.Report) error{
		"json":       reports.WriteJSON,
		"xml":        ci.WriteJUnit,
		"md":         markdown.WriteReport,
		"sarif":      ci.WriteSARIF,
		"badge.json": ci.WriteBadge,
		"txt": func(w io.Writer, r *reports.Report) error {
			return terminal.WriteReport(w, r, terminal.Options{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			for run, r := range runs() {
				isAsItWas(t, run+"."+name, written(t, write, r))
			}
		})
	}
}

// isAsItWas compares a text with the one that is kept.
func isAsItWas(t *testing.T, name, text string) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s: -want +got:\n%s", name, diff)
	}
}

func written[R any](t testing.TB, write func(io.Writer, R) error, r R) string {
	t.Helper()
	var out strings.Builder
	if err := write(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// nothingJudged is a report of a handler that accepted nothing.
func nothingJudged() *reports.Report {
	r := sample()
	r.Problem = "no delivery was accepted at all"
	for i := range r.Checks {
		if r.Checks[i].Status == reports.Passed {
			r.Checks[i].Status = reports.Inconclusive
		}
	}
	return r
}

// A handler that accepts nothing gets the reason and one failure.
func TestHandlerThatAcceptsNothingIsToldSoOnce(t *testing.T) {
	r := nothingJudged()
	var out bytes.Buffer
	if err := terminal.WriteReport(&out, r, terminal.Options{}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "hubhook explain"); n != 1 || !strings.Contains(out.String(), "verdict: failed: no delivery was accepted at all") {
		t.Errorf("%d failures are told:\n%s", n, out.String())
	}
}

func TestWhatPassedIsListedWhereAskedFor(t *testing.T) {
	for all, want := range map[bool]bool{false: false, true: true} {
		var out bytes.Buffer
		if err := terminal.WriteReport(&out, sample(), terminal.Options{All: all}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "✓ SEC-01   MUST"); got != want {
			t.Errorf("all: %t, and SEC-01 is listed: %t", all, got)
		}
	}
}

// A failure that does not count is reported as such.
func TestAdviceThatFailedDoesNotContradictTheVerdict(t *testing.T) {
	r := &reports.Report{Verdict: reports.Passed, Checks: []reports.Check{{ID: "RTY-09", Level: "SHOULD", Status: reports.Failed}}}
	var out bytes.Buffer
	if err := terminal.WriteReport(&out, r, terminal.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"1 SHOULD failed: RTY-09", "verdict: passed: no MUST failed; what failed counts with --strict only"} {
		if !strings.Contains(out.String(), words) {
			t.Errorf("%q is not said:\n%s", words, out.String())
		}
	}
}

func TestTerminalIsColoredOnlyWhereItCanBe(t *testing.T) {
	for profile, colored := range map[colorprofile.Profile]bool{
		colorprofile.Unknown: false, colorprofile.NoTTY: false, colorprofile.ANSI: true, colorprofile.TrueColor: true,
	} {
		var out bytes.Buffer
		if err := terminal.WriteReport(&out, sample(), terminal.Options{Profile: profile}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != colored {
			t.Errorf("%v: colored is %t", profile, got)
		}
		if strings.Contains(out.String(), "\x1b[2J") {
			t.Errorf("%v: a handler's answer takes over the terminal", profile)
		}
	}
}

func TestTerminalNeverBreaksACommand(t *testing.T) {
	r := sample()
	r.Checks[1].Exchanges[0].Curl = "curl " + strings.Repeat("word ", 100)
	var out bytes.Buffer
	if err := terminal.WriteReport(&out, r, terminal.Options{Width: 60}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), r.Checks[1].Exchanges[0].Curl) {
		t.Error("the command was wrapped")
	}
}

func TestJUnitFailsOnlyWhatFailsTheRun(t *testing.T) {
	var out bytes.Buffer
	if err := ci.WriteJUnit(&out, sample()); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Tests    int `xml:"tests,attr"`
		Suites   []struct {
			Skipped int `xml:"skipped,attr"`
			Cases   []struct {
				Name    string    `xml:"name,attr"`
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	skipped := 0
	for _, suite := range doc.Suites {
		skipped += suite.Skipped
	}
	if doc.Tests != 10 || doc.Failures != 3 || doc.Errors != 1 || skipped != 5 {
		t.Errorf("tests, failures, errors, skipped are %d, %d, %d, %d", doc.Tests, doc.Failures, doc.Errors, skipped)
	}
	for _, suite := range doc.Suites {
		for _, c := range suite.Cases {
			if failed := c.Failure != nil; failed != slices.Contains([]string{"SEC-03", "SEC-19", "RTY-02"}, c.Name[:6]) {
				t.Errorf("%s: failure is %t", c.Name, failed)
			}
		}
	}
}

func TestWhatFailsARun(t *testing.T) {
	for _, c := range []struct {
		level                string
		status               reports.Status
		known, fails, strict bool
	}{
		{"MUST", reports.Failed, false, true, true},
		{"SHOULD", reports.Failed, false, false, true},
		{"MAY", reports.Failed, false, false, false},
		{"MUST", reports.Failed, true, false, false},
		{"SHOULD", reports.Failed, true, false, false},
		{"MAY", reports.Passed, true, true, true},
		{"MUST", reports.Passed, false, false, false},
		{"MUST", reports.Error, false, false, false},
		{"MUST", reports.Inconclusive, true, false, false},
	} {
		check := reports.Check{Level: c.level, Status: c.status, Known: c.known}
		if usual, strict := check.FailsRun(false), check.FailsRun(true); usual != c.fails || strict != c.strict {
			t.Errorf("%s %s, known %t: fails %t, strictly %t", c.level, c.status, c.known, usual, strict)
		}
	}
}

func TestStrictRunSaysSo(t *testing.T) {
	r := sample()
	r.Strict = true
	var text, junit bytes.Buffer
	if err := terminal.WriteReport(&text, r, terminal.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := ci.WriteJUnit(&junit, r); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(text.String(), "\nverdict: failed (strict)\n") {
		t.Errorf("the end: %s", text.String()[text.Len()-60:])
	}
	if !strings.Contains(junit.String(), `failures="4"`) {
		t.Error("the SHOULD that failed is no failure")
	}
}
