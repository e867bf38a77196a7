package suites

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// DailyQuota is how many triggers a webhook has in 24 hours.
const DailyQuota = 1000

// Over how many connections at once a day's quota is sent.
const (
	conns1  = 1
	conns10 = 10
	conns50 = 50
)

// Burst is what came of many deliveries about one repo: a day's quota of a webhook
// is used up by the pushes to few. Several checks look at the same one, since a slow
// handler takes its time for each.
type Burst struct {
	Wanted      int        // deliveries
	Connections int        // at once
	Responses   []Response // in the order in which they came, without what no check asks for
	budget      time.Duration
	broken      bool // it ended at an answer that did not come whole
}

// burst is a burst that goes on as far as checks ask for.
type burst struct {
	connections int
	sequence    repoSequence
	responses   []Response
	recorder    recorder
	bad         []attempted // the first that were not accepted
	spent       time.Duration
	broken      bool   // an answer did not come whole, so that no more is sent
	counts      Counts // what the handler did; zero where it was not watched
}

// DailyBurst makes the first n deliveries of a day's quota over so many connections, each
// as soon as an earlier one on its connection is answered. It ends early when the
// budget is used up, or when an answer does not come whole.
func (h *Handler) DailyBurst(n, connections int) Burst {
	b := h.dailyBurst(n, connections)
	h.ShowBurst(connections)
	return b
}

// AcceptedBursts makes a day's quota over one connection, over few and over many, and
// gives those of which something was accepted: who refuses everything sheds nothing.
func (h *Handler) AcceptedBursts() []Burst {
	var all []Burst
	for _, connections := range []int{conns1, conns10, conns50} {
		if b := h.dailyBurst(DailyQuota, connections); b.accepted() > 0 {
			all = append(all, b)
		}
	}
	if len(all) == 0 {
		h.RequireAnyAccepted(Burst{})
	}
	return all
}

func (h *Handler) dailyBurst(n, connections int) Burst {
	h.run.requireRunning(h)
	b := h.run.bursts[connections]
	if b == nil {
		b = h.newBurst(connections)
		h.run.bursts[connections] = b
	}
	h.extend(b, n)
	answers := slices.Clone(b.responses[:min(n, len(b.responses))])
	for i := range answers {
		answers[i].culprit = &h.culprit // and not of the check that sent them
	}
	return Burst{n, connections, answers, h.run.options.Budget, b.broken}
}

// ShowBurst has the report of this check show the burst: how it began and ended, and
// what went wrong first.
func (h *Handler) ShowBurst(connections int) {
	b := h.run.bursts[connections]
	shown := recorder{sent: b.recorder.sent, kept: slices.Clone(b.recorder.kept)}
	if n := len(shown.kept); n > keptFirst+len(b.bad) {
		shown.kept = slices.Delete(shown.kept, keptFirst, min(keptFirst+len(b.bad), n))
	}
	for _, bad := range b.bad {
		if !slices.ContainsFunc(shown.kept, func(n attempted) bool { return n.sent.id == bad.sent.id }) {
			shown.kept = append(shown.kept, bad)
		}
	}
	slices.SortStableFunc(shown.kept, func(a, b attempted) int { return a.got.exchange.Started.Compare(b.got.exchange.Started) })
	h.recorder.merge(&shown)
}

// newBurst is one that has not begun. The crowded one is watched, where there is
// anything to be seen, and therefore of a shape on which the handler acts.
func (h *Handler) newBurst(connections int) *burst {
	shape := UsualShape
	if connections == conns50 && h.SeesEffects() {
		shape = h.run.activeShape
	}
	// Always the same repo, whichever check asks first.
	index := firstIndex(Check{ID: "RAT-02", Area: RateLimit}) + uint64(connections)
	return &burst{connections: connections, sequence: h.newSequence(shape, index)}
}

