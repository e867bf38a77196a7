package suites

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// What a rehearsal may take: a check that waits for long is shown as far as it got.
const (
	rehearsalTime   = 20 * time.Second // for all checks together
	rehearsalBudget = 5 * time.Second  // for one that needs many deliveries
	rehearsalSettle = 60 * time.Millisecond
)

// DryRun runs checks against a handler that passes them, and tells what each one
// sends, in the order of the checks. The error says why that cannot be seen.
func DryRun(ctx context.Context, target Target, checks []Check) ([]reports.DryRun, error) {
	s, err := Open(ctx, target, Options{Timeout: rehearsalTime, Budget: rehearsalBudget, Settle: rehearsalSettle})
	if err != nil {
		return nil, fmt.Errorf("see what the checks send: %w", err)
	}
	defer s.Close()
	if s.run.observer != nil {
		// What finds out on which events the handler acts is no part of any check.
		s.run.try(func() { s.run.handler(Check{}).ActiveShape() })
	}
	s.Begin(checks)
	list := make([]reports.DryRun, len(checks))
	for _, i := range inOrder(checks) {
		list[i] = newDryRun(s.Judge(checks[i]))
	}
	return list, nil
}

// newDryRun is what a check was seen to send.
func newDryRun(check reports.Check) reports.DryRun {
	r := reports.DryRun{Status: check.Status, Reason: check.Reason, Sent: check.Sent, Steps: []reports.Step{}}
	telling := decisiveExchange(check.Exchanges)
	for i, x := range check.Exchanges {
		if left := check.Sent - len(check.Exchanges); i == keptFirst && left > 0 {
			what := "others of this kind"
			if x.What == check.Exchanges[i-1].What {
				what = x.What
			}
			r.Steps = addStep(r.Steps, what, left)
		}
		r.Steps = addStep(r.Steps, x.What, 1)
		if i == telling {
			r.DecisiveStep, r.Curl = len(r.Steps), x.Curl
			r.Repeated = slices.ContainsFunc(check.Exchanges[:i], func(earlier reports.Exchange) bool { return sameDelivery(earlier, x) })
		}
	}
	return r
}

// addStep adds what was sent, as one with what is alike right before it.
func addStep(steps []reports.Step, what string, times int) []reports.Step {
	if last := len(steps) - 1; last >= 0 && steps[last].What == what {
		steps[last].Times += times
		return steps
	}
	return append(steps, reports.Step{What: what, Times: times})
}

// decisiveExchange is the index of the exchange that a check is about: the last one that
// even a right handler refuses, or else the last one with something special. The
// ordinary ones before and after it show only that the handler is there.
func decisiveExchange(exchanges []reports.Exchange) int {
	telling, most := -1, -1
	for i, x := range exchanges {
		weight := 0
		switch {
		case x.Response == nil || x.Response.Status/100 != 2:
			weight = 2
		case x.What != UsualShape && !strings.HasPrefix(x.What, UsualShape+", after "):
			weight = 1
		}
		if weight >= most {
			telling, most = i, weight
		}
	}
	return telling
}

// sameDelivery tells whether two exchanges are attempts at one delivery.
func sameDelivery(a, b reports.Exchange) bool {
	id := webhookIDOf(a)
	return id != "" && id == webhookIDOf(b) && a.Request.Body == b.Request.Body
}

func webhookIDOf(x reports.Exchange) string {
	for _, h := range x.Request.Headers {
		if h.Name == delivery.IDHeader {
			return h.Value
		}
	}
	return ""
}
