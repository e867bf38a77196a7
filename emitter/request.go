package emitter

import (
	"fmt"

	"github.com/hubhook/hubhook/schemas"
)

// Request asks for one payload.
type Request struct {
	// Shape is a name that schemas.Set.Named knows: "repo.update",
	// "repo.config.*" (a narrower scope is drawn) or one of a future,
	// "repo.config.dois.minted".
	Shape string
	// Index tells the payloads of one seed apart. One index is told of the same
	// repo and discussion, whatever the shape; repos, discussions and comments of
	// different ones have different ids, up to 1<<IndexBits.
	Index uint64
	// Scene is what the payload is to tell of; what it leaves to chance, that of the
	// options may say.
	Scene Scene
	// Webhook is which of Options.WebhookIDs receives the payload.
	Webhook int
}

// Append appends a payload to dst, as compact JSON. The error is about the
// request: a shape that is not known, a scene that cannot be.
func (g *Generator) Append(dst []byte, r Request) ([]byte, error) {
	t, err := g.tale(r.Shape)
	if err != nil {
		return dst, err
	}
	w := g.worlds.Get().(*world)
	defer g.worlds.Put(w)
	if w.want, err = g.asked(&r, t); err != nil {
		return dst, err
	}
	if r.Webhook < 0 || r.Webhook >= len(g.webhooks) {
		return dst, fmt.Errorf("webhook %d: there are %d, counted from 0", r.Webhook, len(g.webhooks))
	}
	w.scene.webhook = g.webhooks[r.Webhook]
	w.begin(r.Index)
	among := w.choices(w.among[:0], t.acts, &w.want)
	w.among = among.acts
	if err := w.happen(among, &w.want); err != nil {
		return dst, err
	}
	return g.tell(dst, w, t)
}

// asked is the scene of a request. What it says counts more than what would fit
// the values that are set by hand.
func (g *Generator) asked(r *Request, t *tale) (Scene, error) {
	want := r.Scene.or(&t.want)
	err := want.check(t.scope, t.action)
	if err != nil {
		want = r.Scene.or(&g.scene)
		err = want.check(t.scope, t.action)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", r.Shape, err)
	}
	return want, err
}

// Payload makes one payload; see Append.
func (g *Generator) Payload(r Request) ([]byte, error) { return g.Append(nil, r) }

// tell appends the payload that tells of what happened last in a world.
func (g *Generator) tell(dst []byte, w *world, t *tale) ([]byte, error) {
	s := &w.scene
	g.foresee(s, &w.omens, t)
	if g.size > 0 {
		return g.sized(dst, s, t)
	}
	return t.plan.append(dst, s), nil
}

// foresee has a scene be told as an event of a shape, of a future or of today.
func (g *Generator) foresee(s *scene, omens *futureDice, t *tale) {
	s.scope, s.action = t.scope, t.action
	if t.narrowed {
		s.scope, s.action = g.narrow(omens, t.scope)
	}
	omens.foresee(s)
	s.locate()
}

// narrow draws a scope below another one that no known scope is nearer to. The
// schemas may know so many that a number must tell a new one apart.
func (g *Generator) narrow(omens *futureDice, below string) (scope, action string) {
	const triesByWord = 64
	nearest, _ := schemas.Nearest(below, g.schemas.KnowsScope)
	for try := 0; ; try++ {
		root := below
		if try > triesByWord {
			root = fmt.Sprintf("%s.%s-%d", below, pick(&omens.dice, futureSegments), try)
		}
		scope, action = omens.narrow(root)
		if known, _ := schemas.Nearest(scope, g.schemas.KnowsScope); known == nearest {
			return scope, action
		}
	}
}
