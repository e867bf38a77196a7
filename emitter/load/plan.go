package load

import (
	"fmt"
	"math"
	"time"

	"github.com/dustin/go-humanize"
)

// Trigger is an event that matches a webhook, for which a delivery is due.
type Trigger struct {
	Due     time.Duration // from the start of the run
	Webhook int           // counted from 0
}

// A Plan decides when each trigger is due. It is not safe for concurrent use.
type Plan interface {
	// Next returns the next trigger, due no earlier than the last one, or false after the
	// last.
	Next() (Trigger, bool)
	// Restart returns the same plan from its beginning.
	Restart() Plan
	// String describes the plan for people: "1,000 requests/s for 30s".
	String() string
}

// curve is a plan that computes when its n-th trigger is due.
type curve struct {
	description string
	count       uint64
	next        uint64
	at          func(n float64) float64 // seconds
}

func (c *curve) Next() (Trigger, bool) {
	if c.next >= c.count {
		return Trigger{}, false
	}
	due := time.Duration(c.at(float64(c.next)) * float64(time.Second))
	c.next++
	return Trigger{Due: due}, true
}

func (c *curve) Restart() Plan {
	again := *c
	again.next = 0
	return &again
}

func (c *curve) String() string { return c.description }

const maxRate = 10e6 // of a plan, in requests a second

// Steady returns a plan that triggers at one rate, in requests a second, for a time, at least
// once. Both must be above zero, the rate at most 10,000,000.
func Steady(rate float64, over time.Duration) (Plan, error) {
	if err := checkRate(rate); err != nil {
		return nil, err
	}
	if err := checkDuration(over); err != nil {
		return nil, err
	}
	return &curve{
		description: fmt.Sprintf("%s for %v", formatRate(rate), over),
		count:       atLeastOne(rate * over.Seconds()),
		at:          func(n float64) float64 { return n / rate },
	}, nil
}

// Ramp returns a plan whose rate grows or falls evenly from one to another over a time. Its
// rates are like those of Steady, but one may be zero.
func Ramp(from, to float64, over time.Duration) (Plan, error) {
	for _, rate := range []float64{from, to} {
		if err := checkRate(rate); err != nil && rate != 0 {
			return nil, err
		}
	}
	if from == to {
		return nil, fmt.Errorf("a ramp from %v to %v: it goes nowhere", from, to)
	}
	if err := checkDuration(over); err != nil {
		return nil, err
	}
	// After t seconds, from·t + slope·t²/2 were triggered; this is solved for t in the way
	// that loses no precision with a small slope.
	slope := (to - from) / over.Seconds()
	return &curve{
		description: fmt.Sprintf("from %s to %s within %v", formatNumber(from), formatRate(to), over),
		count:       atLeastOne((from + to) / 2 * over.Seconds()),
		at: func(n float64) float64 {
			if n == 0 {
				return 0
			}
			return 2 * n / (from + math.Sqrt(max(0, from*from+2*slope*n)))
		},
	}, nil
}

// AtOnce returns a plan that triggers count deliveries at the start of the run. A count of
// zero is an error.
func AtOnce(count uint64) (Plan, error) {
	if count == 0 {
		return nil, fmt.Errorf("nothing is to be triggered")
	}
	return &curve{
		description: humanize.Comma(int64(count)) + " triggers at once",
		count:       count,
		at:          func(float64) float64 { return 0 },
	}, nil
}

func checkRate(rate float64) error {
	if !(rate > 0 && rate <= maxRate) {
		return fmt.Errorf("a rate of %v/s: it must be above zero and at most %s/s", rate, humanize.Comma(maxRate))
	}
	return nil
}

func checkDuration(over time.Duration) error {
	if over <= 0 {
		return fmt.Errorf("a duration of %v: it must be above zero", over)
	}
	return nil
}

func atLeastOne(count float64) uint64 { return max(1, uint64(math.Round(count))) }

func formatRate(rate float64) string { return formatNumber(rate) + " requests/s" }

func formatNumber(n float64) string { return humanize.Commaf(math.Round(n*100) / 100) }

// dueCounter counts what a plan has due by a moment, apart from the schedule that follows it.
type dueCounter struct {
	plan  Plan
	next  Trigger
	more  bool
	count uint64
}

func newDueCounter(p Plan) *dueCounter {
	a := &dueCounter{plan: p.Restart()}
	a.next, a.more = a.plan.Next()
	return a
}

// until counts what is due by a moment, which must not be before the last one.
func (a *dueCounter) until(moment time.Duration) uint64 {
	for a.more && a.next.Due <= moment {
		a.count++
		a.next, a.more = a.plan.Next()
	}
	return a.count
}

type spread struct {
	Plan
	webhooks int
	limit    uint64
	dealt    uint64
}

// Spread returns a plan that deals the triggers of p, which names no webhooks, to webhooks in
// turn. It ends when each has had limit triggers.
func Spread(p Plan, webhooks int, limit uint64) (Plan, error) {
	if webhooks < 1 || limit < 1 {
		return nil, fmt.Errorf("%d webhooks of %d triggers each: there must be one at least", webhooks, limit)
	}
	return &spread{Plan: p, webhooks: webhooks, limit: limit}, nil
}

func (s *spread) Next() (Trigger, bool) {
	if s.dealt == uint64(s.webhooks)*s.limit {
		return Trigger{}, false
	}
	t, ok := s.Plan.Next()
	t.Webhook = int(s.dealt % uint64(s.webhooks))
	s.dealt++
	return t, ok
}

func (s *spread) Restart() Plan {
	return &spread{Plan: s.Plan.Restart(), webhooks: s.webhooks, limit: s.limit}
}

func (s *spread) String() string {
	return fmt.Sprintf("%v, to %s webhooks of %s triggers each",
		s.Plan, humanize.Comma(int64(s.webhooks)), humanize.Comma(int64(s.limit)))
}
