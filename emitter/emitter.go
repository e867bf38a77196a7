// Package emitter generates the payloads of the Hub's webhooks.
//
// A [Generator] compiles each shape of the schemas to a program: steps that append JSON to a byte slice. A payload
// reports an event of a small simulated Hub, whose events follow from each other, so that everything in it fits: URLs
// hold the repo's name, headSha is the new head of main, a merged pull request has a merge commit. The same seed gives
// the same bytes.
//
// Start with [New]. [Generator.Append] makes one payload by its index, [Generator.Feed] the payloads of a Hub that
// lives on, [Generator.Indexed] those that several machines share by index, and [Generator.Render] one of [EventData],
// which somebody else keeps.
//
// It sends nothing and judges no handler: see emitter/delivery, emitter/format, emitter/load and emitter/hub.
package emitter

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

// DefaultHubURL is the host in the URLs of payloads.
const DefaultHubURL = "https://huggingface.co"

// IndexBits bounds indexes, in bits: up to 1<<IndexBits no two payloads of one seed share the id of a repo, a
// discussion or a comment.
const IndexBits = world.IndexBits

// ErrEndOfTime is returned by a feed that has used up the seconds of ObjectIds, which end in 2106.
var ErrEndOfTime = world.ErrEndOfTime

// Options say what a generator makes. The zero value works.
type Options struct {
	Seed      uint64       // the same seed gives the same bytes
	Schemas   *schemas.Set // the embedded ones if nil
	HubURL    string       // DefaultHubURL if empty
	WebhookID string       // of the registration, 24 hex digits; drawn if empty
	// WebhookIDs are those of several registrations, in place of WebhookID. Request.Webhook, Recipient.Webhook and
	// Feed.SetWebhook are indexes in it.
	WebhookIDs []string
	Scene      Scene  // of every payload that is not asked for with another one
	Edits      []Edit // of every payload that has a place for them
	Future     Future // how often payloads are of a time to come
	Size       int    // of every payload, in bytes; as it comes if zero
}

// Generator makes payloads. It is safe for concurrent use.
type Generator struct {
	seed     uint64
	webhooks []world.ObjectID // the registrations that receive what a generator makes
	options  payload.Options

	shapes     *payload.Compiler // of events of worlds
	dataShapes *payload.Compiler // of event data
	makers     sync.Pool         // each with a world of one event
	renderers  sync.Pool
}

// New returns a generator. Shapes of the embedded schemas are compiled when they are first asked for; those of others
// at once, so that a schema which no program can follow is an error here, with its place.
func New(o Options) (*Generator, error) {
	given := o.Schemas != nil
	if !given {
		set, err := schemas.Load(schemas.Options{})
		if err != nil {
			return nil, err
		}
		o.Schemas = set
	}
	g := &Generator{seed: o.Seed, options: payload.Options{
		Schemas: o.Schemas, Future: payload.Future(o.Future), Size: o.Size, Want: o.Scene.constraints(nil),
	}}
	for _, e := range o.Edits {
		if len(e.Path) == 0 {
			return nil, errors.New("an edit without a path: a payload as a whole cannot be set")
		}
		g.options.Edits = append(g.options.Edits, payload.Edit(e))
	}
	hub, err := hubURL(o.HubURL)
	if err != nil {
		return nil, err
	}
	if g.webhooks, err = registrations(o); err != nil {
		return nil, err
	}
	g.options.World = world.NewConfig(o.Seed, hub)
	if len(g.webhooks) == 1 {
		g.options.Webhook = &g.webhooks[0]
	}
	g.shapes, g.dataShapes = payload.NewCompiler(g.options), payload.NewDataCompiler(g.options)
	g.makers.New = func() any { return g.newMaker(1) }
	g.renderers.New = func() any { return newRenderer(g) }
	if given {
		return g, g.compile()
	}
	return g, nil
}

