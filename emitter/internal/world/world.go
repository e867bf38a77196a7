// Package world simulates a small Hub: repos, discussions, what happens to them, and the ids, names and texts in it.
//
// A [Config] holds what all worlds of a seed share; [Config.NewWorld] returns a [World]. Each of its events is legal
// in the state that the last one left. [World.Happen] makes one within [Constraints], [World.Step] the next one of a
// story; the [Event] then holds all that a payload can report. The same seed gives the same events.
//
// It knows no schemas and writes no payloads.
package world

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Config is what all worlds of a seed share.
type Config struct {
	seed   uint64
	HubURL string // the beginning of all URLs, escaped for JSON
	ids    IDSource
	Words  *Lexicon
	events []eventSpec // by kind
}

// NewConfig returns the configuration of a seed's worlds, in which URLs begin with HubURL, escaped for JSON.
func NewConfig(seed uint64, hubURL string) *Config {
	ids := NewIDSource(seed)
	return &Config{seed: seed, HubURL: hubURL, ids: ids, Words: newLexicon(seed, ids), events: eventTable()}
}

// World is a small Hub. Events happen in it one after another, each legal in the state that the last one left. It is
// not safe for concurrent use.
type World struct {
	*Config
	RNG         RNG
	namedOwners []*account // owners that a user named

	repos []Repo
	alive int // how many of them exist
	queue []followUp
	clock uint32 // seconds since 1970
	count uint32 // ids made in this second

	// A world made for one event takes its ids and its randomness from the event's index.
	indexed  bool
	index    uint64
	reported bool // whether a payload reports the event, rather than that it prepares another

	event    *Event     // the latest
	deleting *Repo      // ceases to exist after the event that reports it
	moving   *Repo      // takes its new name after the event that reports it
	deleted  Discussion // the last one that was deleted
	needs    needs
}

// needs are what an event requires of the events that prepare it.
type needs struct {
	status  string     // of a discussion that is opened; empty: any
	doomed  *Repo      // the repo that makes room
	convert bool       // whether the Parquet bot must follow
	on      repoFilter // the repos that it can happen to
}

// MaxRepos is how many repos a world holds that lives on.
const MaxRepos = 48

// ErrEndOfTime says that a world has used up the seconds of ObjectIds, which end in 2106.
var ErrEndOfTime = errors.New("the story has reached the year 2106, where the time in ObjectIds ends")

// NewWorld returns a world with room for a number of repos, in which nothing has happened. What happens is written to
// e.
func (c *Config) NewWorld(repos int, e *Event) *World {
	w := &World{Config: c, clock: Epoch, event: e}
	w.repos = make([]Repo, repos)
	for i := range w.repos {
		w.repos[i] = Repo{ // with room for all that it may hold, so that no event allocates
			branches: make([]branch, 0, maxBranches), tags: make([]tag, 0, maxTags),
			files: make([]filePath, 0, maxFiles), discussions: make([]Discussion, 0, maxDiscussions),
		}
	}
	w.RNG.Seed(Hash64(c.seed), 1)
	w.queue = make([]followUp, 0, 8)
	*e = Event{HubURL: c.HubURL, Words: c.Words, Refs: make([]RefChange, 0, 8), Files: make([]FileChange, 0, 8)}
	return w
}

// Begin empties a world for the event of an index.
func (w *World) Begin(index uint64) {
	w.indexed, w.index = true, index
	w.queue, w.deleting, w.moving = w.queue[:0], nil, nil
	for i := range w.repos {
		w.repos[i].clear()
	}
	w.alive, w.namedOwners = 0, w.namedOwners[:0]
}

// Streams of random numbers in a world of one event: whatever the event is, one index has the same repo and
// discussion.
const (
	choiceStream = iota + 3
	repoStream
	pullStream
	discussionStream
	commentStream
	eventStream
)

// reseed begins the stream of random numbers for a part of a world of one event.
func (w *World) reseed(stream uint64) {
	if w.indexed {
		w.RNG.Seed(Hash64(w.seed)+stream, Hash64(w.index))
	}
}

func (w *World) newID(r idRole) ObjectID {
	switch {
	case w.indexed && w.reported:
		return w.ids.of(w.index, r)
	case w.indexed:
		return w.ids.before(w.index, r)
	case w.count == idsPerSecond:
		w.clock, w.count = w.clock+1, 0
	}
	w.count++
	return w.ids.at(w.clock, w.count-1)
}

func (w *World) newSHA() (h SHA) {
	w.RNG.Fill(h[:])
	return h
}

// tick lets some time pass, and completes the deletion or move that was reported last.
func (w *World) tick() error {
	if !w.indexed {
		if w.clock > math.MaxUint32-3600 {
			return ErrEndOfTime
		}
		w.clock, w.count = w.clock+1+uint32(w.RNG.IntN(8)), 0
	}
	if w.deleting != nil {
		w.deleting.alive = false
		w.alive--
		w.deleting = nil
	}
	if w.moving != nil {
		w.moving.Title, w.moving.At = w.event.MovedTo, w.moving.At.Cleared()
		w.moving = nil
	}
	return nil
}

// maxPrerequisites bounds how many events may have to precede one: a merge needs a repo, a pull request and room for
// both.
const maxPrerequisites = 8

