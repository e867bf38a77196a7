package check

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/observe"
)

// DailyQuota is how many triggers a webhook has in 24 hours.
const DailyQuota = delivery.DailyQuota

// The numbers of connections over which a day's quota is sent.
const (
	conns1  = 1
	conns10 = 10
	conns50 = 50
)

// A Burst is what came of many deliveries about one repo: pushes to a few repos use up a
// day's quota of a webhook. Several checks look at the same one, since a slow handler
// takes its time for each.
type Burst struct {
	Wanted      int        // deliveries
	Connections int        // at once
	Responses   []Response // in the order in which they came, without what no check needs
	Broken      bool       // it ended at a response that did not come whole
	Counts      Counts     // what the handler did; zero if it was not observed
	budget      time.Duration
	sequence    Sequence
}

// burstLog is a burst that is extended as far as checks ask for.
type burstLog struct {
	connections int
	sequence    Sequence
	responses   []Response
	recorder    recorder
	bad         []Record // the first that were not accepted
	spent       time.Duration
	broken      bool
	counts      Counts
}

// DailyBurst sends the first n deliveries of a day's quota over a number of connections,
// each as soon as an earlier one on its connection is answered. It ends early when the
// budget is used up, or when a response does not come whole.
func (h *Handler) DailyBurst(n, connections int) Burst {
	b := h.dailyBurst(n, connections)
	h.ShowBurst(b)
	return b
}

// AcceptedBursts sends a day's quota over one connection, over 10 and over 50, and returns
// those bursts of which something was accepted: a handler that rejects everything is not
// overloaded.
func (h *Handler) AcceptedBursts() []Burst {
	var all []Burst
	for _, connections := range []int{conns1, conns10, conns50} {
		if b := h.dailyBurst(DailyQuota, connections); b.Accepted() > 0 {
			all = append(all, b)
		}
	}
	if len(all) == 0 {
		h.RequireAnyAccepted(Burst{})
	}
	return all
}

func (h *Handler) dailyBurst(n, connections int) Burst {
	h.RequireRunning()
	b := h.run.bursts[connections]
	if b == nil {
		b = h.newBurst(connections)
		h.run.bursts[connections] = b
	}
	h.extend(b, n)
	responses := slices.Clone(b.responses[:min(n, len(b.responses))])
	for i := range responses {
		responses[i].culprit = &h.culprit // and not of the check that sent them
	}
	return Burst{
		Wanted: n, Connections: connections, Responses: responses, Broken: b.broken, Counts: b.counts,
		budget: h.run.config.Budget, sequence: b.sequence,
	}
}

// ShowBurst shows a burst in the report of this check: how it began and ended, and what
// went wrong first.
func (h *Handler) ShowBurst(shown Burst) {
	b := h.run.bursts[shown.Connections]
	r := recorder{sent: b.recorder.sent, kept: slices.Clone(b.recorder.kept)}
	if n := len(r.kept); n > KeptFirst+len(b.bad) {
		r.kept = slices.Delete(r.kept, KeptFirst, min(KeptFirst+len(b.bad), n))
	}
	for _, bad := range b.bad {
		if !slices.ContainsFunc(r.kept, func(a Record) bool { return a.Delivery.id == bad.Delivery.id }) {
			r.kept = append(r.kept, bad)
		}
	}
	slices.SortStableFunc(r.kept, func(a, b Record) int {
		return a.Response.exchange.Started.Compare(b.Response.exchange.Started)
	})
	h.recorder.merge(&r)
}

// newBurst returns a burst that has not begun. The one over 50 connections is observed if
// there is anything to be seen, and therefore of a shape on which the handler acts.
func (h *Handler) newBurst(connections int) *burstLog {
	shape := UsualShape
	if connections == conns50 && h.SeesEffects() {
		shape = h.run.activeShape
	}
	// Always the same repo, whichever check asks first.
	index := firstIndex(Check{ID: "RAT-02", Area: AreaRateLimit}) + uint64(connections)
	return &burstLog{connections: connections, sequence: h.NewSequence(shape, index)}
}

