package suites

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
)

// Limits of a dry run: a check that waits for long is shown as far as it got.
const (
	dryRunTimeout = 20 * time.Second // for all checks together
	dryRunBudget  = 5 * time.Second  // for one that needs many deliveries
	dryRunSettle  = 60 * time.Millisecond
)

// DryRun runs checks against a handler that passes them, and returns what each one sends,
// in the order of the checks. The error says why that cannot be seen.
func DryRun(ctx context.Context, target Target, checks []check.Check) ([]reports.DryRun, error) {
	s, err := Open(ctx, target, Options{Timeout: dryRunTimeout, Budget: dryRunBudget, Settle: dryRunSettle})
	if err != nil {
		return nil, fmt.Errorf("see what the checks send: %w", err)
	}
	defer s.Close()
	// Looking for an event on which the handler acts is no part of any check.
	s.run.FindActiveShape()
	s.Begin(checks)
	list := make([]reports.DryRun, len(checks))
	for _, i := range inOrder(checks) {
		list[i] = newDryRun(s.judge(checks[i]))
	}
	return list, nil
}

// newDryRun returns what a check was seen to send.
func newDryRun(h *check.Handler, c reports.Check) reports.DryRun {
	r := reports.DryRun{Status: c.Status, Reason: c.Reason, Sent: c.Sent, Steps: []reports.Step{}}
	records := h.Records()
	decisive := decisiveRecord(records)
	for i, x := range c.Exchanges {
		if left := c.Sent - len(c.Exchanges); i == check.KeptFirst && left > 0 {
			what := "others of this kind"
			if x.What == c.Exchanges[i-1].What {
				what = x.What
			}
			r.Steps = addStep(r.Steps, what, left)
		}
		r.Steps = addStep(r.Steps, x.What, 1)
		if i == decisive {
			r.DecisiveStep, r.Curl = len(r.Steps), x.Curl
			r.Repeated = slices.ContainsFunc(records[:i], func(earlier check.Record) bool {
				return earlier.Delivery.IsSame(records[i].Delivery)
			})
		}
	}
	return r
}

// addStep adds what was sent, or counts it with the step before if that is the same.
func addStep(steps []reports.Step, what string, times int) []reports.Step {
	if last := len(steps) - 1; last >= 0 && steps[last].What == what {
		steps[last].Times += times
		return steps
	}
	return append(steps, reports.Step{What: what, Times: times})
}

// decisiveRecord returns the index of the attempt that a check is about: the last one that
// even a right handler rejects, or else the last one with something special. Controls show
// only that the handler is there.
func decisiveRecord(records []check.Record) int {
	decisive, most := -1, -1
	for i, record := range records {
		weight, response := 0, record.Response.Exchange().Response
		switch {
		case response == nil || response.Status/100 != 2:
			weight = 2
		case !record.Delivery.IsControl():
			weight = 1
		}
		if weight >= most {
			decisive, most = i, weight
		}
	}
	return decisive
}
