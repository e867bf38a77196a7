package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// Search configures Capacity.
type Search struct {
	Thresholds []Threshold // that must hold; at least one
	// Step is how long each rate is tried; zero means DefaultStep. The rate that is found is
	// tried once more, for twice as long.
	Step time.Duration
	// OnStep, if not nil, is called before each rate is tried; the first step is 1.
	OnStep func(step int, rate float64)
}

// DefaultStep is how long a rate is tried by default.
const DefaultStep = 3 * time.Second

const (
	firstRate = 100.0 // requests a second
	minRate   = 1.0
	// closeEnough is how close the highest rate that holds and the lowest that does not must
	// be at the end, as a share of the first.
	closeEnough = 0.05
	maxSteps    = 40
)

// Capacity searches for the highest rate at which thresholds hold. It doubles steady rates
// until one breaks a threshold, then bisects. The report is that of the last try of the rate
// that it found. It ignores Plan, Closed and Retries of the options.
func Capacity(ctx context.Context, o Options, s Search) (*reports.Load, error) {
	if len(s.Thresholds) == 0 {
		return nil, fmt.Errorf("a search for a capacity needs a condition that must hold, such as p99<500ms")
	}
	f := newSearch(ctx, o, s)
	if err := f.find(); err != nil {
		return nil, err
	}
	return f.report(), nil
}

type search struct {
	Search
	options Options
	ctx     context.Context
	run     func(context.Context, Options) (*reports.Load, error)

	steps []reports.LoadStep
	last  *reports.Load // of the last step
	best  *reports.Load // of the highest rate that held
	rate  float64       // which that is; 0 if there is none
	limit float64       // the lowest rate that did not hold
	why   string        // it did not
	self  bool          // it did not because the sender fell behind
	down  bool          // the handler is
}

func newSearch(ctx context.Context, o Options, s Search) *search {
	s.Step = cmp.Or(s.Step, DefaultStep)
	return &search{Search: s, options: o, ctx: ctx, run: Run, limit: math.Inf(1)}
}

// find tries rates until two of them are close enough.
func (f *search) find() error {
	for rate := firstRate; !f.done() && rate >= minRate && rate <= maxRate; rate = f.nextRate() {
		if err := f.tryTwice(rate); err != nil {
			return err
		}
	}
	return f.confirm()
}

// tryTwice tries a rate again if it does not hold: that may be a hiccup of the machine.
func (f *search) tryTwice(rate float64) error {
	limit, why, self := f.limit, f.why, f.self
	if err := f.try(rate, f.Step); err != nil || f.rate == rate || f.down || f.ctx.Err() != nil {
		return err
	}
	f.limit, f.why, f.self = limit, why, self
	return f.try(rate, f.Step)
}

func (f *search) nextRate() float64 {
	switch {
	case f.rate == 0:
		return roundRate(f.limit / 4)
	case math.IsInf(f.limit, 1):
		return f.rate * 2
	}
	return roundRate(math.Sqrt(f.rate * f.limit))
}

// roundRate leaves two or three digits of a rate, as much as a search shows.
func roundRate(rate float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(max(rate, 1)))-2)
	return max(math.Round(rate/unit), 1) * max(unit, 0.01)
}

func (f *search) done() bool {
	return f.down || f.ctx.Err() != nil || len(f.steps) >= maxSteps || f.rate > 0 && f.limit <= f.rate*(1+closeEnough)
}

// confirm tries the rate that was found for longer, and lower ones if that does not hold.
func (f *search) confirm() error {
	for _, less := range []float64{0.95, 0.9, 0.8, 0.6, 0.4, 0} {
		if f.rate == 0 || f.down || f.ctx.Err() != nil {
			return nil
		}
		rate := f.rate
		f.rate = 0
		if err := f.try(rate, 2*f.Step); err != nil || f.rate > 0 {
			return err
		}
		if f.ctx.Err() != nil {
			f.rate = rate // which held before it was tried once more
			return nil
		}
		f.rate = rate * less
		if f.rate > 0 {
			f.rate = roundRate(f.rate)
		}
	}
	return nil
}