// extend sends what is missing up to the nth delivery.
func (h *Handler) extend(b *burstLog, n int) {
	left := h.run.config.Budget - b.spent
	if b.broken || len(b.responses) >= n || left <= 0 {
		return
	}
	send := func() { h.sendUpTo(b, n, left) }
	if b.connections == conns50 && h.SeesEffects() {
		h.observeBurst(b, send)
	} else {
		send()
	}
}

// keptBad is how many responses of a burst that accept nothing are kept whole.
const keptBad = 4

func (h *Handler) sendUpTo(b *burstLog, n int, left time.Duration) {
	ctx, cancel := context.WithTimeout(h.run.ctx, left)
	defer cancel()
	began := time.Now()
	var mu sync.Mutex
	h.sendAll(ctx, b.sequence.between(len(b.responses), n), b.connections, func(d Delivery, r Response) {
		mu.Lock()
		defer mu.Unlock()
		b.recorder.add(d, r)
		bad := !r.Accepted() && len(b.bad) < keptBad
		if bad {
			b.bad = append(b.bad, Record{d, r})
		}
		b.responses = append(b.responses, r.trimmed(bad))
		if !r.Complete() {
			b.broken = true
			cancel()
		}
	})
	b.spent += time.Since(began)
}

// RequireComplete ends the check as inconclusive if the burst did not come to its end.
func (h *Handler) RequireComplete(b Burst) {
	if len(b.Responses) == b.Wanted {
		return
	}
	h.RequireRunning()
	if b.Broken {
		h.Inconclusive("the burst ended after %d of %d deliveries, since one got no complete answer", len(b.Responses),
			b.Wanted)
	}
	h.Inconclusive("%d of %d sent within the budget of %v, and nothing was wrong with them; a longer --budget would settle it",
		len(b.Responses), b.Wanted, b.budget)
}

// RequireAnyAccepted ends the check if nothing of a burst was accepted: a handler that
// rejects everything is not a quick one.
func (h *Handler) RequireAnyAccepted(b Burst) {
	if b.Accepted() == 0 {
		h.RequireRunning()
		h.Inconclusive("no delivery of the burst was accepted, so that this says nothing: see SEC-01")
	}
}

// Accepted returns how many deliveries were accepted.
func (b Burst) Accepted() int { return len(b.Responses) - len(b.NotAccepted()) }

// NotAccepted returns the responses that accept nothing.
func (b Burst) NotAccepted() []Response {
	return slices.DeleteFunc(slices.Clone(b.Responses), Response.Accepted)
}

// Position says which delivery of the burst the ith response is about.
func (b Burst) Position(i int) string {
	if b.Connections == conns1 {
		return fmt.Sprintf("delivery %d of %d, one after another", i+1, b.Wanted)
	}
	return fmt.Sprintf("delivery %d of %d over %d connections", i+1, b.Wanted, b.Connections)
}

// afterBurst is the first delivery of a burst's sequence that neither the burst nor the
// single ones around it have used.
const afterBurst = DailyQuota + 3

// Next returns a delivery about the repo of the burst that was not part of it.
func (b Burst) Next() Delivery { return b.sequence.At(afterBurst) }

// The times between two attempts at an overloaded handler that does not say when to send
// again.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 5 * time.Second
)

// RetryUntilAccepted sends deliveries about the repo of a burst after a response that
// signalled overload, until one is accepted or the handler had long enough to recover. It
// waits as Retry-After asks.
func (h *Handler) RetryUntilAccepted(b Burst, latest Response) Response {
	deadline := time.Now().Add(h.Limits().Recover)
	sequence := b.sequence
	sequence.first = sequence.first.with(Describe("about the repo of which deliveries were shed"))
	for i, wait := afterBurst, firstWait; ; i, wait = i+1, min(2*wait, lastWait) {
		asked, _ := latest.RetryAfter()
		next := latest.ended().Add(max(wait, asked))
		if next.After(deadline) {
			next = deadline
		}
		// The attempt reports an interruption.
		_ = observe.Pause(h.run.ctx, time.Until(next))
		latest = h.Attempt(sequence.At(i))
		if latest.Accepted() || !time.Now().Before(deadline) {
			return latest
		}
		if latest.Unanswered() {
			h.Deliver(Describe("about another repo")) // does the whole handler hang?
		}
	}
}
