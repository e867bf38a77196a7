package suites

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

func (s *Session) newReport(checks []reports.Check) *reports.Report {
	return &reports.Report{
		Tool:    reports.Tool{Name: "hubhook", Version: s.options.Version},
		Target:  reports.Target{URL: s.run.Mask.Text(redact.Password(s.target.URL))},
		Seed:    s.options.Seed,
		Strict:  s.options.Strict,
		Started: s.run.Started.UTC().Truncate(time.Millisecond),
		Verdict: reports.Passed,
		Checks:  checks,
	}
}

// finish sums up a report. The error says why nothing was judged, or not all.
func (s *Session) finish(report *reports.Report) error {
	tally := s.run.Tally()
	report.Sent = tally.Sent
	report.DurationMs = time.Since(s.run.Started).Milliseconds()
	report.Count()
	if report.Summary.Error > 0 {
		report.Verdict = reports.Inconclusive
	}
	sent := 0
	for _, c := range report.Checks {
		sent += c.Sent
		if c.FailsRun(s.options.Strict) {
			report.Verdict = reports.Failed
		}
	}
	switch {
	case tally.Accepted > 0:
		return s.reportOutages(report)
	case sent == 0:
		first := report.Checks[0]
		report.Problem = fmt.Sprintf("nothing was sent, so nothing was judged: %s: %s", first.ID, first.Reason)
	default:
		report.Problem = fmt.Sprintf("no delivery was accepted at all, so nothing was judged: is this the handler's URL, and the secret the one that it knows? The last answer: %s", tally.Last)
	}
	report.Verdict = reports.Failed
	return errors.New(report.Problem)
}

// reportOutages fails a run in which the handler went down, after whichever check. The
// error says that not everything was tried.
func (s *Session) reportOutages(report *reports.Report) error {
	notTried := 0
	for _, c := range report.Checks {
		if c.Cause == reports.CauseNotTried {
			notTried++
		}
	}
	outages, abortReason := s.run.Outages(), s.run.StopReason()
	switch {
	case abortReason != "" && notTried > 0:
		report.Verdict, report.NotTried = reports.Failed, notTried
		report.Problem = cmp.Or(outages, abortReason) + "; what could not be tried any more: " + english.Plural(notTried,
			"check", "")
		return errors.New(report.Problem)
	case outages != "":
		report.Verdict, report.Problem = reports.Failed, outages
	}
	return nil
}