func (f *search) try(rate float64, over time.Duration) error {
	if f.OnStep != nil {
		f.OnStep(len(f.steps)+1, rate)
	}
	plan, err := Steady(rate, over)
	if err != nil {
		return err
	}
	o := f.options
	o.Plan, o.Closed, o.MaxQueueWait = plan, 0, f.Step
	o.Retries.Waits = nil
	l, err := f.run(f.ctx, o)
	if errors.Is(err, ErrUnreachable) && len(f.steps) > 0 {
		f.markDown(rate)
		return nil
	}
	if err != nil {
		return err
	}
	f.options.FirstIndex += l.Counts.Triggers
	if f.ctx.Err() != nil {
		f.last = l
		return nil
	}
	f.record(rate, l)
	return nil
}

// markDown ends the search because the handler is down. What held is not tried again.
func (f *search) markDown(rate float64) {
	f.down, f.limit, f.why, f.self = true, rate, "nothing answered any more", false
	f.steps = append(f.steps, reports.LoadStep{Rate: rate, Errors: 1, Why: f.why})
}

func (f *search) record(rate float64, l *reports.Load) {
	step := reports.LoadStep{Rate: rate, Reached: answeredRate(l), Latency: l.Latency, Errors: errorShare(l)}
	step.Why = f.brokenThreshold(l)
	step.Holds = step.Why == ""
	f.steps, f.last = append(f.steps, step), l
	if step.Holds {
		f.rate, f.best = rate, l
		return
	}
	f.limit, f.why, f.self = min(f.limit, rate), step.Why, l.Unreliable != ""
}

// senderBehind is the reason of a step that shows the limits of this machine, not the handler's.
const senderBehind = "the sender fell behind"

// brokenThreshold returns why a step does not hold, or "".
func (f *search) brokenThreshold(l *reports.Load) string {
	if l.Unreliable != "" {
		return senderBehind
	}
	for _, c := range f.Thresholds {
		if result := c.Evaluate(l); !result.Holds {
			return fmt.Sprintf("%s was %s", c.metric.name, result.Value)
		}
	}
	return ""
}

func errorShare(l *reports.Load) float64 {
	all := l.Counts.Accepted + l.Counts.Failed + l.Counts.Unsent
	if all == 0 {
		return 0
	}
	return float64(l.Counts.Failed+l.Counts.Unsent) / float64(all)
}

func (f *search) report() *reports.Load {
	l := f.best
	if f.rate == 0 || l == nil {
		l = f.last
	}
	var words []string
	for _, c := range f.Thresholds {
		words = append(words, c.String())
	}
	limit := cmp.Or(f.options.Limit, delivery.DailyQuota)
	l.Capacity = &reports.LoadCapacity{
		Thresholds: strings.Join(words, " "), Rate: f.rate, Steps: f.steps, Limit: f.limitReason(),
		Webhooks: uint64(f.rate * hours24.Seconds() / float64(limit)),
	}
	l.Plan.Description = "the highest rate at which " + strings.Join(words, " and ")
	l.Interrupted = f.ctx.Err() != nil
	l.Verdict = reports.Passed
	switch {
	case l.Interrupted:
		l.Verdict = reports.Inconclusive
	case f.rate == 0:
		l.Verdict = reports.Failed
	case f.self:
		l.Verdict, l.Capacity.AtLeast = reports.Inconclusive, true
	}
	return l
}

func (f *search) limitReason() string {
	switch {
	case f.ctx.Err() != nil:
		return "the search was interrupted"
	case math.IsInf(f.limit, 1):
		return "the search went no further"
	}
	return fmt.Sprintf("at %s, %s", formatRate(f.limit), f.why)
}
