package suites

import (
	"errors"
	"fmt"
	"time"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

func (r *run) newReport(checks []reports.Check) *reports.Report {
	return &reports.Report{
		Tool:    reports.Tool{Name: "hubhook", Version: r.options.Version},
		Target:  reports.Target{URL: r.mask.Text(redact.Password(r.target.URL))},
		Seed:    r.options.Seed,
		Strict:  r.options.Strict,
		Started: r.started.UTC().Truncate(time.Millisecond),
		Verdict: reports.Passed,
		Checks:  checks,
	}
}

// finish sums up, and says why nothing was judged where that is so.
func (r *run) finish(report *reports.Report) error {
	report.Sent = r.sent
	report.DurationMs = time.Since(r.started).Milliseconds()
	report.Count()
	if report.Summary.Error > 0 {
		report.Verdict = reports.Inconclusive
	}
	sent := 0
	for _, check := range report.Checks {
		sent += check.Sent
		if check.FailsRun(r.options.Strict) {
			report.Verdict = reports.Failed
		}
	}
	if r.accepted > 0 {
		return r.finishWith(report)
	}
	report.Verdict = reports.Failed
	report.Problem = fmt.Sprintf("no delivery was accepted at all, so nothing was judged: is this the handler's URL, and the secret the one that it knows? The last answer: %s", r.lastResponse)
	if sent == 0 {
		report.Problem = fmt.Sprintf("nothing was sent, so nothing was judged: %s: %s", report.Checks[0].ID, report.Checks[0].Reason)
	}
	return errors.New(report.Problem)
}

// finishWith says what there is to say of a run as a whole: a handler that goes down
// fails, whatever the check after which it did.
func (r *run) finishWith(report *reports.Report) error {
	n := untried(report.Checks)
	if problem := r.abortReason(n); problem != "" {
		report.Verdict, report.Problem, report.NotTried = reports.Failed, problem, n
		return errors.New(problem)
	}
	if down := r.down(); down != "" {
		report.Verdict, report.Problem = reports.Failed, down
	}
	return nil
}

// probeAcceptance makes a plain delivery where none was accepted: a few checks alone can have
// sent nothing that this handler accepts, though it is there and knows the secret.
func (r *run) probeAcceptance() {
	if r.accepted > 0 || r.stopReason() != "" {
		return
	}
	h := r.handler(Check{ID: "SEC-01", Area: Secret})
	// What goes wrong with it is told by the answer.
	_, _ = r.try(func() { h.Deliver() })
}
