package suites

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/onsi/gomega"
)

// Counts is what an observer saw of a burst: by how much counters grew.
type Counts struct {
	step  effect // for one delivery; the same for two of them
	grown effect // for the burst
	after effect // for one more delivery
	open  bool   // whether that one was accepted
	err   error  // why nothing was seen
}

var errNotAccepted = errors.New("a single delivery was not accepted")

// observeBurst has a burst sent between single deliveries, which show what counts.
func (h *Handler) observeBurst(b *burst, send func()) {
	first, err := h.single(b, DailyQuota)
	second, errSecond := h.single(b, DailyQuota+1)
	b.counts.step = steps(first, second)
	if b.counts.err = errors.Join(err, errSecond); b.counts.err != nil || len(b.counts.step) == 0 {
		send()
		return
	}
	o := h.run.observer
	before, err := o.snapshot(h.run.ctx)
	send()
	if b.counts.err = err; err != nil {
		return
	}
	expected := b.counts.step.times(Burst{Responses: b.responses}.accepted())
	if b.counts.grown, b.counts.err = o.watchCounting(h.run.ctx, before, expected, h.run.options.Budget); b.counts.err != nil {
		return
	}
	if b.broken {
		return // nothing more is sent to who left one waiting
	}
	b.counts.after, err = h.single(b, DailyQuota+2)
	if b.counts.open = err == nil; !errors.Is(err, errNotAccepted) {
		b.counts.err = err
	}
}

// single is what one delivery about the repo of a burst leads to.
func (h *Handler) single(b *burst, i int) (effect, error) {
	var answer Response
	seen, err := h.run.observer.effect(h.run.ctx, func() { answer = h.send(b.sequence.at(i)) }, true)
	if err == nil && !answer.Accepted() {
		return nil, errNotAccepted
	}
	return seen, err
}

// steps are the counters that grow by as much for each of two deliveries. What
// belongs to a new item of a list is none.
func steps(first, second effect) effect {
	counters := effect{}
	for pointer, change := range first {
		grown, ok := new(big.Rat).SetString(change)
		if ok && grown.Sign() > 0 && second[pointer] == change && !strings.Contains(pointer, "/+") {
			counters[pointer] = change
		}
	}
	return counters
}

// times is what counters grow by for n deliveries.
func (e effect) times(n int) effect {
	product := effect{}
	for pointer := range e {
		product[pointer] = signed(new(big.Rat).Mul(e.growth(pointer), big.NewRat(int64(n), 1)))
	}
	return product
}

// growth is by how much a counter grew.
func (e effect) growth(pointer string) *big.Rat {
	if grown, ok := new(big.Rat).SetString(e[pointer]); ok {
		return grown
	}
	return new(big.Rat)
}

// of leaves out all but some counters.
func (e effect) of(counters effect) effect {
	left := effect{}
	for pointer := range counters {
		if change, ok := e[pointer]; ok {
			left[pointer] = change
		}
	}
	return left
}

// countingPoll is the time between two looks at counters.
const countingPoll = 10 * time.Millisecond

// watchCounting waits until counters have grown as is expected, and stand still. A
// handler that works off a burst may take its time: it is waited for as long as
// anything moves.
func (o *observer) watchCounting(ctx context.Context, before snapshot, expected effect, longest time.Duration) (effect, error) {
	began := time.Now()
	lastChange, seen := began, effect(nil)
	for {
		now, err := o.snapshot(ctx)
		if err != nil {
			return nil, err
		}
		if latest := o.changes(before, now); !latest.equal(seen) {
			lastChange, seen = time.Now(), latest
		}
		still := time.Since(lastChange)
		if still >= o.pace.patience() || still >= o.pace.quiet() && seen.of(expected).equal(expected) {
			o.settled()
			return seen, nil
		}
		if time.Since(began) >= longest {
			return nil, fmt.Errorf("after %v it is still at work: %s", longest, seen.of(expected))
		}
		if err := pause(ctx, max(o.pace.poll(), countingPoll)); err != nil {
			return nil, err
		}
	}
}

// actsOnceForEach compares what counters grew by in a burst with what they grow by
// for one delivery.
func actsOnceForEach(g gomega.Gomega, h *Handler) {
	h.ActiveShape()
	b := h.DailyBurst(DailyQuota, conns50)
	seen := h.run.bursts[conns50].counts
	h.RequireAnyAccepted(b)
	switch {
	case seen.err != nil:
		h.run.requireRunning(h)
		h.Inconclusive("the observer did not see what came of the burst: %s", h.run.mask.Text(seen.err.Error()))
	case len(seen.step) == 0:
		h.Inconclusive("the observer shows nothing that counts: no number, or length of a list, grows by as much for each delivery")
	case h.run.bursts[conns50].broken:
		h.Inconclusive("a delivery of the burst got no complete answer, so that it may have been acted on or not: see RAT-05")
	}
	did := fmt.Sprintf("%d deliveries over %d connections, each accepted, each with a Webhook-Id of its own", b.accepted(), b.Connections)
	expected := h.withoutBounded(seen, seen.step.times(b.accepted()))
	g.Expect(seen.grown.of(expected)).To(BeSameEffect(expected, nil, did))
	h.RequireComplete(b)
}

// withoutBounded leaves out the counters that ended at a bound, such as the length
// of a list of the latest events: they grow no more for a delivery after the burst.
func (h *Handler) withoutBounded(seen Counts, expected effect) effect {
	left := effect{}
	for pointer, want := range expected {
		short := seen.grown.growth(pointer).Cmp(expected.growth(pointer)) < 0
		if short && len(seen.after) > 0 && seen.after[pointer] != seen.step[pointer] {
			continue
		}
		if short && !seen.open {
			h.Inconclusive("the observer shows less than was accepted, and since no more is accepted now, that may be as far as it counts: %s", seen.grown.of(expected))
		}
		left[pointer] = want
	}
	if len(left) == 0 {
		h.Inconclusive("the observer shows nothing that counts as far as a burst goes: %s, and no more", seen.grown.of(expected))
	}
	return left
}
