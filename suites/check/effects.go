package check

import (
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/observe"
)

// HasObserver reports whether the target is observed.
func (h *Handler) HasObserver() bool { return h.run.observer != nil }

// EffectOf calls do and returns what the handler did because of it. It waits as long as
// an effect may take to show.
func (h *Handler) EffectOf(do func()) observe.Effect { return h.effect(do, true) }

// SideEffectOf calls do, which should have no effect, and returns what the handler did
// nevertheless. It waits several times as long as real effects took to show.
func (h *Handler) SideEffectOf(do func()) observe.Effect { return h.effect(do, false) }

func (h *Handler) effect(do func(), expected bool) observe.Effect {
	h.observed = true
	seen, err := h.run.observer.Effect(h.run.ctx, do, expected)
	if err != nil {
		h.RequireRunning()
		h.Inconclusive("the observer failed: %s", h.run.Mask.Text(err.Error()))
	}
	return seen
}

func (h *Handler) markDirty() {
	if h.run.observer != nil {
		h.run.observer.MarkDirty()
	}
}

// RequireEffect ends the check as inconclusive if a valid delivery had no effect.
func (h *Handler) RequireEffect(seen observe.Effect) {
	if len(seen) == 0 {
		h.Inconclusive("the observer saw no effect of a genuine delivery, or none that two of them have in common")
	}
}

// ExpectNoEffect expects an effect in which nothing changed.
func (h *Handler) ExpectNoEffect(seen observe.Effect, sent string) {
	h.expectEffect(len(seen) == 0, seen, sent, "no effect that the observer can see")
}

// ExpectAnyEffect expects an effect in which something changed.
func (h *Handler) ExpectAnyEffect(seen observe.Effect, sent string) {
	h.expectEffect(len(seen) > 0, seen, sent, "an effect that the observer can see")
}

// ExpectSameEffect expects the effect of another delivery, except for volatile values.
func (h *Handler) ExpectSameEffect(seen, other observe.Effect, volatile map[string]bool, sent string) {
	want := other.Without(volatile)
	h.expectEffect(seen.Without(volatile).Equal(want), seen, sent, want.String())
}

// ExpectOtherEffect expects another effect than that of another delivery.
func (h *Handler) ExpectOtherEffect(seen, other observe.Effect, sent string) {
	h.expectEffect(!seen.Equal(other), seen, sent, "anything but "+other.String())
}

func (h *Handler) expectEffect(holds bool, seen observe.Effect, sent, want string) {
	if !holds {
		panic(newOutcome(reports.Failed, observations(sent, want, "observed", seen.String())))
	}
}

// ActiveShape returns a shape on which the handler is seen to act. Handlers are made for
// some events and acknowledge the others, so the first check that asks finds out. Without
// such a shape the check ends.
func (h *Handler) ActiveShape() string {
	if !h.SeesEffects() {
		h.Inconclusive("the observer saw no effect of any genuine delivery: is it the page that tells what this handler did, and does the handler act on such events?")
	}
	return h.run.activeShape
}

// SeesEffects reports whether there is an observer that shows what the handler does.
func (h *Handler) SeesEffects() bool {
	if h.run.observer == nil {
		return false
	}
	if h.run.activeShape == "" {
		h.run.activeShape = h.findActiveShape()
	}
	return h.run.activeShape != noShape
}

// noShape is the active shape of a handler that is seen to act on none.
const noShape = "(none)"

func (h *Handler) findActiveShape() string {
	// All at once first: one wait shows whether there is anything to be seen,
	// and how long it takes.
	all := h.EffectOf(func() {
		for _, shape := range h.todaysShapes() {
			h.Deliver(WithShape(shape))
		}
	})
	if len(all) == 0 {
		return noShape
	}
	for _, shape := range h.todaysShapes() {
		if len(h.SideEffectOf(func() { h.Deliver(WithShape(shape)) })) > 0 {
			return shape
		}
	}
	return noShape
}

// A Baseline is what two deliveries of the same kind lead to: their responses, and their
// effects. What differs between them differs for any two.
type Baseline struct {
	responses     []Response
	First, Second observe.Effect // empty without an observer
}

// Volatile returns the pointers at which the two effects differ.
func (b Baseline) Volatile() map[string]bool { return b.First.Differing(b.Second) }

// Common returns what the two effects have in common.
func (b Baseline) Common() observe.Effect { return b.Second.Without(b.Volatile()) }

// BaselineOn returns what an update on a scope leads to. It asks once for all checks.
func (h *Handler) BaselineOn(scope string) Baseline {
	if known, ok := h.run.baselines[scope]; ok {
		return known
	}
	var b Baseline
	update := func() { b.responses = append(b.responses, h.update(scope)) }
	if !h.SeesEffects() {
		update()
		update()
	} else if b.First = h.SideEffectOf(update); len(b.First) > 0 {
		b.Second = h.EffectOf(update)
	} else {
		update()
	}
	h.run.baselines[scope] = b
	return b
}

// ActiveBaseline returns what a delivery of the active shape leads to. It ends the check
// if two of them have nothing in common: then nothing can be compared.
func (h *Handler) ActiveBaseline() Baseline {
	shape := h.ActiveShape()
	if known, ok := h.run.baselines[shape]; ok {
		return known
	}
	var b Baseline
	b.First = h.EffectOf(func() { h.RequireAccepted(h.Deliver(WithShape(shape))) })
	b.Second = h.EffectOf(func() { h.RequireAccepted(h.Deliver(WithShape(shape))) })
	h.RequireEffect(b.Common())
	h.run.baselines[shape] = b
	return b
}

// update delivers an update on a scope, which the handler has to accept.
func (h *Handler) update(scope string) Response {
	r := h.Deliver(WithEvent(scope, "update"))
	h.RequireAccepted(r)
	return r
}
