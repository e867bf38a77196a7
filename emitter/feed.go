package emitter

import (
	"cmp"
	"errors"
	"fmt"
	"github.com/hubhook/hubhook/emitter/delivery"
	"slices"
)

// Feed makes payloads one after another, of one world: what happened to a repo
// shows in all that is told of it later. It is not safe for concurrent use.
type Feed struct {
	generator *Generator
	world     *world
	story     bool
	natural   bool // whether the story is told as it comes
	entries   []*entry
	total     int // of the weights; zero: the entries are taken in turn
	made      uint64
	byAct     [actCount]*tale
}

// entry is a shape that a feed is to tell of, and how often.
type entry struct {
	name   string
	weight int
	*tale  // nil until it is first told
	among  choice
	below  *entry // the shape that stands for its narrower scopes; nil where those are not wanted
}

// FeedOptions say what a feed makes. The zero value makes every shape that the
// Hub sends today, in turn.
type FeedOptions struct {
	Shapes []string // taken in turn
	Mix    []Weight // drawn by their weights, instead of in turn
	// Story tells everything that happens, one thing after another, from an empty
	// Hub on. Without it only the shapes that are asked for are told, and what must
	// happen before happens untold. Shapes and Mix then say of what, and how often,
	// as far as the story can.
	Story bool
}

// Feed makes a feed. A shape that is not known, or of which there is no scene as
// it is wanted, is an error, as is an edit that no shape has a place for.
func (g *Generator) Feed(o FeedOptions) (*Feed, error) {
	f := &Feed{generator: g, story: o.Story, natural: o.Story && len(o.Shapes) == 0 && len(o.Mix) == 0 && g.scene.RepoName == ""}
	f.world = newWorld(g, liveRepos)
	weights, err := g.weights(o)
	if err != nil {
		return nil, err
	}
	for _, weight := range weights {
		e, err := f.entry(weight)
		if err != nil {
			return nil, err
		}
		f.entries = append(f.entries, e)
		f.total += e.weight
		f.natural = f.natural && (e.tale == nil || e.want.RepoName == "")
	}
	if len(f.entries) == 0 {
		return nil, cmp.Or(g.scene.check("repo", "update"), errors.New("no shape is left that could be told of as it is wanted"))
	}
	if g.size > 0 && o.Story {
		return nil, fmt.Errorf("a story cannot be of one size: name the shapes that shall be, such as discussion.comment.create")
	}
	return f, checkEdits(g.edits, f.entries)
}

// entry finds a shape. It is compiled when it is first told, unless there is
// something about it to find out before.
func (f *Feed) entry(w Weight) (*entry, error) {
	g := f.generator
	_, scope, action, err := g.schemas.ShapeByName(w.Name)
	if err != nil {
		return nil, err
	}
	if err := g.scene.check(scope, action); err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	e := &entry{name: w.Name, weight: w.Weight}
	if len(g.edits) > 0 || g.size > 0 {
		err = f.prepare(e)
	}
	return e, err
}

// prepare makes an entry ready to be told.
func (f *Feed) prepare(e *entry) (err error) {
	g := f.generator
	if e.tale, err = g.tale(e.name); err != nil {
		return err
	}
	acts := e.acts
	if f.story {
		acts = slices.DeleteFunc(slices.Clone(acts), func(id actID) bool { return g.acts[id].sequel })
	}
	e.among = f.world.choices(nil, acts, &e.want)
	if g.future.Scopes == 0 || e.narrowed {
		return nil
	}
	below, err := f.entry(Weight{Name: e.scope + ".*"})
	if err == nil && below.tale == nil {
		err = f.prepare(below)
	}
	if err == nil && (g.size == 0 || below.plan.grows) {
		e.below = below
	}
	return err
}

// Append appends the next payload to dst.
func (f *Feed) Append(dst []byte) ([]byte, error) {
	e := f.pick()
	if e.tale == nil {
		if err := f.prepare(e); err != nil {
			return dst, err
		}
	}
	if e.below != nil && f.world.omens.hits(f.generator.future.Scopes) {
		e = e.below
	}
	t, err := e.tale, error(nil)
	if f.story {
		t, err = f.next(e)
	} else {
		err = f.world.happen(e.among, &t.want)
	}
	if err != nil {
		return dst, err
	}
	f.made++
	return f.generator.tell(dst, f.world, t)
}

// pick is the entry that comes next.
func (f *Feed) pick() *entry {
	if f.total == 0 {
		return f.entries[f.made%uint64(len(f.entries))]
	}
	return byWeight(f.entries, f.world.dice.below(f.total))
}

// fewRepos is up to how many repos a young world soon has.
const fewRepos = 5

// next lets the story go on, with what follows from earlier events or else with
// one of the acts, and says what is to be told of it.
func (f *Feed) next(e *entry) (*tale, error) {
	w := f.world
	if follows := w.next(); follows != nil {
		done, err := w.step(follows.act, &noWish, true)
		if err != nil {
			return nil, err
		}
		return f.instead(done)
	}
	chosen := w.choose(e.among)
	wanted := chosen
	if f.natural && w.alive < fewRepos && w.dice.oneIn(4) {
		wanted = createRepo
	}
	done, err := w.step(wanted, &e.want, true)
	if err != nil || done == chosen {
		return e.tale, err
	}
	return f.instead(done)
}

// instead is the shape that tells of another act than the one that was chosen.
// What it tells fits the values that are set by hand in it.
func (f *Feed) instead(done actID) (*tale, error) {
	t, err := f.taleOf(done)
	if err == nil {
		f.world.tell(&t.want)
	}
	return t, err
}

// taleOf is the shape that tells of an act.
func (f *Feed) taleOf(id actID) (*tale, error) {
	if f.byAct[id] == nil {
		t, err := f.generator.tale(f.generator.acts[id].shape)
		if err != nil {
			return nil, err
		}
		f.byAct[id] = t
	}
	return f.byAct[id], nil
}

// Shape is that of the last payload.
func (f *Feed) Shape() string {
	s := &f.world.scene
	return s.scope + "." + s.action
}

// SetWebhook says which of Options.WebhookIDs receives the payloads from now on.
func (f *Feed) SetWebhook(webhook int) { f.world.scene.webhook = f.generator.webhooks[webhook] }

// Next makes the next payload as a delivery of its own. The same seed gives the
// same Webhook-Id.
func (f *Feed) Next() (delivery.Message, error) {
	body, err := f.Append(nil)
	if err != nil {
		return delivery.Message{}, err
	}
	return delivery.Message{Shape: f.Shape(), ID: f.id(), Body: body}, nil
}

// id is the Webhook-Id of the last payload.
func (f *Feed) id() string { return string(f.AppendID(nil)) }

// AppendID appends the Webhook-Id of the last payload to dst: a UUID (RFC 9562,
// version 4), as those of NewWebhookID are.
func (f *Feed) AppendID(dst []byte) []byte {
	var random dice
	random.Seed(mix(f.generator.seed)^0x5bf03635, mix(f.made))
	var b [16]byte
	random.fill(b[:])
	return delivery.AppendUUID(dst, b)
}
