package suites

import "github.com/hubhook/hubhook/emitter"

// today are the shapes that the Hub sends today to such a webhook, the usual one
// first.
func (h *Handler) today() []string {
	shapes := []string{usual}
	scene := h.run.target.special(emitter.Scene{})
	for _, shape := range h.run.generator.Schemas().Shapes() {
		sent := neverSends(emitter.Request{Shape: shape.Name, Scene: scene}) == ""
		if sent && !shape.Narrowed && shape.Name != usual {
			shapes = append(shapes, shape.Name)
		}
	}
	return shapes
}

// Acting is a shape that the handler acts on where the observer can see it.
// Handlers are made for some events and acknowledge the others, so the first
// check that asks finds out; without such a shape it ends there.
func (h *Handler) Acting() string {
	if !h.sees() {
		h.Inconclusive("the observer saw no effect of any genuine delivery: is it the page that tells what this handler did, and does the handler act on such events?")
	}
	return h.run.acting
}

// sees tells whether there is an observer that shows what the handler does.
func (h *Handler) sees() bool {
	if h.run.observer == nil {
		return false
	}
	if h.run.acting == "" {
		h.run.acting = h.findActing()
	}
	return h.run.acting != none
}

// none stands for no shape at all.
const none = "(none)"

func (h *Handler) findActing() string {
	// All at once first: one wait shows whether there is anything to be seen,
	// and how long it takes.
	all := h.EffectOf(func() {
		for _, shape := range h.today() {
			h.Deliver(Of(shape))
		}
	})
	if len(all) == 0 {
		return none
	}
	for _, shape := range h.today() {
		if len(h.SideEffectOf(func() { h.Deliver(Of(shape)) })) > 0 {
			return shape
		}
	}
	return none
}

// actingEffect is what one delivery leads to on which the handler acts. It ends the
// check where two of them have nothing in common: then nothing can be compared.
func (h *Handler) actingEffect() usualEffect {
	shape := h.Acting()
	if known, ok := h.run.usual[shape]; ok {
		return known
	}
	var u usualEffect
	u.first = h.EffectOf(func() { h.Given(h.Deliver(Of(shape))) })
	u.second = h.EffectOf(func() { h.Given(h.Deliver(Of(shape))) })
	h.GivenEffect(u.common())
	h.run.usual[shape] = u
	return u
}
