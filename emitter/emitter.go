// Package emitter generates the payloads of the Hub's webhooks.
//
// A generator is compiled from the schemas: one plan for each shape, a flat list
// of steps that append JSON to a byte slice. What a payload says is the scene of
// a small world, in which things happen one after another and everything fits:
// URLs hold the repo's name, headSha is the new head of main, a merged pull
// request has a merge commit. The same seed gives the same bytes.
//
// The way in is [New]. A payload is made alone, by its index ([Generator.Append]),
// as the next one of a world that lives on ([Generator.Feed]), as one of many that
// several machines share by number ([Generator.Indexed]), or of facts that somebody
// else keeps ([Generator.Render]). A [Form] or a [Folder] writes payloads down; a
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
	// a Request or Feed.SetWebhook names one.
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
