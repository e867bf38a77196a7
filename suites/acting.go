package suites

import "github.com/hubhook/hubhook/emitter"

// todaysShapes are the shapes that the Hub sends today to such a webhook, the usual one
// first.
func (h *Handler) todaysShapes() []string {
	shapes := []string{UsualShape}
	scene := h.run.target.mergeDefaults(emitter.Scene{})
	for _, shape := range h.run.generator.Schemas().Shapes() {
		sent := unsendableReason(emitter.Request{Shape: shape.Name, Scene: scene}) == ""
		if sent && !shape.Narrowed && shape.Name != UsualShape {
			shapes = append(shapes, shape.Name)
		}
	}
	return shapes
}

// ActiveShape is a shape that the handler acts on where the observer can see it.
// Handlers are made for some events and acknowledge the others, so the first
// check that asks finds out; without such a shape it ends there.
func (h *Handler) ActiveShape() string {
	if !h.SeesEffects() {
		h.Inconclusive("the observer saw no effect of any genuine delivery: is it the page that tells what this handler did, and does the handler act on such events?")
	}
	return h.run.activeShape
}

// SeesEffects tells whether there is an observer that shows what the handler does.
func (h *Handler) SeesEffects() bool {
	if h.run.observer == nil {
		return false
	}
	if h.run.activeShape == "" {
		h.run.activeShape = h.findActiveShape()
	}
	return h.run.activeShape != none
}

// none stands for no shape at all.
const none = "(none)"

func (h *Handler) findActiveShape() string {
	// All at once first: one wait shows whether there is anything to be seen,
	// and how long it takes.
	all := h.EffectOf(func() {
		for _, shape := range h.todaysShapes() {
			h.Deliver(WithShape(shape))
		}
	})
	if len(all) == 0 {
		return none
	}
	for _, shape := range h.todaysShapes() {
		if len(h.SideEffectOf(func() { h.Deliver(WithShape(shape)) })) > 0 {
			return shape
		}
	}
	return none
}

// ActiveBaseline is what one delivery leads to on which the handler acts. It ends the
// check where two of them have nothing in common: then nothing can be compared.
func (h *Handler) ActiveBaseline() Baseline {
	shape := h.ActiveShape()
	if known, ok := h.run.baselines[shape]; ok {
		return known
	}
	var u Baseline
	u.First = h.EffectOf(func() { h.RequireAccepted(h.Deliver(WithShape(shape))) })
	u.Second = h.EffectOf(func() { h.RequireAccepted(h.Deliver(WithShape(shape))) })
	h.RequireEffect(u.Common())
	h.run.baselines[shape] = u
	return u
}
