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

// dailyQuota is how many triggers a webhook has in 24 hours.
const dailyQuota = 1000

// Over how many connections at once a day's quota is sent.
const (
	oneByOne = 1
	few      = 10
	crowd    = 50
)

// Burst is what came of many deliveries about one repo: a day's quota of a webhook
// is used up by the pushes to few. Several checks look at the same one, since a slow
// handler takes its time for each.
type Burst struct {
	Wanted      int      // deliveries
	Connections int      // at once
	Answers     []Answer // in the order in which they came, without what no check asks for
	budget      time.Duration
	broken      bool // it ended at an answer that did not come whole
}

// burst is a burst that goes on as far as checks ask for.
type burst struct {
	connections int
	about       sameRepo
	answers     []Answer
	notes       notebook
	bad         []noted // the first that were not accepted
	spent       time.Duration
	broken      bool    // an answer did not come whole, so that no more is sent
	seen        counted // what the handler did; zero where it was not watched
}

// Quota makes the first n deliveries of a day's quota over so many connections, each
// as soon as an earlier one on its connection is answered. It ends early when the
// budget is used up, or when an answer does not come whole.
func (h *Handler) Quota(n, connections int) Burst {
	b := h.quota(n, connections)
	h.noteBurst(connections)
	return b
}

// UsefulBursts makes a day's quota over one connection, over few and over many, and
// gives those of which something was accepted: who refuses everything sheds nothing.
func (h *Handler) UsefulBursts() []Burst {
	var all []Burst
	for _, connections := range []int{oneByOne, few, crowd} {
		if b := h.quota(dailyQuota, connections); b.accepted() > 0 {
			all = append(all, b)
		}
	}
	if len(all) == 0 {
		h.Control(Burst{})
	}
	return all
}

func (h *Handler) quota(n, connections int) Burst {
	h.run.mayGoOn(h)
	b := h.run.bursts[connections]
	if b == nil {
		b = h.newBurst(connections)
		h.run.bursts[connections] = b
	}
	h.extend(b, n)
	answers := slices.Clone(b.answers[:min(n, len(b.answers))])
	for i := range answers {
		answers[i].about = &h.about // and not of the check that sent them
	}
	return Burst{n, connections, answers, h.run.options.Budget, b.broken}
}

// noteBurst has the report of this check show the burst: how it began and ended, and
// what went wrong first.
func (h *Handler) noteBurst(connections int) {
	b := h.run.bursts[connections]
	shown := notebook{sent: b.notes.sent, kept: slices.Clone(b.notes.kept)}
	if n := len(shown.kept); n > keptFirst+len(b.bad) {
		shown.kept = slices.Delete(shown.kept, keptFirst, min(keptFirst+len(b.bad), n))
	}
	for _, bad := range b.bad {
		if !slices.ContainsFunc(shown.kept, func(n noted) bool { return n.sent.id == bad.sent.id }) {
			shown.kept = append(shown.kept, bad)
		}
	}
	slices.SortStableFunc(shown.kept, func(a, b noted) int { return a.got.x.Started.Compare(b.got.x.Started) })
	h.notes.absorb(&shown)
}

// newBurst is one that has not begun. The crowded one is watched, where there is
// anything to be seen, and therefore of a shape on which the handler acts.
func (h *Handler) newBurst(connections int) *burst {
	shape := usual
	if connections == crowd && h.sees() {
		shape = h.run.acting
	}
	// Always the same repo, whichever check asks first.
	index := firstIndex(Check{ID: "RAT-02", Area: RateLimit}) + uint64(connections)
	return &burst{connections: connections, about: h.aboutRepo(shape, index)}
}

// extend sends what is missing up to the nth delivery.
func (h *Handler) extend(b *burst, n int) {
	left := h.run.options.Budget - b.spent
	if b.broken || len(b.answers) >= n || left <= 0 {
		return
	}
	send := func() { h.sendUpTo(b, n, left) }
	if b.connections == crowd && h.sees() {
		h.watchBurst(b, send)
	} else {
		send()
	}
}

func (h *Handler) sendUpTo(b *burst, n int, left time.Duration) {
	ctx, cancel := context.WithTimeout(h.run.ctx, left)
	defer cancel()
	began := time.Now()
	var mu sync.Mutex
	h.pour(ctx, b.about.from(len(b.answers), n), b.connections, func(d Delivery, answer Answer) {
		mu.Lock()
		defer mu.Unlock()
		b.notes.add(d, answer)
		whole := !answer.Accepted() && len(b.bad) < keptBad
		if whole {
			b.bad = append(b.bad, noted{d, answer})
		}
		b.answers = append(b.answers, answer.lean(whole))
		if !answer.Complete() {
			b.broken = true
			cancel()
		}
	})
	b.spent += time.Since(began)
}

// keptBad is how many answers of a burst are kept whole that accept nothing.
const keptBad = 4

// lean is an answer without what no check of a burst asks for: a thousand of them
// are kept. Its body is left out unless it is wanted.
func (a Answer) lean(withBody bool) Answer {
	lean := delivery.Exchange{Started: a.x.Started, Duration: a.x.Duration, Err: a.x.Err}
	if r := a.x.Response; r != nil {
		lean.Response = &delivery.Response{Status: r.Status, Header: http.Header{}}
		if values := r.Header.Values(retryAfter); len(values) > 0 {
			lean.Response.Header[retryAfter] = values
		}
		if withBody {
			lean.Response.Body = r.Body
		}
	}
	return Answer{what: a.what, x: lean, mask: a.mask}
}

// pour sends deliveries over so many connections until there are no more, a context
// is over, or the handler has fallen silent. What comes back is told from several
// goroutines.
func (h *Handler) pour(ctx context.Context, next func() (Delivery, bool), connections int, tell func(Delivery, Answer)) {
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && !h.run.silent() {
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

// Conclude ends the check as inconclusive where the burst came to no end.
func (h *Handler) Conclude(b Burst) {
	if len(b.Answers) < b.Wanted {
		h.run.mayGoOn(h)
		if b.broken {
			h.Inconclusive("the burst ended after %d of %d deliveries, since one got no complete answer", len(b.Answers), b.Wanted)
		}
		h.Inconclusive("%d of %d sent within the budget of %v, and nothing was wrong with them; a longer --budget would settle it",
			len(b.Answers), b.Wanted, b.budget)
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
	for _, answer := range b.Answers {
		if answer.Accepted() {
			n++
		}
	}
	return n
}

// shed are the answers that accept nothing.
func (b Burst) shed() []Answer {
	return slices.DeleteFunc(slices.Clone(b.Answers), Answer.Accepted)
}

// Control ends the check where nothing of a burst was accepted: a handler that
// refuses everything is no quick one.
func (h *Handler) Control(b Burst) {
	if b.accepted() == 0 {
		h.run.mayGoOn(h)
		h.Inconclusive("no delivery of the burst was accepted, so that this says nothing: see SEC-01")
	}
}

// ofBurst says which delivery of a burst an answer is about.
func ofBurst(i int, b Burst) string {
	if b.Connections == oneByOne {
		return fmt.Sprintf("delivery %d of %d, one after another", i+1, b.Wanted)
	}
	return fmt.Sprintf("delivery %d of %d over %d connections", i+1, b.Wanted, b.Connections)
}
