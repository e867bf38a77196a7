package check

import (
	"errors"

	"github.com/hubhook/hubhook/suites/observe"
)

// Counts are what an observer saw of a burst: by how much counters grew.
type Counts struct {
	PerDelivery observe.Effect // the same for two single deliveries
	Burst       observe.Effect
	Afterwards  observe.Effect // for one more delivery
	Open        bool           // that one was accepted
	Err         error          // why nothing was seen
}

var errNotAccepted = errors.New("a single delivery was not accepted")

// observeBurst sends a burst between single deliveries, which show what counts.
func (h *Handler) observeBurst(b *burstLog, send func()) {
	first, err := h.sendSingle(b, DailyQuota)
	second, errSecond := h.sendSingle(b, DailyQuota+1)
	b.counts.PerDelivery = observe.Counters(first, second)
	if b.counts.Err = errors.Join(err, errSecond); b.counts.Err != nil || len(b.counts.PerDelivery) == 0 {
		send()
		return
	}
	o := h.run.observer
	before, err := o.Snapshot(h.run.ctx)
	send()
	if b.counts.Err = err; err != nil {
		return
	}
	expected := b.counts.PerDelivery.Times(Burst{Responses: b.responses}.Accepted())
	b.counts.Burst, b.counts.Err = o.AwaitCounts(h.run.ctx, before, expected, h.run.config.Budget)
	if b.counts.Err != nil || b.broken {
		return // nothing more is sent to a handler that left a delivery waiting
	}
	b.counts.Afterwards, err = h.sendSingle(b, DailyQuota+2)
	if b.counts.Open = err == nil; !errors.Is(err, errNotAccepted) {
		b.counts.Err = err
	}
}

// sendSingle returns the effect of one delivery about the repo of a burst.
func (h *Handler) sendSingle(b *burstLog, i int) (observe.Effect, error) {
	var r Response
	seen, err := h.run.observer.Effect(h.run.ctx, func() { r = h.send(b.sequence.At(i)) }, true)
	if err == nil && !r.Accepted() {
		return nil, errNotAccepted
	}
	return seen, err
}
