package suites

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// dailyQuota is how many triggers a webhook has in 24 hours.
const dailyQuota = 1000

// Burst is what came of many deliveries about one repo: a day's quota of a webhook
// is used up by the pushes to few. Several checks look at the same one, since a slow
// handler takes its time for each.
type Burst struct {
	Wanted  int      // deliveries
	Answers []Answer // in the order in which they came
	budget  time.Duration
}

// burst is a burst that goes on as far as checks ask for.
type burst struct {
	connections int
	deliveries  []Delivery
	answers     []Answer
	notes       notebook
	spent       time.Duration
	broken      bool // an answer did not come whole, so that no more is sent
}

// Quota makes the first n deliveries of a day's quota over so many connections, each
// as soon as an earlier one on its connection is answered. It ends early when the
// budget is used up, or when an answer does not come whole.
func (h *Handler) Quota(n, connections int) Burst {
	h.run.mayGoOn(h)
	b := h.run.bursts[connections]
	if b == nil {
		b = &burst{connections: connections, deliveries: h.sameRepo(dailyQuota, burstIndex(connections))}
		h.run.bursts[connections] = b
	}
	h.extend(b, n)
	h.notes.absorb(&b.notes)
	return Burst{Wanted: n, Answers: b.answers[:min(n, len(b.answers))], budget: h.run.options.Budget}
}

// burstIndex is the index of the repo that a burst is about: always the same,
// whichever check asks first.
func burstIndex(connections int) uint64 {
	return firstIndex(Check{ID: "RAT-02", Area: RateLimit}) + uint64(connections)
}

// sameRepo makes n deliveries that all tell of one repo.
func (h *Handler) sameRepo(n int, of uint64) []Delivery {
	deliveries := make([]Delivery, n)
	for i := range deliveries {
		deliveries[i] = h.New(Telling(of))
	}
	return deliveries
}

// extend sends what is missing up to the nth delivery.
func (h *Handler) extend(b *burst, n int) {
	missing := b.deliveries[min(len(b.answers), n):n]
	left := h.run.options.Budget - b.spent
	if b.broken || len(missing) == 0 || left <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(h.run.ctx, left)
	defer cancel()
	began := time.Now()
	var mu sync.Mutex
	h.pour(ctx, missing, b.connections, func(d Delivery, answer Answer) {
		mu.Lock()
		defer mu.Unlock()
		b.answers = append(b.answers, answer)
		b.notes.add(d, answer)
		if !answer.Complete() {
			b.broken = true
			cancel()
		}
	})
	b.spent += time.Since(began)
}

// pour sends deliveries over so many connections, until a context is over or the
// handler has fallen silent. What comes back is told from several goroutines.
func (h *Handler) pour(ctx context.Context, deliveries []Delivery, connections int, tell func(Delivery, Answer)) {
	var all sync.WaitGroup
	var next atomic.Int64
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && !h.run.silent() {
				i := int(next.Add(1)) - 1
				if i >= len(deliveries) {
					return
				}
				tell(deliveries[i], h.sendUnnoted(deliveries[i]))
			}
		})
	}
	all.Wait()
}

// Conclude ends the check as inconclusive where the burst came to no end.
func (h *Handler) Conclude(b Burst) {
	if len(b.Answers) < b.Wanted {
		h.run.mayGoOn(h)
		h.Inconclusive("%d of %d sent within the budget of %v, all of them answered well; a longer --budget would settle it",
			len(b.Answers), b.Wanted, b.budget)
	}
}

// ofBurst says which delivery of a burst an answer is about.
func ofBurst(i int, b Burst) string { return fmt.Sprintf("delivery %d of %d", i+1, b.Wanted) }
