package suites

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Burst is what came of many deliveries.
type Burst struct {
	Wanted  int
	Answers []Answer // in the order in which they came
	budget  time.Duration
}

// Burst makes n genuine deliveries about one repo over so many connections,
// each as soon as an earlier one is answered. It ends early when the budget of
// the check is used up, when a delivery is not what it should be, or when the
// handler has fallen silent.
func (h *Handler) Burst(n, connections int, good func(Answer) bool) Burst {
	h.run.mayGoOn(h)
	deliveries := h.sameRepo(n)
	ctx, cancel := context.WithTimeout(h.run.ctx, h.run.options.Budget)
	defer cancel()
	b := Burst{Wanted: n, budget: h.run.options.Budget}
	var (
		mu   sync.Mutex
		all  sync.WaitGroup
		next atomic.Int64
	)
	for range connections {
		all.Go(func() {
			for ctx.Err() == nil && !h.run.silent() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				answer := h.send(deliveries(i))
				mu.Lock()
				b.Answers = append(b.Answers, answer)
				mu.Unlock()
				if !good(answer) {
					cancel()
				}
			}
		})
	}
	all.Wait()
	return b
}

// sameRepo makes deliveries that all tell of one repo: a day's quota of a
// webhook is used up by the pushes to few.
func (h *Handler) sameRepo(n int) func(i int) Delivery {
	of := h.next
	deliveries := make([]Delivery, n)
	for i := range deliveries {
		deliveries[i] = h.New(Telling(of))
	}
	return func(i int) Delivery { return deliveries[i] }
}

// Conclude ends the check as inconclusive where the burst came to no end.
func (h *Handler) Conclude(b Burst) {
	if len(b.Answers) < b.Wanted {
		h.run.mayGoOn(h)
		h.Inconclusive("%d of %d sent within the budget of %v, all of them answered well; a longer --budget would settle it",
			len(b.Answers), b.Wanted, b.budget)
	}
}
