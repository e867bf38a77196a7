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
		h.blind(err)
	}
	return seen
}

// effect tells what a handler did because of something. Where that should have an
// effect, it is waited for.
func (o *observer) effect(ctx context.Context, do func(), expected bool) (effect, error) {
	if err := o.calm(ctx); err != nil {
		return nil, err
	}
	before, err := o.look(ctx)
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

// blind ends a check whose observer does not see.
func (h *Handler) blind(err error) {
	h.run.mayGoOn(h)
	h.Inconclusive("the observer failed: %s", h.run.mask.text(err.Error()))
}

// GivenEffect ends the check as inconclusive where a genuine delivery had no
// effect that the observer could see.
func (h *Handler) GivenEffect(seen effect) {
	if len(seen) == 0 {
		h.Inconclusive("the observer saw no effect of a genuine delivery, or none that two of them have in common")
	}
}

// usualEffect is what updates on a scope lead to: their answers, and what the
// observer sees. Two of them tell what differs from one to the next anyway.
type usualEffect struct {
	answers       []Answer
	first, second effect // of the observer; none where nobody looks
}

// volatile is what differs between two updates on the same scope.
func (u usualEffect) volatile() map[string]bool { return u.first.differing(u.second) }

// common is what both have in common.
func (u usualEffect) common() effect { return u.second.without(u.volatile()) }

// usualOn is what an update on a scope leads to. It is found out once.
func (h *Handler) usualOn(scope string) usualEffect {
	if known, ok := h.run.usual[scope]; ok {
		return known
	}
	var u usualEffect
	update := func() { u.answers = append(u.answers, h.update(scope)) }
	if !h.sees() {
		update()
		update()
	} else if u.first = h.SideEffectOf(update); len(u.first) > 0 {
		u.second = h.EffectOf(update)
	} else {
		update()
	}
	h.run.usual[scope] = u
	return u
}

// update delivers an update on a scope, which is to be accepted.
func (h *Handler) update(scope string) Answer {
	answer := h.Deliver(Event(scope, "update"))
	h.Given(answer)
	return answer
}

// Event makes a payload of an event, the same as that of an update on the nearest
// known scope but for the names of scope and action.
func Event(scope, action string) Change {
	return func(d *Delivery) {
		Of(scope + "." + action)(d)
		if scope == "repo.config" || strings.HasPrefix(scope, "repo.config.") {
			// Which key changed is left to chance otherwise, and handlers may care.
			With("updatedConfig", map[string]bool{"private": true})(d)
		}
	}
}
