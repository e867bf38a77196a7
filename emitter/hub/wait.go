package hub

import (
	"context"
	"slices"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// Idle waits until nothing is under way: every change is written, every attempt that
// is due is made. Retries that are due later are not waited for; see Advance.
func (h *Hub) Idle(ctx context.Context) error {
	return h.until(ctx, func() bool { return h.db.IsIdle(h.dispatcher.IsIdle) })
}

// Deliveries returns the deliveries that match a query, the latest first.
func (h *Hub) Deliveries(q Query) []Delivery {
	var list []Delivery
	h.db.View(func(s *domain.State) {
		for d := range s.Latest(q) {
			if list = append(list, *d); len(list) == q.Limit {
				return
			}
		}
	})
	return list
}

// WaitFor waits for a delivery that matches a query, and returns the earliest.
func (h *Hub) WaitFor(ctx context.Context, q Query) (Delivery, error) {
	var found Delivery
	err := h.until(ctx, func() bool {
		known := false
		h.db.View(func(s *domain.State) {
			at := slices.IndexFunc(s.Deliveries(), func(d *Delivery) bool { return s.Matches(&q, d) })
			if known = at >= 0; known {
				found = *s.Deliveries()[at]
			}
		})
		return known
	})
	return found, err
}

// Payload returns the body of a delivery; nil if it is no longer kept.
func (h *Hub) Payload(d Delivery) []byte { return h.db.Payload(d.Number) }

// until waits for something to hold. It ends early where the context or the Hub does.
func (h *Hub) until(ctx context.Context, holds func() bool) error {
	for {
		changed := h.db.Watchers.Wait()
		if holds() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return domain.ErrClosed
		case <-changed:
		}
	}
}