// extend sends what is missing up to the nth delivery.
func (h *Handler) extend(b *burst, n int) {
	left := h.run.options.Budget - b.spent
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

func (h *Handler) sendUpTo(b *burst, n int, left time.Duration) {
	ctx, cancel := context.WithTimeout(h.run.ctx, left)
	defer cancel()
	began := time.Now()
	var mu sync.Mutex
	h.sendAll(ctx, b.sequence.from(len(b.responses), n), b.connections, func(d Delivery, answer Response) {
		mu.Lock()
		defer mu.Unlock()
		b.recorder.add(d, answer)
		whole := !answer.Accepted() && len(b.bad) < keptBad
		if whole {
			b.bad = append(b.bad, attempted{d, answer})
		}
		b.responses = append(b.responses, answer.trimmed(whole))
		if !answer.Complete() {
			b.broken = true
			cancel()
		}
	})
	b.spent += time.Since(began)
}

// keptBad is how many answers of a burst are kept whole that accept nothing.
const keptBad = 4

// trimmed is an answer without what no check of a burst asks for: a thousand of them
// are kept. Its body is left out unless it is wanted.
func (a Response) trimmed(withBody bool) Response {
	lean := delivery.Exchange{Started: a.exchange.Started, Duration: a.exchange.Duration, Err: a.exchange.Err}
	if r := a.exchange.Response; r != nil {
		lean.Response = &delivery.Response{Status: r.Status, Header: http.Header{}}
		if values := r.Header.Values(retryAfter); len(values) > 0 {
			lean.Response.Header[retryAfter] = values
		}
		if withBody {
			lean.Response.Body = r.Body
		}
	}
	return Response{what: a.what, exchange: lean, mask: a.mask}
}

// sendAll sends deliveries over so many connections until there are no more, a context
// is over, or the handler has fallen silent. What comes back is told from several
// goroutines.
func (h *Handler) sendAll(ctx context.Context, next func() (Delivery, bool), connections int, tell func(Delivery, Response)) {
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && !h.run.isStopped() {
				d, more := next()
				if !more {
					return
				}
				tell(d, h.sendUnnoted(d))
			}
		})
	}
	all.Wait()
}

// RequireComplete ends the check as inconclusive where the burst came to no end.
func (h *Handler) RequireComplete(b Burst) {
	if len(b.Responses) < b.Wanted {
		h.run.requireRunning(h)
		if b.broken {
			h.Inconclusive("the burst ended after %d of %d deliveries, since one got no complete answer", len(b.Responses), b.Wanted)
		}
		h.Inconclusive("%d of %d sent within the budget of %v, and nothing was wrong with them; a longer --budget would settle it",
			len(b.Responses), b.Wanted, b.budget)
	}
}

// handOver gives deliveries one by one, to several goroutines.
func handOver(deliveries []Delivery) func() (Delivery, bool) {
	var next atomic.Int64
	return func() (Delivery, bool) {
		at := int(next.Add(1)) - 1
		if at >= len(deliveries) {
			return Delivery{}, false
		}
		return deliveries[at], true
	}
}

// accepted counts the deliveries that were accepted.
func (b Burst) accepted() int {
	n := 0
	for _, answer := range b.Responses {
		if answer.Accepted() {
			n++
		}
	}
	return n
}

// shed are the answers that accept nothing.
func (b Burst) shed() []Response {
	return slices.DeleteFunc(slices.Clone(b.Responses), Response.Accepted)
}

// RequireAnyAccepted ends the check where nothing of a burst was accepted: a handler that
// refuses everything is no quick one.
func (h *Handler) RequireAnyAccepted(b Burst) {
	if b.accepted() == 0 {
		h.run.requireRunning(h)
		h.Inconclusive("no delivery of the burst was accepted, so that this says nothing: see SEC-01")
	}
}

// ofBurst says which delivery of a burst an answer is about.
func ofBurst(i int, b Burst) string {
	if b.Connections == conns1 {
		return fmt.Sprintf("delivery %d of %d, one after another", i+1, b.Wanted)
	}
	return fmt.Sprintf("delivery %d of %d over %d connections", i+1, b.Wanted, b.Connections)
}
