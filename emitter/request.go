package emitter

import (
	"fmt"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
)

// Request asks for one payload.
type Request struct {
	// Shape is a name that schemas.Set.ShapeByName knows: "repo.update", "repo.config.*" (a narrower scope is drawn)
	// or one of a future, "repo.config.dois.minted".
	Shape string
	// Index tells the payloads of one seed apart. One index has the same repo and discussion, whatever the shape;
	// repos, discussions and comments of different ones have different ids, up to 1<<IndexBits.
	Index uint64
	// Scene says what the payload must be about; what it leaves to chance, that of the options may say.
	Scene Scene
	// Webhook is the index in Options.WebhookIDs of the one that receives the payload.
	Webhook int
}

// Append appends a payload to dst, as compact JSON. The error is about the request: a shape that is not known, a scene
// that cannot be.
func (g *Generator) Append(dst []byte, r Request) ([]byte, error) {
	t, err := g.shapes.Shape(r.Shape)
	if err != nil {
		return dst, err
	}
	m := g.makers.Get().(*maker)
	defer g.makers.Put(m)
	if err := m.constrain(&r, t); err != nil {
		return dst, err
	}
	if r.Webhook < 0 || r.Webhook >= len(g.webhooks) {
		return dst, fmt.Errorf("webhook %d: there are %d, counted from 0", r.Webhook, len(g.webhooks))
	}
	m.begin(r.Index, g.webhooks[r.Webhook])
	among := m.world.Candidates(m.among[:0], t.Kinds, &m.want)
	m.among = among.Kinds
	if err := m.world.Happen(among, &m.want); err != nil {
		return dst, err
	}
	return g.shapes.Append(dst, &m.state, &m.future, t)
}

// Payload returns one payload; see Append.
func (g *Generator) Payload(r Request) ([]byte, error) { return g.Append(nil, r) }

// maker makes payloads of the events of a world. It is not safe for concurrent use.
type maker struct {
	generator *Generator
	world     *world.World
	state     payload.State
	future    payload.FutureRNG

	// Of the event that a Request asks for:
	want  world.Constraints
	refs  []world.RefConstraint
	among []world.EventKind
}

// newMaker returns a maker of a world with room for a number of repos.
func (g *Generator) newMaker(repos int) *maker {
	m := &maker{generator: g, future: payload.NewFutureRNG(g.options.Future, world.Hash64(g.seed), 3)}
	m.world = g.options.World.NewWorld(repos, &m.state.Event)
	m.state.Init(g.webhooks[0])
	m.state.Loose.Seed(world.Hash64(g.seed), 2)
	return m
}

// begin empties the world for the event of an index.
func (m *maker) begin(index uint64, webhook world.ObjectID) {
	seed := world.Hash64(m.generator.seed)
	m.world.Begin(index)
	m.state.Webhook = webhook
	m.state.Loose.Seed(seed+1, world.Hash64(index))
	m.future.Seed(seed+2, world.Hash64(index))
}

// constrain sets the constraints of a request. What it asks for counts more than what would fit the edits.
func (m *maker) constrain(r *Request, t *payload.Shape) error {
	own := r.Scene.constraints(m.refs[:0])
	m.refs = own.Refs[:0]
	m.want = own.Or(&t.Want)
	err := m.want.Check(t.Scope, t.Action)
	if err != nil {
		m.want = own.Or(&m.generator.options.Want)
		err = m.want.Check(t.Scope, t.Action)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", r.Shape, err)
	}
	return err
}
