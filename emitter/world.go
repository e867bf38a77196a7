package emitter

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/brianvoe/gofakeit/v7"
)

// world is a small Hub. Things happen in it one after another, each legal where
// the last one left off; what happened last is its scene. It is not safe for
// concurrent use.
type world struct {
	ids    identity
	words  *lexicon
	acts   []act
	dice   dice
	omens  futureDice
	guests []*account // owners that a user named

	repos []repo
	alive int // how many of them live
	queue []sequel
	clock uint32 // seconds since 1970
	count uint32 // of the ids of this second

	// A world that is made for one event alone takes its ids and its chance from
	// the event's index.
	indexed bool
	seed    uint64
	index   uint64
	staged  bool // whether what happens is told

	scene   scene
	leaving *repo      // to be gone after its deletion has been told
	moving  *repo      // to have its new name after its move has been told
	gone    discussion // the one that was deleted last
	needs   needs
	want    Scene   // of the event that is asked for alone
	among   []actID // of which it may be
}

// needs are what an act needs of what comes before it.
type needs struct {
	status  string // of a discussion that is opened; empty: any
	doomed  *repo  // the repo that makes room
	convert bool   // whether the Parquet bot must follow
}

// liveRepos is how many repos a world holds at most.
const liveRepos = 48

// ErrEndOfTime says that a feed has used up the seconds of ObjectIds, which end
// in 2106.
var ErrEndOfTime = errors.New("the story has reached the year 2106, where the time in ObjectIds ends")

func newWorld(g *Generator, repos int) *world {
	w := &world{ids: g.ids, words: g.words, acts: g.acts, clock: epoch, seed: g.seed}
	w.repos = make([]repo, repos)
	for i := range w.repos {
		w.repos[i] = newRepo()
	}
	w.dice.Seed(mix(g.seed), 1)
	w.omens.Future = g.future
	w.omens.Seed(mix(g.seed), 3)
	w.queue = make([]sequel, 0, 8)
	w.scene = scene{
		hubURL: g.hubURL, webhook: g.webhooks[0], version: versionToday, words: g.words,
		refs: make([]refChange, 0, 8), files: make([]fileChange, 0, 8),
	}
	w.scene.loose.Seed(mix(g.seed), 2)
	w.scene.faker = gofakeit.NewFaker(&w.scene.loose, false)
	return w
}

// begin makes a world new for the event of an index.
func (w *world) begin(index uint64) {
	w.indexed, w.index = true, index
	w.queue, w.leaving, w.moving = w.queue[:0], nil, nil
	for i := range w.repos {
		w.repos[i].clear()
	}
	w.alive, w.guests = 0, w.guests[:0]
	w.scene.loose.Seed(mix(w.seed)+1, mix(index))
	w.omens.Seed(mix(w.seed)+2, mix(index))
}

// Streams of chance in a world of one event: whatever the event is, one index
// tells of the same repo and discussion.
const (
	chanceOfChoice = iota + 3
	chanceOfRepo
	chanceOfPull
	chanceOfTalk
	chanceOfComment
	chanceOfEvent
)

// draw begins the stream of chance for a part of a world of one event.
func (w *world) draw(stream uint64) {
	if w.indexed {
		w.dice.Seed(mix(w.seed)+stream, mix(w.index))
	}
}

// newID makes the id of something new.
func (w *world) newID(r role) objectID {
	switch {
	case w.indexed && w.staged:
		return w.ids.of(w.index, r)
	case w.indexed:
		return w.ids.before(w.index, r)
	case w.count == idsPerSecond:
		w.clock, w.count = w.clock+1, 0
	}
	w.count++
	return w.ids.at(w.clock, w.count-1)
}

func (w *world) newSHA() (h sha) {
	w.dice.fill(h[:])
	return h
}

