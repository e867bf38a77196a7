// Package load sends a handler many deliveries and measures what comes of them.
//
// It is an open loop: a plan says when each request is due, whatever became of those
// before it, and latency counts from that moment. A handler that stalls cannot slow
// down what is asked of it, and hides nothing by it: what waits for a free connection
// meanwhile is late, and is told to be (G. Tene, "How NOT to Measure Latency", calls
// the opposite coordinated omission). No request is dropped: one that could not be
// sent is counted.
//
// The payload of each request is made as it is sent, so that memory does not grow with
// a run.
//
// [Run] sends what a [Plan] says: [Steady], [Ramp], [AtOnce], or [Day], dealt to
// several webhooks by [Spread]. [Capacity] searches for the highest rate at which
// conditions hold. Both give a reports.Load.
//
// Nothing here judges a handler but by the conditions that its user names ([Judge]).
package load

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/reports"
)

// DefaultConnections is how many connections are opened at most unless told
// otherwise. How many the Hub opens is published nowhere.
const DefaultConnections = 100

// QuotaLimit is how many triggers a webhook has in 24 hours (hub docs, "Rate limit").
const QuotaLimit = 1000

// Options say what is sent to whom. To, Payloads, and Plan or Closed must be set; the
// zero values of the others work.
type Options struct {
	To    delivery.Destination // the handler, and where it wants the secret
	Route delivery.Route       // how it is reached
	Proxy *url.URL             // by whose way it goes; none where nil
	// Secrets are those of the webhooks, or one for all; none where empty.
	Secrets []string
	// Timeout is for each attempt, from when it is sent: emitter.AttemptTimeout where
	// zero.
	Timeout time.Duration
	// MaxQueueWait is how long a request waits for a connection to become free before it is
	// given up: Timeout where zero.
	MaxQueueWait time.Duration
	Connections  int // at most; DefaultConnections where zero

	Payloads Payloads // what is sent
	Plan     Plan     // when; Run uses it up
	// Closed, where it is above zero, takes the place of the plan: for so long, each
	// connection sends its next request when the last one was answered. That shows
	// what a handler can do, and not what callers would see.
	Closed time.Duration
	// FirstIndex is the number of the first delivery: no two of one seed and number are
	// different.
	FirstIndex uint64

	Webhooks int // that Plan's triggers are for; 1 where zero
	// Limit is how many triggers each of them has in 24 hours; QuotaLimit where zero.
	// It is the plan that keeps to it.
	Limit     uint64
	Retries   delivery.Retries // of what fails; none where zero
	TimeScale float64          // how much faster retries come than in real time; 1 where zero
	Seed      uint64           // of the retries' jitter

	// Progress, where it is not nil, hears how it goes.
	Progress         func(reports.LoadProgress)
	ProgressInterval time.Duration // a second where zero
}

// ErrUnreachable says that there is nobody to send to.
var ErrUnreachable = errors.New("nothing answers")

func (o Options) withDefaults() (Options, error) {
	if o.Timeout == 0 {
		o.Timeout = delivery.AttemptTimeout
	}
	if o.MaxQueueWait == 0 {
		o.MaxQueueWait = o.Timeout
	}
	if o.ProgressInterval == 0 {
		o.ProgressInterval = time.Second
	}
	if o.Connections == 0 {
		o.Connections = DefaultConnections
	}
	if o.Webhooks == 0 {
		o.Webhooks = 1
	}
	if o.Limit == 0 {
		o.Limit = QuotaLimit
	}
	if o.TimeScale == 0 {
		o.TimeScale = 1
	}
	if len(o.Secrets) == 0 {
		o.Secrets = []string{""}
	}
	switch {
	case o.Connections < 0:
		return o, fmt.Errorf("%d connections: there must be one at least", o.Connections)
	case o.TimeScale < 0:
		return o, fmt.Errorf("a time scale of %v: time goes forward", o.TimeScale)
	case len(o.Secrets) != 1 && len(o.Secrets) != o.Webhooks:
		return o, fmt.Errorf("%d secrets for %d webhooks: there must be one for each, or one for all", len(o.Secrets), o.Webhooks)
	case o.Plan == nil && o.Closed <= 0:
		return o, errors.New("there is neither a plan nor a time for a closed loop")
	}
	return o, nil
}

// Run sends what the plan says, and tells what came of it; of Load, what the plan and
// the target are is left for the caller to fill in. It ends early where ctx does, with
// all that is known by then. The error is an ErrUnreachable where the first attempt found
// nobody to talk to; others are about the options, or about payloads that cannot be
// made.
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
