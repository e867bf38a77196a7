// Package reports holds the documents in which hubhook says what it found. Each is a plain
// struct, which whoever runs the checks or sends the load fills in:
//
//	Report        a run of checks
//	Load          a load run; LoadProgress while it runs
//	Comparison    reports side by side, made by Compare
//	Matrix        which mutant fails which checks
//	Explanation   all about one check
//
// WriteJSON, WriteLoadJSON and WriteComparisonJSON write them for machines, ReadJSON reads a
// Report back. Packages terminal, html, markdown and ci render them for people and for CI:
//
//	err := errors.Join(reports.WriteJSON(file, report), terminal.WriteReport(os.Stdout, report, terminal.Options{}))
//
// Nothing here speaks HTTP, judges a handler or knows a secret: what arrives is already
// redacted.
package reports

import (
	"fmt"
	"strings"
	"time"
)

// Status is the verdict on one check.
type Status string

// The verdicts on a check.
const (
	Passed       Status = "passed"       // the requirement was seen to hold
	Failed       Status = "failed"       // the requirement was seen not to hold
	Inconclusive Status = "inconclusive" // neither was seen; Reason says what would decide it
	Skipped      Status = "skipped"      // not tried: it does not apply to this target
	Error        Status = "error"        // a fault of hubhook, not of the handler
)

// ReportSchema is the version of a Report as JSON. It changes when a property changes its
// name or meaning.
const ReportSchema = "hubhook.check.v1"

// Report is one run of checks against one handler.
type Report struct {
	// Schema is ReportSchema; empty in files from before reports had it, which are the same.
	Schema string `json:"schema"`
	Tool   Tool   `json:"tool"`   // what wrote it
	Target Target `json:"target"` // what was judged
	Seed   uint64 `json:"seed"`   // the same seed sends the same payloads
	// Strict fails the run for a failed SHOULD as for a MUST.
	Strict     bool      `json:"strict,omitempty"`
	Started    time.Time `json:"started"`    // by the clock of this machine
	DurationMs int64     `json:"durationMs"` // of the whole run
	// Sent counts requests. Checks that share some each count them.
	Sent int `json:"sent"`
	// Verdict is Failed if a check fails the run or there was nothing to judge, otherwise
	// Inconclusive if the run was interrupted or a check has status Error.
	Verdict Status `json:"verdict"`
	// Problem says why not everything was judged, or that the handler went down.
	Problem string `json:"problem,omitempty"`
	// NotTried counts the checks after the handler stopped answering.
	NotTried int     `json:"untried,omitempty"`
	Summary  Summary `json:"summary"` // Count sets it
	Checks   []Check `json:"checks"`  // by area and ID
	// Examples are code of right handlers for the checks that failed, by Check.Example.
	Examples map[string][]Example `json:"mends,omitempty"`
}

// Tool is what wrote the report.
type Tool struct {
	Name    string `json:"name"`    // "hubhook"
	Version string `json:"version"` // "v1.2.3", or "(devel)"
}

// Target is the handler that was judged.
type Target struct {
	URL string `json:"url"` // without a password
}

// Summary counts checks by verdict.
type Summary struct {
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	Inconclusive int `json:"inconclusive"`
	Skipped      int `json:"skipped"`
	Error        int `json:"error"`
}

// Check is one requirement and the verdict on it.
type Check struct {
	ID      string `json:"id"`             // stable, never reused: "SEC-02", "PAY-01a"
	Area    string `json:"area"`           // secret, scope, retry, ratelimit, payload or transport
	Level   string `json:"level"`          // MUST, SHOULD or MAY
	Title   string `json:"title"`          // what a right handler does
	Why     string `json:"why"`            // what goes wrong otherwise
	Spec    string `json:"spec"`           // URL of the requirement
	Fix     string `json:"fix"`            // how to fix it
	Example string `json:"mend,omitempty"` // key of Report.Examples

	Status Status `json:"status"`
	// Known marks a check on the list of known failures: see FailsRun.
	Known  bool   `json:"known,omitempty"`
	Reason string `json:"reason,omitempty"` // what was seen, in lines; empty if passed
	// Cause types Reason for decisions in the run that judged the check.
	Cause Cause `json:"-"`
	// Observations are the lines of Reason, if it is made of any; see FormatReason.
	Observations []Observation `json:"observations,omitempty"`
	// Trace is where a fault of hubhook happened, the last lines of Reason.
	Trace      string `json:"trace,omitempty"`
	Warning    string `json:"note,omitempty"` // if passed: what that does not prove
	DurationMs int64  `json:"durationMs"`     // of this check
	// FixFirst lists failed checks with probably the same cause, to fix first.
	FixFirst []string `json:"first,omitempty"`
	// Rerun is a command line that runs only this check.
	Rerun string `json:"rerun,omitempty"`
	// Saved lists the files with the requests of a failed check, one for each exchange.
	Saved []string `json:"saved,omitempty"`
	// Replay is a command line that sends the last of them again.
	Replay string `json:"replay,omitempty"`
	// Exchanges led to the verdict, in the order sent. Of many alike only some are kept;
	// Sent counts all.
	Exchanges []Exchange `json:"exchanges"`
	Sent      int        `json:"sent"` // requests in all
}

