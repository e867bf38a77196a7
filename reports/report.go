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

import "time"

// Status is the verdict on one check.
type Status string

// The verdicts on a check.
const (
	Passed       Status = "passed"       // the requirement was seen to hold
	Failed       Status = "failed"       // the requirement was seen not to hold
	Inconclusive Status = "inconclusive" // neither was seen; Reason says what would settle it
	Skipped      Status = "skipped"      // not tried, because it does not apply to this target
	Error        Status = "error"        // a fault of this tool; it says nothing about the handler
)

// ReportSchema names the form of a Report as JSON. It changes when what is there already
// changes its name or meaning.
const ReportSchema = "hubhook.check.v1"

// Report is one run of checks against one handler.
type Report struct {
	// Schema is ReportSchema wherever it was written; empty where it was written before
	// reports named their form, which is the same.
	Schema string `json:"schema"`
	Tool   Tool   `json:"tool"`   // what wrote it
	Target Target `json:"target"` // what was judged
	Seed   uint64 `json:"seed"`   // of the payloads: the same one sends the same
	// Strict says that a SHOULD which failed fails the run, as a MUST does.
	Strict     bool      `json:"strict,omitempty"`
	Started    time.Time `json:"started"`    // by the clock of this machine
	DurationMs int64     `json:"durationMs"` // of the whole run
	// Sent counts the requests that were made. Checks that look at the same ones each
	// count them.
	Sent int `json:"sent"`
	// Verdict is Failed where a check fails the run or there was nothing to judge,
	// Inconclusive where none did but the run was interrupted, or a check went wrong
	// by a fault of this tool; otherwise Passed.
	Verdict Status `json:"verdict"`
	// Problem says why nothing could be judged, or not all, or that the handler went down
	// on the way; empty where none of it is so.
	Problem string `json:"problem,omitempty"`
	// NotTried is how many checks were not tried any more, for the handler did not answer.
	NotTried int     `json:"untried,omitempty"`
	Summary  Summary `json:"summary"` // Count sets it
	Checks   []Check `json:"checks"`  // by area and ID
	// Examples are pieces of code that show how it is done right, by the names that
	// Check.Mend has, for those checks that failed; nil where nobody put them in.
	Examples map[string][]Example `json:"mends,omitempty"`
}

// Tool says what wrote the report.
type Tool struct {
	Name    string `json:"name"`    // "hubhook"
	Version string `json:"version"` // "v1.2.3", or "(devel)"
}

// Target says what was judged.
type Target struct {
	URL string `json:"url"` // without a password
}

// Summary counts checks by verdict.
type Summary struct {
	// How many have which; together, all that were selected.
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
	Title   string `json:"title"`          // what a right handler does: "refuses a delivery whose secret is wrong"
	Why     string `json:"why"`            // what goes wrong for those whose handler does not
	Spec    string `json:"spec"`           // URL of the text that asks for it
	Fix     string `json:"fix"`            // what to do about it
	Example string `json:"mend,omitempty"` // names code that shows how: see Report.Mends

	Status Status `json:"status"` // the verdict
	// Known says that the check is known to fail: see FailsRun.
	Known  bool   `json:"known,omitempty"`
	Reason string `json:"reason,omitempty"` // what was seen, line by line; empty where passed
	// Cause types Reason for those who decide by it, in the run that judged the check.
	Cause Cause `json:"-"`
	// Hints are those lines of Reason that suggest a fix instead of saying what was seen.
	// JSON has them in Reason only, where ReadJSON finds them.
	Hints      []string `json:"-"`
	Warning    string   `json:"note,omitempty"` // on what passed: what was not proven by that
	DurationMs int64    `json:"durationMs"`     // of this check
	// FixFirst are checks that failed too, and by the same cause most often: mend them
	// first.
	FixFirst []string `json:"first,omitempty"`
	// Rerun is a command line that runs this check alone.
	Rerun string `json:"rerun,omitempty"`
	// Saved are the files in which the requests of a check that failed were kept, one
	// for each of Exchanges; nil where none was.
	Saved []string `json:"saved,omitempty"`
	// Replay is a command line that makes the last of them again.
	Replay string `json:"replay,omitempty"`
	// Exchanges are the requests that led to the verdict, in the order in which
	// they were sent. Of many alike only some are kept; Sent counts all.
	Exchanges []Exchange `json:"exchanges"`
	Sent      int        `json:"sent"` // requests in all
}

// Cause is the kind of a check's Reason.
type Cause int

// The causes that decisions depend on.
const (
	OtherCause    Cause = iota
	CauseNotTried       // the run ended before the check began
	CauseRejected       // the handler did not accept a valid delivery that it must accept
)

// FailsRun tells whether a check fails the run: one that binds and failed, or one
// that passed though it is known to fail, for then the list of these is out of
// date. A MUST binds; a SHOULD does where strict.
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
	// What says in words what was special about the request:
	// "repo.update with a wrong secret".
	What string `json:"what"`
	// Decisive says that the verdict is about this exchange.
	Decisive bool `json:"telling,omitempty"`
	// Repeated says that the delivery was sent before: to see the same, send it twice.
	Repeated bool      `json:"again,omitempty"`
	Request  Request   `json:"request"`  // with the secret masked
	Response *Response `json:"response"` // nil where no answer came
	// Error says why there is no complete answer; empty where there is one.
	Error string `json:"error,omitempty"`
	// StartedMs is when it began, in milliseconds after Report.Started. Checks that look
	// at the same exchange have it from the first of them.
	StartedMs  float64 `json:"startedMs"`
	DurationMs float64 `json:"durationMs"` // from then to the end of the answer
	// Curl reproduces the request in a POSIX shell. The secret stands as
	// $HUBHOOK_SECRET.
	Curl string `json:"curl"`
}

// Request is what was sent.
type Request struct {
	Method  string   `json:"method"`  // POST, but for what is special about it
	URL     string   `json:"url"`     // without a password, and with the secret masked
	Headers []Header `json:"headers"` // by name
	Body    Body     `json:"body"`    // the payload, or what stood in its place
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
	Value string `json:"value"` // *** where it is confidential
}

// Body is a body, or its beginning.
type Body struct {
	Text      string `json:"text"`                // UTF-8, or base64 where Base64 says so
	Base64    bool   `json:"base64,omitempty"`    // Text is base64: the bytes are no UTF-8
	Bytes     int64  `json:"bytes"`               // size of the whole, as far as it was read
	Truncated bool   `json:"truncated,omitempty"` // Text is its beginning alone
}

// Count sets Summary from Checks.
func (r *Report) Count() {
	r.Summary = Summary{}
	for _, check := range r.Checks {
		switch check.Status {
		case Passed:
			r.Summary.Passed++
		case Failed:
			r.Summary.Failed++
		case Inconclusive:
			r.Summary.Inconclusive++
		case Skipped:
			r.Summary.Skipped++
		case Error:
			r.Summary.Error++
		}
	}
}
