// Package emitter makes events as the Hub's webhooks tell them, and sends them
// as the Hub does.
//
// A generator is compiled from the schemas: one plan for each shape, a flat list
// of steps that append JSON to a byte slice. What a payload says is the scene of
// a small world, in which things happen one after another and everything fits:
// URLs hold the repo's name, headSha is the new head of main, a merged pull
// request has a merge commit. The same seed gives the same bytes.
//
// The way in is [New]. A payload is made alone, by its index ([Generator.Append]),
// as the next one of a world that lives on ([Generator.Feed]), as one of many that
// several machines share by number ([Generator.Numbered]), or of facts that somebody
// else keeps ([Generator.Tell]). A [Form] or a [Folder] writes payloads down; a
// [Sender] makes attempts, those included that no client would make ([Wire],
// [Line]), and a [Series] one after another.
//
// Nothing here judges a handler. A mock Hub is in emitter/hub, a load generator in
// emitter/load.
package emitter

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/hubhook/hubhook/schemas"
)

// DefaultHubURL is the host in the URLs of payloads.
const DefaultHubURL = "https://huggingface.co"

// Options shape what a generator makes. The zero value works.
type Options struct {
	Seed      uint64       // the same seed gives the same bytes
	Schemas   *schemas.Set // the embedded ones where nil
	HubURL    string       // DefaultHubURL where empty
	WebhookID string       // of the registration, 24 hex digits; drawn where empty
	// WebhookIDs are those of several registrations, in place of WebhookID, of which
	// a Request or Feed.For names one.
	WebhookIDs []string
	Scene      Scene  // of every payload that is not asked for with another one
	Edits      []Edit // of every payload that has a place for them
	Future     Future // how much of it there is
	Size       int    // of every payload, in bytes; as it comes where zero
}

// Generator makes payloads. It is safe for concurrent use.
type Generator struct {
	schemas  *schemas.Set
	seed     uint64
	hubURL   string
	webhooks []objectID // the registrations that receive what a generator makes
	scene    Scene
	edits    []Edit
	future   Future
	size     int

	ids     identity
	words   *lexicon
	acts    []act
	sources map[string]source
	tales   tales     // by name; compiled when first asked for
	worlds  sync.Pool // of one event each
	told    told      // of facts
}

// New makes a generator. The plans of the embedded schemas are compiled when they
// are first asked for; those of others at once, so that a schema which no plan can
// follow is an error here, with its place.
func New(o Options) (*Generator, error) {
	given := o.Schemas != nil
	if !given {
		set, err := schemas.Load(schemas.Options{})
		if err != nil {
			return nil, err
		}
		o.Schemas = set
	}
	g := &Generator{
		schemas: o.Schemas, seed: o.Seed, scene: o.Scene, edits: o.Edits, future: o.Future, size: o.Size,
		ids: newIdentity(o.Seed), acts: newActs(), sources: worldSources(),
	}
	if slices.ContainsFunc(o.Edits, func(e Edit) bool { return len(e.Path) == 0 }) {
		return nil, errors.New("an edit without a path: a payload as a whole cannot be set")
	}
	var err error
	if g.hubURL, err = hubURL(o.HubURL); err != nil {
		return nil, err
	}
	if g.webhooks, err = g.registrations(o); err != nil {
		return nil, err
	}
	g.words = newLexicon(o.Seed, g.ids)
	// Mostly one webhook is told of all, and of one version as long as there is no
	// future.
	always := &scene{webhook: g.webhooks[0], version: versionToday}
	if len(g.webhooks) == 1 {
		g.sources["webhook.id"] = fixed(g.sources["webhook.id"], always)
	}
	if g.future.Version == 0 {
		g.sources["webhook.version"] = fixed(g.sources["webhook.version"], always)
	}
	g.worlds.New = func() any { return newWorld(g, 1) }
	g.told.sources = factSources()
	g.told.tellings.New = func() any { return newTelling(g) }
	if given {
		return g, g.compile()
	}
	return g, nil
}

// hubURL is the beginning of all URLs in payloads.
func hubURL(text string) (string, error) {
	if text == "" {
		return DefaultHubURL, nil
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" || parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", fmt.Errorf("the Hub's URL %q is not one of http://host or https://host", text)
	}
	return spoken(strings.TrimRight(text, "/")), nil
}

func (g *Generator) registrations(o Options) ([]objectID, error) {
	if len(o.WebhookIDs) == 0 {
		id, err := g.registration(o.WebhookID)
		return []objectID{id}, err
	}
	list := make([]objectID, len(o.WebhookIDs))
	for i, wanted := range o.WebhookIDs {
		var err error
		if list[i], err = g.registration(wanted); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// WebhookIDs are the ids of so many registrations, up to 1<<16, for the options of
// that name. The first is the one that a generator of the seed draws where it is
// given none.
func WebhookIDs(seed uint64, count int) []string {
	ids := newIdentity(seed)
	list := make([]string, count)
	for i := range list {
		list[i] = ids.another(i).String()
	}
	return list
}

func (g *Generator) registration(wanted string) (objectID, error) {
	if wanted == "" {
		return g.ids.registration(), nil
	}
	id, ok := parseID(wanted)
	if !ok {
		return id, fmt.Errorf("the webhook's id %q is not 24 hex digits, such as %s", wanted, g.ids.registration())
	}
	return id, nil
}

// Schemas are those that the generator is compiled from.
func (g *Generator) Schemas() *schemas.Set { return g.schemas }

// compile compiles the plans of all shapes.
func (g *Generator) compile() error {
	for _, shape := range g.schemas.Shapes() {
		if _, err := g.tale(shape.Name); err != nil {
			return err
		}
	}
	return nil
}

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
	shape, scope, action, err := g.schemas.Named(name)
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
	nearest, _ := schemas.Nearest(below, g.schemas.Knows)
	for try := 0; ; try++ {
		root := below
		if try > triesByWord {
			root = fmt.Sprintf("%s.%s-%d", below, pick(&omens.dice, futureSegments), try)
		}
		scope, action = omens.narrow(root)
		if known, _ := schemas.Nearest(scope, g.schemas.Knows); known == nearest {
			return scope, action
		}
	}
}

// today are the shapes that the Hub sends today, as far as there is such a scene.
func (g *Generator) today() []string {
	var names []string
	for _, shape := range g.schemas.Shapes() {
		if !shape.Narrowed && g.scene.check(shape.Scope, shape.Action) == nil {
			names = append(names, shape.Name)
		}
	}
	return slices.Clip(names)
}
