// Package suites judges handlers of the Hub's webhooks: what they must, should and may do.
//
// There are three ways in. [Judge] runs the checks against a handler and returns a report,
// which is what `hubhook check` does:
//
//	target := suites.Target{URL: "http://127.0.0.1:8000/webhook", Secret: "s3cret"}
//	report, err := suites.Judge(ctx, target, suites.Options{})
//
// [Test] runs them as subtests of a test of yours, and the package specs as Ginkgo specs.
//
// The checks are in suites/catalogue, and what they are written in is in suites/check. To
// add one, add it to its area, with a mutant in fixtures/mutants that fails it: the matrix
// of mutants proves the checks.
//
// Nothing here prints. The only file format it knows is that of a [Saved] attempt, which
// says where the secret was without holding it.
package suites

import (
	"context"
	"fmt"
	"slices"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// Judge runs the selected checks against a handler, one after another.
//
// The error tells a user why there is nothing to judge. It comes with a report if
// deliveries were made and none was accepted, and, as *Interrupted, if ctx ended before
// the last check did; otherwise there is no report.
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
	linkCauses(verdicts, catalogue.KnownCauses())
	linkSameResponse(verdicts)
	linkRootCauses(verdicts)
	s.run.FinalProbe()
	s.run.ProbeAcceptance()
	report := s.newReport(verdicts)
	err = s.finish(report)
	if tried < len(checks) && ctx.Err() != nil {
		return report, interrupt(report, tried)
	}
	return report, err
}

// Interrupted is the error of a run that ended before its checks did.
type Interrupted struct{ Done, Of int } // checks

// Error says how far the run had come.
func (i *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d checks", i.Done, i.Of)
}

// interrupt marks a report as that of an interrupted run, which did not pass: the checks
// that were not tried may fail.
func interrupt(report *reports.Report, tried int) error {
	report.Verdict = reports.Inconclusive
	if slices.ContainsFunc(report.Checks, func(c reports.Check) bool { return c.FailsRun(report.Strict) }) {
		report.Verdict = reports.Failed
	}
	return &Interrupted{tried, len(report.Checks)}
}

// inOrder returns the indexes of checks in the order in which they are run: those that
// wait come last.
func inOrder(checks []check.Check) []int {
	var first, last []int
	for i, c := range checks {
		if c.Begin == nil {
			first = append(first, i)
		} else {
			last = append(last, i)
		}
	}
	return append(first, last...)
}
