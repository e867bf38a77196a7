// Package emitter makes events as the Hub's webhooks tell them, and sends them
// as the Hub does.
//
// A generator is compiled from the schemas: one plan for each shape, a flat list
// of steps that append JSON to a byte slice. What a payload says is drawn from a
// scene, in which everything fits: URLs hold the repo's name, headSha is the new
// head of main, a merged pull request has a merge commit. The same seed gives
// the same bytes.
//
// Nothing here judges a handler.
package emitter

import (
	"fmt"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/schemas"
)

// DefaultHubURL is the host in the URLs of payloads.
const DefaultHubURL = "https://huggingface.co"

// Options shape what a generator makes. The zero value works.
type Options struct {
	Seed    uint64       // the same seed gives the same bytes
	Schemas *schemas.Set // the embedded ones where nil
	HubURL  string       // DefaultHubURL where empty
}

// Generator makes payloads. It is safe for concurrent use.
type Generator struct {
	schemas *schemas.Set
	seed    uint64
	hubURL  string
	webhook objectID // one registration receives all that a generator makes
	plans   map[string]*plan
	scenes  sync.Pool
}

// New compiles a plan for every shape. A schema that says something which no
// plan can follow is an error that names its place.
func New(o Options) (*Generator, error) {
	if o.Schemas == nil {
		set, err := schemas.Load(schemas.Options{})
		if err != nil {
			return nil, err
		}
		o.Schemas = set
	}
	if o.HubURL == "" {
		o.HubURL = DefaultHubURL
	}
	g := &Generator{
		schemas: o.Schemas,
		seed:    o.Seed,
		hubURL:  strings.TrimSuffix(o.HubURL, "/"),
		webhook: webhookID(o.Seed),
		plans:   map[string]*plan{},
	}
	g.scenes.New = func() any { return newScene(g.hubURL, g.webhook) }
	c := planner{sources: worldSources()}
	for _, shape := range o.Schemas.Shapes() {
		tree, err := o.Schemas.Tree(shape.Name)
		if err != nil {
			return nil, err
		}
		if g.plans[shape.Name], err = c.compile(tree); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// Schemas are those that the generator was compiled from.
func (g *Generator) Schemas() *schemas.Set { return g.schemas }

// Request asks for one payload.
type Request struct {
	// Shape is a name that schemas.Set.Named knows: "repo.update",
	// "repo.config.*" (a narrower scope is drawn) or one of a future,
	// "repo.config.dois.minted".
	Shape string
	// Index tells the payloads of one seed apart.
	Index uint64
	Scene Scene
}

// Append appends a payload to dst, as compact JSON. The error is about the
// request: a shape that is not known, a scene that cannot be.
func (g *Generator) Append(dst []byte, r Request) ([]byte, error) {
	shape, scope, action, err := g.schemas.Named(r.Shape)
	if err != nil {
		return dst, err
	}
	if err := r.Scene.check(scope); err != nil {
		return dst, fmt.Errorf("%s: %w", r.Shape, err)
	}
	s := g.scenes.Get().(*scene)
	defer g.scenes.Put(s)
	s.draw(cast{
		seed: g.seed, index: r.Index,
		scope: scope, action: action, narrowed: shape.Narrowed && action == "",
		want: r.Scene,
	})
	return g.plans[shape.Name].append(dst, s), nil
}

// Payload makes one payload; see Append.
func (g *Generator) Payload(r Request) ([]byte, error) { return g.Append(nil, r) }
