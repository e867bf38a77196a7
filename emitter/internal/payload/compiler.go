// Package payload writes the payloads that report events.
//
// A [Compiler] turns the schema of a shape into a program: steps that append JSON to a byte slice. The value of a step
// comes from a source: a part of the event or, if the schema names none, one that fits the schema. [Edit]s, a
// [Future] and a size change what is written.
//
// What happens is decided in emitter/internal/world.
package payload

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

// Shape is a shape, ready to be written.
type Shape struct {
	name          string
	Scope, Action string
	Narrowed      bool // whether a scope below scope, and an action, are to be drawn
	program       *program
	Kinds         []world.EventKind // of the events that it reports
	Want          world.Constraints // of these events
	Unfit         bool              // whether no event has a value that an edit sets, though other shapes' events have
	Tree          *schemas.Value
	Used          []bool // which of the edits it has a place for

	// Shapes of event data:
	needs []optionalPart // that each payload has
	push  bool           // whether it reports a change to the content of a repo
}

// Options say what shapes are compiled to.
type Options struct {
	Schemas *schemas.Set
	World   *world.Config
	Edits   []Edit
	Future  Future
	Size    int               // of every payload, in bytes; as it comes if zero
	Want    world.Constraints // of every event
	Webhook *world.ObjectID   // that receives every payload; nil: there are several
}

// Compiler compiles shapes when they are first asked for. It is safe for concurrent use.
type Compiler struct {
	Options
	data    bool // whether events come from event data
	sources map[string]valueSource

	shapes sync.Map // by name
	kept   atomic.Int64
}

// NewCompiler returns a compiler of shapes that report events of a world.
func NewCompiler(o Options) *Compiler {
	c := &Compiler{Options: o, sources: worldSources()}
	constant := &State{version: versionToday}
	if o.Webhook != nil {
		constant.Webhook = *o.Webhook
		c.sources["webhook.id"] = fixed(c.sources["webhook.id"], constant)
	}
	if o.Future.Version == 0 {
		c.sources["webhook.version"] = fixed(c.sources["webhook.version"], constant)
	}
	return c
}

// NewDataCompiler returns a compiler of shapes that report events of which event data says everything: size and
// constraints do not apply.
func NewDataCompiler(o Options) *Compiler {
	o.Size, o.Want = 0, world.Constraints{}
	return &Compiler{Options: o, data: true, sources: dataSources()}
}

// maxShapes is how many shapes are kept. It is more than the schemas have; but of narrowed scopes there is no end of
// names, so that beyond it a shape is compiled each time.
const maxShapes = 256

// Shape returns a compiled shape by a name that schemas.Set.ShapeByName knows.
func (c *Compiler) Shape(name string) (*Shape, error) {
	if known, ok := c.shapes.Load(name); ok {
		return known.(*Shape), nil
	}
	t, err := c.compile(name)
	if err != nil || c.kept.Load() >= maxShapes {
		return t, err
	}
	known, found := c.shapes.LoadOrStore(name, t)
	if !found {
		c.kept.Add(1)
	}
	return known.(*Shape), nil
}

func (c *Compiler) compile(name string) (*Shape, error) {
	shape, scope, action, err := c.Schemas.ShapeByName(name)
	if err != nil {
		return nil, err
	}
	t := &Shape{
		name: name, Scope: scope, Action: action, Narrowed: shape.Narrowed && action == "",
		Kinds: c.kindsOf(scope, action), Want: c.Want,
	}
	if t.Tree, err = c.Schemas.Tree(shape.Name); err != nil {
		return nil, err
	}
	event := c.World.ShapeOf(t.Kinds[0])
	if c.data {
		t.push = event == c.World.ShapeOf(world.PushMain)
		t.needParts()
	}
	b := builder{
		sources: c.sources, edits: c.Edits, unknownProps: c.Future.Properties > 0, shape: name, event: event,
	}
	if t.program, t.Used, err = b.build(t.Tree); err != nil {
		return nil, err
	}
	if err := b.constrain(t); err != nil {
		return nil, err
	}
	if c.Size > 0 {
		constrainVisible(&t.Want, editedValue{}) // a hidden comment takes up nothing
	}
	return t, nil
}

