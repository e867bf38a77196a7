package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
)

// Search is for the highest rate at which conditions hold.
type Search struct {
	Thresholds []Threshold // that a rate must keep; at least one
	// Step is how long each rate is tried: DefaultStep where zero. The one that is found
	// is tried once more, for twice as long.
	Step time.Duration
	// OnStep, where it is not nil, hears of each rate before it is tried, of which the
	// first is 1.
	OnStep func(step int, rate float64)
}

// DefaultStep is how long a rate is tried.
const DefaultStep = 3 * time.Second

const (
	firstRate = 100.0 // requests a second
	minRate   = 1.0
	// closeEnough is how near to each other the highest rate that holds and the lowest
	// that does not must be, as a part of the first.
	closeEnough = 0.05
	maxSteps    = 40
)

// Capacity searches for the highest rate at which conditions hold, by steady rates
// that are doubled until one does not, and halved between from there on. What it tells
// is that of the last try of the rate that it found. Plan, Closed and Retries of the
// options are not used.
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

// search is a search that is going on.
type search struct {
	Search
	options Options
	ctx     context.Context
	run     func(context.Context, Options) (*reports.Load, error)

	steps []reports.LoadStep
	last  *reports.Load // of the last step
	best  *reports.Load // of the highest rate that held
	rate  float64       // which that is; 0 as long as there is none
	limit float64       // the lowest rate that did not hold
	why   string
	down  bool // whether the handler is
}

func newSearch(ctx context.Context, o Options, s Search) *search {
	if s.Step == 0 {
		s.Step = DefaultStep
	}
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

// tryTwice tries a rate, and once more where it does not hold: a hiccup of the machine must
// not end the search.
func (f *search) tryTwice(rate float64) error {
	limit, why := f.limit, f.why
	if err := f.try(rate, f.Step); err != nil || f.rate == rate || f.down || f.ctx.Err() != nil {
		return err
	}
	f.limit, f.why = limit, why
	return f.try(rate, f.Step)
}

// nextRate is the rate that is tried next.
func (f *search) nextRate() float64 {
	switch {
	case f.rate == 0:
		return roundRate(f.limit / 4)
	case math.IsInf(f.limit, 1):
		return f.rate * 2
	}
	return roundRate(math.Sqrt(f.rate * f.limit))
}

// roundRate leaves two or three figures of a rate, which is as much as a search tells.
func roundRate(rate float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(max(rate, 1)))-2)
	return max(math.Round(rate/unit), 1) * max(unit, 0.01)
}

// done tells whether nothing is left to be found out.
func (f *search) done() bool {
	switch {
	case f.down || f.ctx.Err() != nil || len(f.steps) >= maxSteps:
		return true
	}
	return f.rate > 0 && f.limit <= f.rate*(1+closeEnough)
}

// confirm tries what was found for longer, and less and less where that does not hold.
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

// try tries a rate.
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

// markDown ends the search: the handler is gone. What held before is not tried again.
func (f *search) markDown(rate float64) {
	f.down, f.limit, f.why = true, rate, "nothing answered any more"
	f.steps = append(f.steps, reports.LoadStep{Rate: rate, Errors: 1, Why: f.why})
}

// record takes in what a step showed.
func (f *search) record(rate float64, l *reports.Load) {
	step := reports.LoadStep{Rate: rate, Reached: answeredRate(l), Latency: l.Latency, Errors: errorShare(l)}
	step.Why = f.brokenThreshold(l)
	step.Holds = step.Why == ""
	f.steps, f.last = append(f.steps, step), l
	if step.Holds {
		f.rate, f.best = rate, l
		return
	}
	f.limit, f.why = min(f.limit, rate), step.Why
}

// senderBehind says that a step shows what hubhook can do on its machine, and not what the
// handler can.
const senderBehind = "the sender fell behind"

// brokenThreshold says why a step does not hold; it is empty where it does.
func (f *search) brokenThreshold(l *reports.Load) string {
	if l.Unreliable != "" {
		return senderBehind
	}
	for _, c := range f.Thresholds {
		if told := c.Evaluate(l); !told.Holds {
			return fmt.Sprintf("%s was %s", c.name, told.Value)
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

// report is what the search came to.
func (f *search) report() *reports.Load {
	l := f.best
	if f.rate == 0 || l == nil {
		l = f.last
	}
	var words []string
	for _, c := range f.Thresholds {
		words = append(words, c.String())
	}
	limit := max(f.options.Limit, 1)
	if f.options.Limit == 0 {
		limit = QuotaLimit
	}
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
	case f.why == senderBehind:
		l.Verdict, l.Capacity.AtLeast = reports.Inconclusive, true
	}
	return l
}

// limitReason says what kept the rate from being higher.
func (f *search) limitReason() string {
	switch {
	case f.ctx.Err() != nil:
		return "the search was interrupted"
	case math.IsInf(f.limit, 1):
		return "the search went no further"
	}
	return fmt.Sprintf("at %s, %s", formatRate(f.limit), f.why)
}