// tick lets some time pass, and what was told become so.
func (w *world) tick() error {
	if !w.indexed {
		if w.clock > math.MaxUint32-3600 {
			return ErrEndOfTime
		}
		w.clock, w.count = w.clock+1+uint32(w.dice.below(8)), 0
	}
	if w.leaving != nil {
		w.leaving.alive = false
		w.alive--
		w.leaving = nil
	}
	if w.moving != nil {
		w.moving.title, w.moving.at = w.scene.movedTo, w.moving.at.cleared()
		w.moving = nil
	}
	return nil
}

// mostPreparations bounds how many events an event may need before it: a merge
// needs a repo, a pull request and room for both.
const mostPreparations = 8

// happen lets one of several acts happen, as it is wanted. What it needs, and what
// follows from earlier events, happens untold.
func (w *world) happen(among choice, want *Scene) error {
	w.draw(chanceOfChoice)
	wanted := w.choose(among)
	for next := w.next(); next != nil; next = w.next() {
		if slices.Contains(among.acts, next.act) && w.fits(next.repo, want) {
			wanted = next.act
			break
		}
		if _, err := w.step(next.act, &noWish, false); err != nil {
			return err
		}
	}
	for range mostPreparations {
		done, err := w.step(wanted, want, false)
		if err != nil || done == wanted {
			return err
		}
	}
	return fmt.Errorf("nothing leads to %s as it is wanted", w.acts[wanted].shape)
}

// noWish leaves everything to chance.
var noWish Scene

// step does an act or, where the world is not ready for it, what comes before,
// and says which of them it was.
func (w *world) step(wanted actID, want *Scene, story bool) (actID, error) {
	if err := w.tick(); err != nil {
		return wanted, err
	}
	w.needs = needs{}
	w.scene.talk, w.scene.comment = nil, nil
	done, on, err := w.first(wanted, want)
	if err != nil {
		return wanted, err
	}
	w.staged = story || done == wanted
	s := &w.scene
	s.private, s.refs, s.files = Any, s.refs[:0], s.files[:0]
	w.draw(chanceOfEvent)
	w.acts[done].do(w, want, on)
	w.tell(want)
	return done, nil
}

// first is the act itself, where the world is ready for it, or what has to be done
// first for it, and the repos that it can happen to.
func (w *world) first(wanted actID, want *Scene) (actID, kinds, error) {
	id, on := wanted, anyKind
	for range mostPreparations {
		a := &w.acts[id]
		on = max(on, a.on)
		before := a.find(w, want, on)
		if before == ready {
			return id, on, nil
		}
		id = before
	}
	return id, on, fmt.Errorf("nothing leads to %s as it is wanted", w.acts[wanted].shape)
}

// tell sets the parts of the scene that follow from the others.
func (w *world) tell(want *Scene) {
	s := &w.scene
	s.title, s.kind, s.settled = s.repo.title, s.repo.kind, want.RepoType != ""
	if want.kind != nil {
		s.kind, s.settled = want.kind, true
	}
	if want.head != nil && s.repo.kind.git {
		s.beHead(want.head)
	}
	if s.talk != nil {
		s.num = s.talk.num
	}
	if s.talk != nil && s.comment == nil {
		s.comment = &s.talk.comments[s.talk.written-1]
	}
	if s.comment != nil {
		s.commentID = s.comment.id
	}
	if want.Num != 0 {
		s.num = want.Num
	}
	if id, ok := parseID(want.CommentID); ok {
		s.commentID = id
	}
	for i := range want.files {
		w.tellFiles(&want.files[i])
	}
}

// tellFiles has files be added or deleted as it is wanted.
func (w *world) tellFiles(wish *fileWish) {
	r, s := w.scene.repo, &w.scene
	for i := range s.files {
		f := &s.files[i]
		if wish.item != i && wish.item != everyItem || f.deleted == wish.deleted {
			continue
		}
		f.deleted = wish.deleted
		if f.deleted {
			r.files = slices.DeleteFunc(r.files, func(p filePath) bool { return p == f.path })
			continue
		}
		w.dice.fill(f.hash[:])
		r.files = appendLast(r.files, f.path)
	}
}