// Happen lets one of several kinds of events happen, within constraints. What it requires, and what follows from
// earlier events, happens unreported.
func (w *World) Happen(among Candidates, want *Constraints) error {
	w.reseed(choiceStream)
	wanted := w.Choose(among)
	for next := w.nextFollowUp(); next != nil; next = w.nextFollowUp() {
		if slices.Contains(among.Kinds, next.kind) && want.fits(next.repo) {
			wanted = next.kind
			break
		}
		if _, err := w.Step(next.kind, &noConstraints, false); err != nil {
			return err
		}
	}
	for range maxPrerequisites {
		done, err := w.Step(wanted, want, false)
		if err != nil || done == wanted {
			return err
		}
	}
	return w.unreachable(wanted)
}

func (w *World) unreachable(kind EventKind) error {
	return fmt.Errorf("nothing leads to %s as it is wanted", w.events[kind].shape)
}

var noConstraints Constraints

// Step lets an event happen or, if the world is not ready for it, one that must precede it, and returns the kind of
// the one that happened. In a story both are reported.
func (w *World) Step(wanted EventKind, want *Constraints, story bool) (EventKind, error) {
	if err := w.tick(); err != nil {
		return wanted, err
	}
	e := w.event
	w.needs = needs{}
	e.Discussion, e.Comment = nil, nil
	done, err := w.prerequisite(wanted, want)
	if err != nil {
		return wanted, err
	}
	w.reported = story || done == wanted
	e.Private, e.Refs, e.Files = Either, e.Refs[:0], e.Files[:0]
	w.reseed(eventStream)
	w.events[done].do(w, want)
	w.ApplyConstraints(want)
	return done, nil
}

// prerequisite returns the kind of event that must happen first for another one, which is that one itself where the
// world is ready for it.
func (w *World) prerequisite(wanted EventKind, want *Constraints) (EventKind, error) {
	kind := wanted
	for range maxPrerequisites {
		spec := &w.events[kind]
		w.needs.on = max(w.needs.on, spec.on)
		before := spec.find(w, want)
		if before == ready {
			return kind, nil
		}
		kind = before
	}
	return kind, w.unreachable(wanted)
}

// ApplyConstraints sets the parts of the event that follow from its others and from constraints.
func (w *World) ApplyConstraints(want *Constraints) {
	e := w.event
	e.Title, e.Kind, e.KindFixed = e.Repo.Title, e.Repo.Kind, want.RepoType != ""
	if want.Kind != nil {
		e.Kind, e.KindFixed = want.Kind, true
	}
	if want.Head != nil && e.Repo.Kind.Git {
		e.SetHead(want.Head)
	}
	if e.Discussion != nil {
		e.Num = e.Discussion.Num
	}
	if e.Discussion != nil && e.Comment == nil {
		e.Comment = &e.Discussion.comments[e.Discussion.written-1]
	}
	if e.Comment != nil {
		e.CommentID = e.Comment.ID
	}
	if want.Num != 0 {
		e.Num = want.Num
	}
	if id, ok := ParseID(want.CommentID); ok {
		e.CommentID = id
	}
	for i := range want.Files {
		w.constrainFiles(&want.Files[i])
	}
}

func (w *World) constrainFiles(want *FileConstraint) {
	r, e := w.event.Repo, w.event
	for i := range e.Files {
		f := &e.Files[i]
		if !want.Applies(i, f) {
			continue
		}
		f.Deleted = want.Deleted
		if f.Deleted {
			r.files = slices.DeleteFunc(r.files, func(p filePath) bool { return p == f.path })
			continue
		}
		w.RNG.Fill(f.Hash[:])
		r.files = appendLast(r.files, f.path)
	}
}

type followUp struct {
	kind   EventKind
	repo   *Repo
	repoID ObjectID
	num    uint64 // of the discussion; 0 if it concerns none
}

// holds reports whether the repo and the discussion that it concerns still exist.
func (f *followUp) holds() bool {
	return f.repo.alive && f.repo.ID == f.repoID && (f.num == 0 || f.repo.discussionNumbered(f.num) != nil)
}

// WantsRepo reports, by chance, whether a young world gets another repo.
func (w *World) WantsRepo() bool {
	const maxAlive = 5
	return w.alive < maxAlive && w.RNG.OneIn(4)
}

func (w *World) follow(kind EventKind, num uint64) {
	r := w.event.Repo
	w.queue = append(w.queue, followUp{kind: kind, repo: r, repoID: r.ID, num: num})
}

// StepFollowUp lets the event happen that follows from earlier ones, and returns its kind; false if none does.
func (w *World) StepFollowUp() (EventKind, bool, error) {
	next := w.nextFollowUp()
	if next == nil {
		return ready, false, nil
	}
	done, err := w.Step(next.kind, &noConstraints, true)
	return done, true, err
}

// nextFollowUp returns the event that follows from earlier ones; nil if none does.
func (w *World) nextFollowUp() *followUp {
	for len(w.queue) > 0 && !w.queue[0].holds() {
		w.queue = slices.Delete(w.queue, 0, 1)
	}
	if len(w.queue) == 0 {
		return nil
	}
	return &w.queue[0]
}
