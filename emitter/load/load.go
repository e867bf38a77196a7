// Package load sends a handler many deliveries and measures what comes of them.
//
// It is an open loop: a plan says when each request is due, whatever became of those
// before it, and latency counts from that moment. A handler that stalls can neither slow
// down the plan nor hide the stall: requests that wait for a free connection meanwhile are
// late, and are reported so (G. Tene, "How NOT to Measure Latency", calls the opposite
// coordinated omission). No request is dropped: one that could not be sent is counted.
//
// The payload of each request is made as it is sent, so that memory does not grow with a
// run.
//
// [Run] follows a [Plan]: [Steady], [Ramp], [AtOnce], or [Day], spread over several
// webhooks by [Spread]. [Capacity] searches for the highest rate at which thresholds hold.
// Both return a reports.Load. Only the thresholds of its user judge a handler
// ([ApplyThresholds]).
package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/reports"
)

// DefaultConnections is how many connections a run opens at most by default. How many the
// Hub opens is published nowhere.
const DefaultConnections = 100

// Options say what is sent to whom. To, Payloads, and Plan or Closed must be set; the zero
// values of the others work.
type Options struct {
	To    delivery.Destination // the handler, and where it wants the secret
	Route delivery.Route       // how it is reached
	Proxy *url.URL             // nil means none
	// Secrets are those of the webhooks, or one for all; empty means none.
	Secrets []string
	// Timeout limits each attempt, from when it is sent; zero means delivery.AttemptTimeout.
	Timeout time.Duration
	// MaxQueueWait limits how long a request waits for a free connection before it is given
	// up; zero means Timeout.
	MaxQueueWait time.Duration
	Connections  int // at most; zero means DefaultConnections

	Payloads Payloads // what is sent
	Plan     Plan     // when what is triggered; Run uses it up
	// Closed, if above zero, replaces the plan by a closed loop: for that long, each
	// connection sends its next request when the last one was answered. That shows what a
	// handler can do, not what callers would see.
	Closed time.Duration
	// FirstIndex is the index of the first delivery. One seed and index always give the same
	// delivery.
	FirstIndex uint64

	Webhooks int // of Plan's triggers; zero means 1
	// Limit is how many triggers each of them gets in 24 hours; zero means delivery.DailyQuota. The
	// plan must keep to it.
	Limit     uint64
	Retries   delivery.Retries // of failed attempts; zero means none
	TimeScale float64          // how much faster than real time retries come; zero means 1
	Seed      uint64           // of the retries' jitter

	// Progress, if not nil, is called in intervals.
	Progress         func(reports.LoadProgress)
	ProgressInterval time.Duration // zero means a second
}

// ErrUnreachable is the error of a run whose first attempt reached nobody.
var ErrUnreachable = errors.New("nothing answers")

func (o Options) withDefaults() (Options, error) {
	o.Timeout = cmp.Or(o.Timeout, delivery.AttemptTimeout)
	o.MaxQueueWait = cmp.Or(o.MaxQueueWait, o.Timeout)
	o.ProgressInterval = cmp.Or(o.ProgressInterval, time.Second)
	o.Connections = cmp.Or(o.Connections, DefaultConnections)
	o.Webhooks = cmp.Or(o.Webhooks, 1)
	o.Limit = cmp.Or(o.Limit, delivery.DailyQuota)
	o.TimeScale = cmp.Or(o.TimeScale, 1)
	if len(o.Secrets) == 0 {
		o.Secrets = []string{""}
	}
	switch {
	case o.Connections < 0:
		return o, fmt.Errorf("%d connections: there must be one at least", o.Connections)
	case o.TimeScale < 0:
		return o, fmt.Errorf("a time scale of %v: time goes forward", o.TimeScale)
	case len(o.Secrets) != 1 && len(o.Secrets) != o.Webhooks:
		return o, fmt.Errorf("%d secrets for %d webhooks: there must be one for each, or one for all", len(o.Secrets),
			o.Webhooks)
	case o.Plan == nil && o.Closed <= 0:
		return o, errors.New("there is neither a plan nor a time for a closed loop")
	}
	return o, nil
}

// Run sends what the plan says and returns what came of it; the caller fills in the report's
// Tool and Target. It ends early if ctx does, with all that is known by then. The error is
// an ErrUnreachable if the first attempt reached nobody; others are about the options, or
// about payloads that cannot be made.
func Run(ctx context.Context, o Options) (*reports.Load, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	clients, err := client.NewPool(client.Options{
		To: o.To, Secrets: o.Secrets, Route: o.Route, Proxy: o.Proxy, Timeout: o.Timeout,
	})
	if err != nil {
		return nil, err
	}
	defer clients.Close()
	e := newEngine(o, clients)
	if err := e.run(ctx); err != nil {
		return nil, err
	}
	return e.report(ctx), nil
}
