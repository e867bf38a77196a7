package suites

import (
	"context"
	"fmt"
	"slices"

	"github.com/hubhook/hubhook/reports"
)

// Judge runs the selected checks against a handler, one after another.
//
// The error tells a user why there is nothing to judge. It comes with a report
// where deliveries were made and none was accepted, and, as *Interrupted, where ctx
// ended before the last check did; otherwise there is none.
func Judge(ctx context.Context, target Target, options Options) (*reports.Report, error) {
	options = options.withDefaults()
	checks, err := options.Selection.Select(options.Checks)
	if err != nil {
		return nil, err
	}
	s, err := Open(ctx, target, options)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	s.Begin(checks)
	verdicts := make([]reports.Check, len(checks))
	tried := 0
	for done, i := range inOrder(checks) {
		if options.Started != nil {
			options.Started(checks[i], done, len(checks))
		}
		verdicts[i] = s.Judge(checks[i])
		if ctx.Err() == nil {
			tried++
		}
		if options.Ended != nil {
			options.Ended(verdicts[i])
		}
	}
	linkCauses(verdicts)
	linkSameResponse(verdicts)
	linkRootCauses(verdicts)
	s.run.finalProbe()
	s.run.probeAcceptance()
	report := s.run.newReport(verdicts)
	err = s.run.finish(report)
	if tried < len(checks) && ctx.Err() != nil {
		return report, interrupt(report, tried)
	}
	return report, err
}

// Interrupted says that a run ended before its checks did.
type Interrupted struct{ Done, Of int } // checks

// Error says how far the run had come.
func (i *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d checks", i.Done, i.Of)
}

// interrupt has a report say that the run was interrupted: what was not tried may
// have failed, so it did not pass.
func interrupt(report *reports.Report, tried int) error {
	report.Verdict = reports.Inconclusive
	if slices.ContainsFunc(report.Checks, func(c reports.Check) bool { return c.FailsRun(report.Strict) }) {
		report.Verdict = reports.Failed
	}
	return &Interrupted{tried, len(report.Checks)}
}

// inOrder are the indexes of checks in the order in which they are run: what waits
// for the run to be nearly over comes last.
func inOrder(checks []Check) []int {
	var first, last []int
	for i, check := range checks {
		if check.Begin == nil {
			first = append(first, i)
		} else {
			last = append(last, i)
		}
	}
	return append(first, last...)
}
