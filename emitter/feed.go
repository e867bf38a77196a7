package emitter

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/schemas"
)

// Feed makes payloads one after another, of events in one world: what happened to a repo shows in all later payloads
// about it. It is not safe for concurrent use.
type Feed struct {
	*maker
	story   bool
	natural bool // whether nothing restricts the story
	entries
	made   uint64
	byKind [world.EventKinds]*payload.Shape
}

// feedEntry is a shape that a feed makes, and how often.
type feedEntry struct {
	name           string
	weight         int
	*payload.Shape // nil until it is first needed
	among          world.Candidates
	below          *feedEntry // the shape that stands for its narrower scopes; nil if those are not wanted
}

// entries are all that a feed makes.
type entries struct {
	list  []*feedEntry
	total int // of the weights; zero: they are taken in turn
}

// pick returns the entry whose turn it is, or one that is drawn by the weights.
func (e *entries) pick(turn uint64, r *world.RNG) *feedEntry {
	if e.total == 0 {
		return e.list[turn%uint64(len(e.list))]
	}
	place := r.IntN(e.total)
	for _, entry := range e.list {
		if place -= entry.weight; place < 0 {
			return entry
		}
	}
	return e.list[0]
}

// FeedOptions say what a feed makes. The zero value makes every shape that the Hub sends today, in turn.
type FeedOptions struct {
	Shapes []string // taken in turn
	Mix    []Weight // drawn by their weights, instead of in turn
	// Story makes a payload of everything that happens, one event after another, from an empty Hub on. Without it only
	// the shapes that are asked for are made, and what must happen before them has no payload. Shapes and Mix then say
	// what, and how often, as far as the story can.
	Story bool
}

// Feed returns a feed. It fails if a shape is not known, if no event of a shape can be such as the scene asks,
// and if no shape has a place for an edit.
func (g *Generator) Feed(o FeedOptions) (*Feed, error) {
	f := &Feed{maker: g.newMaker(world.MaxRepos), story: o.Story}
	f.natural = o.Story && len(o.Shapes) == 0 && len(o.Mix) == 0 && g.options.Want.RepoName == ""
	weights, err := g.weights(o)
	if err != nil {
		return nil, err
	}
	for _, weight := range weights {
		e, err := f.entry(weight)
		if err != nil {
			return nil, err
		}
		f.list = append(f.list, e)
		f.total += e.weight
		f.natural = f.natural && (e.Shape == nil || e.Shape.Want.RepoName == "")
	}
	if len(f.list) == 0 {
		err := errors.New("no shape is left that could be told of as it is wanted")
		return nil, cmp.Or(g.options.Want.Check("repo", "update"), err)
	}
	if g.options.Size > 0 && o.Story {
		return nil, fmt.Errorf("a story cannot be of one size: name the shapes that shall be, such as discussion.comment.create")
	}
	return f, f.checkEdits()
}

func (f *Feed) checkEdits() error {
	for i, edit := range f.generator.options.Edits {
		var trees []*schemas.Value
		used := false
		for _, e := range f.list {
			trees = append(trees, e.Tree)
			used = used || e.Used[i] || e.below != nil && e.below.Used[i]
		}
		if !used {
			return fmt.Errorf("no payload here has a place for %s%s", edit, edit.Suggestion(trees))
		}
	}
	return nil
}

// entry returns the entry of a shape. It is compiled when it is first made, unless there is something about it to find
// out before.
func (f *Feed) entry(w Weight) (*feedEntry, error) {
	g := f.generator
	_, scope, action, err := g.Schemas().ShapeByName(w.Name)
	if err != nil {
		return nil, err
	}
	if err := g.options.Want.Check(scope, action); err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	e := &feedEntry{name: w.Name, weight: w.Weight}
	if len(g.options.Edits) > 0 || g.options.Size > 0 {
		err = f.prepare(e)
	}
	return e, err
}

func (f *Feed) prepare(e *feedEntry) (err error) {
	g := f.generator
	if e.Shape, err = g.shapes.Shape(e.name); err != nil {
		return err
	}
	kinds := e.Kinds
	if f.story {
		kinds = slices.DeleteFunc(slices.Clone(kinds), g.options.World.IsFollowUp)
	}
	e.among = f.world.Candidates(nil, kinds, &e.Want)
	if g.options.Future.Scopes == 0 || e.Narrowed {
		return nil
	}
	below, err := f.entry(Weight{Name: e.Scope + ".*"})
	if err == nil && below.Shape == nil {
		err = f.prepare(below)
	}
	if err == nil && (g.options.Size == 0 || below.Grows()) {
		e.below = below
	}
	return err
}

// Append appends the next payload to dst, as compact JSON.
func (f *Feed) Append(dst []byte) ([]byte, error) {
	e := f.pick(f.made, &f.world.RNG)
	if e.Shape == nil {
		if err := f.prepare(e); err != nil {
			return dst, err
		}
	}
	if e.below != nil && f.future.Hits(f.future.Scopes) {
		e = e.below
	}
	t, err := e.Shape, error(nil)
	if f.story {
		t, err = f.next(e)
	} else {
		err = f.world.Happen(e.among, &t.Want)
	}
	if err != nil {
		return dst, err
	}
	f.made++
	return f.generator.shapes.Append(dst, &f.state, &f.future, t)
}

// next lets the story go on, with what follows from earlier events or else with an event of the entry, and returns the
// shape that reports it.
func (f *Feed) next(e *feedEntry) (*payload.Shape, error) {
	w := f.world
	if done, follows, err := w.StepFollowUp(); err != nil {
		return nil, err
	} else if follows {
		return f.instead(done)
	}
	chosen := w.Choose(e.among)
	wanted := chosen
	if f.natural && w.WantsRepo() {
		wanted = world.CreateRepo
	}
	done, err := w.Step(wanted, &e.Want, true)
	if err != nil || done == chosen {
		return e.Shape, err
	}
	return f.instead(done)
}

// instead returns the shape that reports another event than the one that was chosen. The event then fits its edits.
func (f *Feed) instead(done world.EventKind) (*payload.Shape, error) {
	if f.byKind[done] == nil {
		t, err := f.generator.shapes.Shape(f.generator.options.World.ShapeOf(done))
		if err != nil {
			return nil, err
		}
		f.byKind[done] = t
	}
	t := f.byKind[done]
	f.world.ApplyConstraints(&t.Want)
	return t, nil
}

// Shape returns the shape of the last payload.
func (f *Feed) Shape() string { return f.state.Scope + "." + f.state.Action }

// SetWebhook sets which of Options.WebhookIDs receives the payloads from now on.
func (f *Feed) SetWebhook(webhook int) { f.state.Webhook = f.generator.webhooks[webhook] }

// Next returns the next payload as a delivery of its own. The same seed gives the same Webhook-Id.
func (f *Feed) Next() (delivery.Message, error) {
	body, err := f.Append(nil)
	if err != nil {
		return delivery.Message{}, err
	}
	return delivery.Message{Shape: f.Shape(), ID: string(f.AppendID(nil)), Body: body}, nil
}

// AppendID appends the Webhook-Id of the last payload to dst: a UUID (RFC 9562, version 4), as delivery.NewWebhookID
// makes them.
func (f *Feed) AppendID(dst []byte) []byte {
	return appendUUID(dst, world.Hash64(f.generator.seed)^0x5bf03635, world.Hash64(f.made))
}

func appendUUID(dst []byte, seed1, seed2 uint64) []byte {
	var random world.RNG
	random.Seed(seed1, seed2)
	var b [16]byte
	random.Fill(b[:])
	return delivery.AppendUUID(dst, b)
}
