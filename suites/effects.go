package suites

import (
	"context"
	"strings"
)

// EffectOf does something and tells what the handler did because of it, waiting
// as long as an effect may take to show.
func (h *Handler) EffectOf(do func()) effect { return h.effect(do, true) }

// SideEffectOf does something that should have no effect, and tells what it had
// nevertheless. It waits for several times as long as real effects took to show.
func (h *Handler) SideEffectOf(do func()) effect { return h.effect(do, false) }

func (h *Handler) effect(do func(), expected bool) effect {
	h.observed = true
	seen, err := h.run.observer.effect(h.run.ctx, do, expected)
	if err != nil {
		h.observerFailed(err)
	}
	return seen
}

// effect tells what a handler did because of something. Where that should have an
// effect, it is waited for.
func (o *observer) effect(ctx context.Context, do func(), expected bool) (effect, error) {
	if err := o.waitIdle(ctx); err != nil {
		return nil, err
	}
	before, err := o.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	do()
	patience := o.pace.quiet()
	if expected {
		patience = o.pace.patience()
	}
	seen, took, err := o.watch(ctx, before, patience)
	if err != nil {
		return nil, err
	}
	o.pace.learn(took, expected)
	o.settled()
	return seen, nil
}

// observerFailed ends a check whose observer does not see.
func (h *Handler) observerFailed(err error) {
	h.run.requireRunning(h)
	h.Inconclusive("the observer failed: %s", h.run.mask.Text(err.Error()))
}

// RequireEffect ends the check as inconclusive where a genuine delivery had no
// effect that the observer could see.
func (h *Handler) RequireEffect(seen effect) {
	if len(seen) == 0 {
		h.Inconclusive("the observer saw no effect of a genuine delivery, or none that two of them have in common")
	}
}

// Baseline is what updates on a scope lead to: their answers, and what the
// observer sees. Two of them tell what differs from one to the next anyway.
type Baseline struct {
	responses     []Response
	First, Second effect // of the observer; none where nobody looks
}

// Volatile is what differs between two updates on the same scope.
func (u Baseline) Volatile() map[string]bool { return u.First.differing(u.Second) }

// Common is what both have in common.
func (u Baseline) Common() effect { return u.Second.without(u.Volatile()) }

// BaselineOn is what an update on a scope leads to. It is found out once.
func (h *Handler) BaselineOn(scope string) Baseline {
	if known, ok := h.run.baselines[scope]; ok {
		return known
	}
	var u Baseline
	update := func() { u.responses = append(u.responses, h.update(scope)) }
	if !h.SeesEffects() {
		update()
		update()
	} else if u.First = h.SideEffectOf(update); len(u.First) > 0 {
		u.Second = h.EffectOf(update)
	} else {
		update()
	}
	h.run.baselines[scope] = u
	return u
}

// update delivers an update on a scope, which is to be accepted.
func (h *Handler) update(scope string) Response {
	answer := h.Deliver(WithEvent(scope, "update"))
	h.RequireAccepted(answer)
	return answer
}

// WithEvent makes a payload of an event, the same as that of an update on the nearest
// known scope but for the names of scope and action.
func WithEvent(scope, action string) DeliveryOption {
	return func(d *Delivery) {
		WithShape(scope + "." + action)(d)
		if scope == "repo.config" || strings.HasPrefix(scope, "repo.config.") {
			// Which key changed is left to chance otherwise, and handlers may care.
			WithProperty("updatedConfig", map[string]bool{"private": true})(d)
		}
	}
}