// Grows reports whether payloads of the shape can have any size.
func (t *Shape) Grows() bool { return t.program.grows }

// kindsOf returns the kinds of events that a shape reports. A scope in which nothing is known to happen reports
// updates of the nearest broader one.
func (c *Compiler) kindsOf(scope, action string) []world.EventKind {
	if kinds := c.World.KindsOf(scope + "." + action); len(kinds) > 0 {
		return kinds
	}
	nearest, ok := schemas.Nearest(scope, func(scope string) bool { return len(c.World.KindsOf(scope+".update")) > 0 })
	if !ok {
		nearest = "repo"
	}
	return c.World.KindsOf(nearest + ".update")
}

// Append appends the payload of a shape that reports the event of a state.
func (c *Compiler) Append(dst []byte, s *State, rng *FutureRNG, t *Shape) ([]byte, error) {
	s.Scope, s.Action = t.Scope, t.Action
	if t.Narrowed {
		s.Scope, s.Action = c.narrow(rng, t.Scope)
	}
	rng.applyFuture(s)
	s.Locate()
	if c.Size > 0 {
		return c.appendSized(dst, s, t)
	}
	return t.program.append(dst, s), nil
}

// needParts finds the parts that each payload needs, and lets each object that may be left out depend on the parts
// that must be in it.
func (t *Shape) needParts() {
	var needs neededParts
	t.Tree, needs = gated(t.Tree)
	for i, p := range optionalParts {
		if needs.has(i) {
			t.needs = append(t.needs, p)
		}
	}
}

// CheckData returns an error if event data lacks what the shape reports.
func (t *Shape) CheckData(s *State) error {
	for _, p := range t.needs {
		if !p.has(s) {
			return fmt.Errorf("%s tells of %s: the facts have no %s", t.name, p.name, p.field)
		}
	}
	kind := s.Repo.Kind
	switch {
	case strings.HasPrefix(t.Scope, "discussion") && !kind.Git:
		return fmt.Errorf("%s: a %s has no discussions", t.name, kind.Name)
	case t.push && kind.Git && len(s.Refs) == 0:
		return fmt.Errorf("%s of a %s tells of references: the facts have no Refs", t.name, kind.Name)
	case t.push && !kind.Git && len(s.Files) == 0:
		return fmt.Errorf("%s of a %s tells of files: the facts have no Files", t.name, kind.Name)
	}
	return nil
}

// neededParts says which of optionalParts a value has in it, wherever there is the value: a bit for each.
type neededParts uint

func (n neededParts) has(part int) bool { return n>>part&1 == 1 }

// gated returns a tree in which each object that may be left out is there only if event data has all that must be
// in it, and the parts that the tree itself needs.
func gated(v *schemas.Value) (*schemas.Value, neededParts) {
	var needs neededParts
	if v == nil {
		return nil, needs
	}
	own := *v
	own.Fields = slices.Clone(v.Fields)
	for i := range own.Fields {
		f := &own.Fields[i]
		var inner neededParts
		f.Value, inner = gated(f.Value)
		if f.Required {
			needs |= inner
		} else {
			inner.gate(f.Value)
		}
	}
	var ofItems neededParts
	own.Items, ofItems = gated(v.Items)
	needs |= ofItems
	if at := partOf(v.From.Name); v.From.Kind == "world" && at >= 0 {
		needs |= 1 << at
	}
	return &own, needs
}

// gate makes an object depend on the parts that it needs. The last of them stands for those before it.
func (n neededParts) gate(v *schemas.Value) {
	if v == nil || kindOf(v) != "object" || v.From != (schemas.From{}) {
		return
	}
	for i, p := range optionalParts {
		if n.has(i) {
			v.From = schemas.From{Kind: "world", Name: p.name}
		}
	}
}
