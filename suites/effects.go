package suites

// EffectOf does something and tells what the handler did because of it, waiting
// as long as an effect may take to show.
func (h *Handler) EffectOf(do func()) effect { return h.effect(do, true) }

// SideEffectOf does something that should have no effect, and tells what it had
// nevertheless. It waits for several times as long as real effects took to show.
func (h *Handler) SideEffectOf(do func()) effect { return h.effect(do, false) }

func (h *Handler) effect(do func(), expected bool) effect {
	o := h.run.observer
	h.observed = true
	if err := o.calm(h.run.ctx); err != nil {
		h.blind(err)
	}
	before, err := o.look(h.run.ctx)
	if err != nil {
		h.blind(err)
	}
	do()
	patience := o.pace.quiet()
	if expected {
		patience = o.pace.patience()
	}
	seen, took, err := o.watch(h.run.ctx, before, patience)
	if err != nil {
		h.blind(err)
	}
	if expected {
		o.pace.learn(took)
	}
	o.settled()
	return seen
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

// usualEffect is what an update on a scope leads to: the answer, and what the
// observer sees. Two of them tell what differs from one to the next anyway.
type usualEffect struct {
	answer, other Answer
	first, second effect // of the observer; none where nobody looks
}

// volatile is what differs between two updates on the same scope.
func (u usualEffect) volatile() map[string]bool { return u.first.differing(u.second) }

// common is what both have in common.
func (u usualEffect) common() effect { return u.second.without(u.volatile()) }

// Usual is what an update on a scope leads to. It is found out once.
func (h *Handler) Usual(scope string) usualEffect {
	if known, ok := h.run.usual[scope]; ok {
		return known
	}
	var u usualEffect
	send := func(answer *Answer) func() {
		return func() {
			*answer = h.Deliver(Of(scope + ".update"))
			h.Given(*answer)
		}
	}
	if h.run.observer == nil {
		send(&u.other)()
		send(&u.answer)()
	} else if u.first = h.SideEffectOf(send(&u.other)); len(u.first) > 0 {
		u.second = h.EffectOf(send(&u.answer))
	}
	h.run.usual[scope] = u
	return u
}
