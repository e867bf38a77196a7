package emitter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// Weight is how often a shape comes compared with the others. A scope stands for all its shapes, which share its
// weight.
type Weight struct {
	Name   string // "repo.content", "discussion.comment.create", "repo.config.*"
	Weight int    // from 1 to 1,000,000
}

// weights returns the shapes that are asked for, without a weight if they are taken in turn.
func (g *Generator) weights(o FeedOptions) ([]Weight, error) {
	if len(o.Mix) > 0 && len(o.Shapes) > 0 {
		return nil, fmt.Errorf("shapes are either named, to be taken in turn, or mixed by weights")
	}
	if len(o.Mix) > 0 {
		return g.mixed(o.Mix)
	}
	names := o.Shapes
	if len(names) == 0 {
		_, names = g.shapesWhere(func(schemas.Shape) bool { return true })
		names = g.fit(names)
		if g.options.Size > 0 {
			names = slices.DeleteFunc(names, func(name string) bool {
				t, err := g.shapes.Shape(name)
				return err == nil && !t.Grows() // the error of a shape that does not compile comes later
			})
		}
	}
	var weights []Weight
	for _, name := range names {
		w := Weight{Name: name}
		if o.Story {
			w.Weight = cmp.Or(g.options.World.WeightOf(name), unusual)
		}
		weights = append(weights, w)
	}
	return weights, nil
}

// unusual is how often a shape that no kind of event is made for comes up in a story, in a thousand events.
const unusual = 20

// mixed returns the shapes of a mix. The weights are made larger so that the shapes of a scope can share one.
func (g *Generator) mixed(mix []Weight) ([]Weight, error) {
	const finer = 720720 // which all numbers up to 16 divide
	var weights []Weight
	for _, part := range mix {
		if part.Weight <= 0 || part.Weight > 1e6 {
			return nil, fmt.Errorf("%s: a weight is a whole number from 1 to a million", part.Name)
		}
		names, possible := g.shapesWhere(func(shape schemas.Shape) bool { return shape.Scope == part.Name })
		switch {
		case len(names) == 0:
			names = []string{part.Name}
		case len(possible) > 0: // else one of them says why there is none
			names = g.fit(possible)
		}
		for _, name := range names {
			weights = append(weights, Weight{Name: name, Weight: part.Weight * finer / len(names)})
		}
	}
	return weights, nil
}

// shapesWhere returns the shapes of today that satisfy a condition, and those of them of which an event can be such as
// the scene asks.
func (g *Generator) shapesWhere(holds func(schemas.Shape) bool) (names, possible []string) {
	for _, shape := range g.Schemas().Shapes() {
		if shape.Narrowed || !holds(shape) {
			continue
		}
		names = append(names, shape.Name)
		if g.options.Want.Check(shape.Scope, shape.Action) == nil {
			possible = append(possible, shape.Name)
		}
	}
	return names, possible
}

// fit leaves out the shapes of which no event has a value that an edit sets: a bucket has no discussions. Where none
// has, it returns all.
func (g *Generator) fit(names []string) []string {
	if len(g.options.Edits) == 0 {
		return names
	}
	fit := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		t, err := g.shapes.Shape(name)
		return err == nil && t.Unfit
	})
	if len(fit) == 0 {
		return names
	}
	return fit
}

// ParseMix parses "repo.content=6,discussion.comment=3".
func ParseMix(text string) ([]Weight, error) {
	var mix []Weight
	for part := range strings.SplitSeq(text, ",") {
		name, number, _ := strings.Cut(part, "=")
		w := Weight{Name: name}
		if n, err := fmt.Sscanf(number+"\n", "%d\n", &w.Weight); n != 1 || err != nil || name == "" {
			return nil, fmt.Errorf(
				"%q is no part of a mix: expected a scope or a shape and its weight, such as repo.content=6",
				part)
		}
		mix = append(mix, w)
	}
	return mix, nil
}
