package emitter

import (
	"sync"
	"sync/atomic"

	"github.com/hubhook/hubhook/schemas"
)

// tale is a shape, ready to be told.
type tale struct {
	name          string
	scope, action string
	narrowed      bool // whether a scope below scope, and an action, are to be drawn
	plan          *plan
	acts          []actID // of which it tells
	want          Scene
	unfit         bool // whether it has no scene for a value that is set, as others have
	tree          *schemas.Value
	used          []bool // which of the generator's edits it has a place for
}

// tale finds a shape by a name that schemas.Set.Named knows.
func (g *Generator) tale(name string) (*tale, error) {
	if known, ok := g.tales.Load(name); ok {
		return known.(*tale), nil
	}
	t, err := g.outline(name)
	if err != nil {
		return nil, err
	}
	c, err := g.plan(t, g.sources)
	if err != nil {
		return nil, err
	}
	if t.want, err = g.wanted(c, t); err != nil {
		return nil, err
	}
	return g.tales.keep(name, t).(*tale), nil
}

// tales are shapes that are compiled. Of narrowed scopes there is no end of names, so
// that beyond a number of them a shape is compiled each time.
type tales struct {
	sync.Map
	kept atomic.Int64
}

// mostTales is more than the schemas have shapes.
const mostTales = 256

// keep keeps a shape for the next time, unless there are too many, and gives the one to
// go on with.
func (t *tales) keep(name string, made any) any {
	if t.kept.Load() >= mostTales {
		return made
	}
	known, others := t.LoadOrStore(name, made)
	if !others {
		t.kept.Add(1)
	}
	return known
}

// outline is a shape without its plan.
func (g *Generator) outline(name string) (*tale, error) {
	shape, scope, action, err := g.schemas.ShapeByName(name)
	if err != nil {
		return nil, err
	}
	t := &tale{name: name, scope: scope, action: action, narrowed: shape.Narrowed && action == "", acts: g.actsOf(scope, action)}
	t.tree, err = g.schemas.Tree(shape.Name)
	return t, err
}

// plan compiles the plan of a shape, whose values come from some sources.
func (g *Generator) plan(t *tale, sources map[string]source) (planner, error) {
	c := planner{sources: sources, edits: g.edits, extras: g.future.Properties > 0, event: g.acts[t.acts[0]].shape}
	var err error
	t.plan, t.used, err = c.compile(t.tree)
	return c, err
}

// wanted is the scene of a shape: the one that the options ask for, and what
// fits the values that are set by hand.
func (g *Generator) wanted(c planner, t *tale) (Scene, error) {
	want := g.scene
	err := c.wishes(t, &want)
	if g.size > 0 {
		wishVisible(&want, wished{}) // a hidden comment takes up nothing
	}
	return want, err
}

// actsOf are the acts that a shape tells of. A scope that nothing is known to
// happen in is told of what happens in the nearest broader one, as an update
// there.
func (g *Generator) actsOf(scope, action string) []actID {
	if acts := g.actsNamed(scope + "." + action); len(acts) > 0 {
		return acts
	}
	nearest, ok := schemas.Nearest(scope, func(scope string) bool { return len(g.actsNamed(scope+".update")) > 0 })
	if !ok {
		nearest = "repo"
	}
	return g.actsNamed(nearest + ".update")
}

func (g *Generator) actsNamed(shape string) []actID {
	var list []actID
	for id := range g.acts {
		if g.acts[id].shape == shape {
			list = append(list, actID(id))
		}
	}
	return list
}