// hubURL returns the beginning of all URLs in payloads, escaped for JSON.
func hubURL(text string) (string, error) {
	if text == "" {
		return DefaultHubURL, nil
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" ||
		parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", fmt.Errorf("the Hub's URL %q is not one of http://host or https://host", text)
	}
	return world.JSONEscape(strings.TrimRight(text, "/")), nil
}

func registrations(o Options) ([]world.ObjectID, error) {
	if len(o.WebhookIDs) == 0 {
		o.WebhookIDs = []string{o.WebhookID}
	}
	drawn := world.NewIDSource(o.Seed).Registration(0).String()
	list := make([]world.ObjectID, len(o.WebhookIDs))
	for i, wanted := range o.WebhookIDs {
		var ok bool
		if list[i], ok = world.ParseID(cmp.Or(wanted, drawn)); !ok {
			return nil, fmt.Errorf("the webhook's id %q is not 24 hex digits, such as %s", wanted, drawn)
		}
	}
	return list, nil
}

// IsWebhookID reports whether a text can be the id of a registration: 24 hex digits.
func IsWebhookID(text string) bool { return world.IsObjectID(text) }

// WebhookIDs returns ids for the options of that name, up to 1<<16. The first is the one that a generator of the seed
// draws if it is given none.
func WebhookIDs(seed uint64, count int) []string {
	ids := world.NewIDSource(seed)
	list := make([]string, count)
	for i := range list {
		list[i] = ids.Registration(i).String()
	}
	return list
}

// Schemas returns the schemas that the generator is compiled from.
func (g *Generator) Schemas() *schemas.Set { return g.shapes.Schemas }

func (g *Generator) compile() error {
	for _, shape := range g.Schemas().Shapes() {
		if _, err := g.shapes.Shape(shape.Name); err != nil {
			return err
		}
	}
	return nil
}

// WorldNames returns the names that a schema may have after "world:" in x-from, sorted.
func WorldNames() []string { return payload.WorldNames() }

// FakeNames returns the functions of gofakeit that a schema may have after "fake:" in x-from, sorted. They take no
// parameters but their defaults.
func FakeNames() []string { return payload.FakeNames() }

// Future says how often payloads are of a time to come, each as a chance between 0 and 1. The zero value is the Hub of
// today.
type Future struct {
	Scopes     float64 // a narrower scope than any of today, one to three levels below
	Properties float64 // properties that nobody knows, at any level
	Types      float64 // a repo type that is new
	Version    float64 // a higher webhook.version
}

// SomeFuture returns a Future with a bit of everything.
func SomeFuture() Future {
	return Future{Scopes: 0.5, Properties: 0.25, Types: 0.1, Version: 0.1}
}

func (f *Future) parts() map[string]*float64 {
	return map[string]*float64{
		"scopes": &f.Scopes, "properties": &f.Properties, "types": &f.Types, "version": &f.Version,
	}
}

// FutureParts returns the kinds of change that ParseFuture knows.
func FutureParts() []string { return []string{"scopes", "properties", "types", "version"} }

// ParseFuture parses "scopes=0.5,properties". A part without a chance is in every payload; "all" is SomeFuture.
func ParseFuture(text string) (Future, error) {
	if text == "all" {
		return SomeFuture(), nil
	}
	var f Future
	for part := range strings.SplitSeq(text, ",") {
		name, chance, given := strings.Cut(part, "=")
		if !slices.Contains(FutureParts(), name) {
			return Future{}, fmt.Errorf(
				"unknown part of the future %q: parts are %s; all, which stands alone, is some of each",
				name, strings.Join(FutureParts(), ", "))
		}
		how := 1.0
		if given {
			var err error
			if how, err = strconv.ParseFloat(chance, 64); err != nil || !(how >= 0 && how <= 1) {
				return Future{}, fmt.Errorf("%s: the chance is a number from 0 to 1, not %q", name, chance)
			}
		}
		*f.parts()[name] = how
	}
	return f, nil
}