// Observation is a line of a Reason, such as what was sent, or what came back.
type Observation struct {
	Label string `json:"label,omitempty"` // "came back"; empty if Text is the whole line
	Text  string `json:"text"`
}

// HintLabel is the Label of an Observation that suggests a fix instead of saying what was
// seen.
const HintLabel = "hint"

// FormatReason returns the Reason that observations make, their texts in a column.
func FormatReason(list []Observation) string {
	width := 0
	for _, o := range list {
		width = max(width, len(o.Label)+len(": "))
	}
	lines := make([]string, len(list))
	for i, o := range list {
		lines[i] = o.Text
		if o.Label != "" {
			lines[i] = fmt.Sprintf("%-*s%s", width, o.Label+":", o.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// Cause is the kind of a check's Reason, if a decision depends on it.
type Cause int

// The causes that decisions depend on; the zero value is any other.
const (
	CauseNotTried  Cause = iota + 1 // the run ended before the check began
	CauseRejected                   // the handler did not accept a valid delivery that it must accept
	CauseThrottled                  // the handler limits the rate of deliveries
)

// FailsRun reports whether a check fails the run: a MUST that failed, or a SHOULD if strict.
// Known failures do not; one that passed does, since their list is out of date.
func (c Check) FailsRun(strict bool) bool {
	switch c.Status {
	case Failed:
		return !c.Known && (c.Level == "MUST" || strict && c.Level == "SHOULD")
	case Passed:
		return c.Known
	}
	return false
}

// Exchange is one request and what came back.
type Exchange struct {
	// What describes the request: "repo.update with a wrong secret".
	What string `json:"what"`
	// Decisive marks the exchange that the verdict is about.
	Decisive bool `json:"telling,omitempty"`
	// Repeated marks a delivery sent before: to reproduce, send it twice.
	Repeated bool      `json:"again,omitempty"`
	Request  Request   `json:"request"`  // with the secret redacted
	Response *Response `json:"response"` // nil if none came
	// Error says why there is no complete response.
	Error string `json:"error,omitempty"`
	// StartedMs is in milliseconds after Report.Started. Checks that share an exchange have
	// it from the first of them.
	StartedMs  float64 `json:"startedMs"`
	DurationMs float64 `json:"durationMs"` // from then to the end of the response
	// Curl reproduces the request in a POSIX shell, with the secret in $HUBHOOK_SECRET.
	Curl string `json:"curl"`
}

// Request is what was sent.
type Request struct {
	Method  string   `json:"method"`  // POST, unless the check is about it
	URL     string   `json:"url"`     // redacted, without a password
	Headers []Header `json:"headers"` // by name
	Body    Body     `json:"body"`    // the payload, or what was sent instead
}

// Response is what came back.
type Response struct {
	Status  int      `json:"status"`  // 202
	Headers []Header `json:"headers"` // by name
	Body    Body     `json:"body"`    // as far as it was read
}

// Header is one header field. A list of them keeps order and repetition.
type Header struct {
	Name  string `json:"name"`  // as it was spelled
	Value string `json:"value"` // *** if it is confidential
}

// Body is a body, or its beginning.
type Body struct {
	Text      string `json:"text"`                // UTF-8, or base64 if Base64
	Base64    bool   `json:"base64,omitempty"`    // the bytes are no UTF-8
	Bytes     int64  `json:"bytes"`               // size of the whole, as far as it was read
	Truncated bool   `json:"truncated,omitempty"` // Text is only its beginning
}

// Count sets Summary from Checks.
func (r *Report) Count() {
	counts := StatusCounts(r.Checks)
	r.Summary = Summary{counts[Passed], counts[Failed], counts[Inconclusive], counts[Skipped], counts[Error]}
}
