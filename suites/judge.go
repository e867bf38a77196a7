package suites

import (
	"context"

	"github.com/hubhook/hubhook/reports"
)

// Judge runs the selected checks against a handler, one after another.
//
// The error tells a user why there is nothing to judge. It comes with a report
// where deliveries were made and none was accepted; otherwise there is none.
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
	s.begin(checks)
	verdicts := make([]reports.Check, len(checks))
	for done, i := range inOrder(checks) {
		if options.Started != nil {
			options.Started(checks[i], done, len(checks))
		}
		verdicts[i] = s.Judge(checks[i])
		if options.Ended != nil {
			options.Ended(verdicts[i])
		}
	}
	report := s.run.newReport(verdicts)
	return report, s.run.finish(report)
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
