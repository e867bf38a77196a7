package emitter

import (
	"fmt"
	"sync"

	"github.com/brianvoe/gofakeit/v7"
)

// EventData are all that a payload may tell of something that happened on a Hub which
// somebody else keeps. What a shape has no place for is not told.
//
// Ids are 24 hex digits and commits are 40, both in lower case, as the Hub writes
// them. Titles, contents, paths and names of references may be any text, of which each
// byte that is no UTF-8 is told as U+FFFD.
type EventData struct {
	Shape     string // a name that schemas.Set.Named knows, as in Request.Shape
	HubURL    string // begins the URLs of the payload; that of the options where empty
	WebhookID string // of the registration that receives it; the first of the options where empty
	// Index tells apart what is left to chance: the parts of a future, and values
	// of which the facts say nothing.
	Index uint64

	Repo       RepoData        // told by every event
	MovedTo    *MoveData       // told by a move
	Private    *bool           // the setting that a repo.config event tells of; nil: it tells of none
	Refs       []RefData       // what a push to a Git repo changed
	Files      []FileData      // what a push to a bucket changed; the first 10,000 are told
	Discussion *DiscussionData // told by every discussion event
	Comment    *CommentData    // told by comment events, and with a new discussion where there is one
}

// RepoData are the repo, as it is after the event; of a move, name and owner are those
// before it.
type RepoData struct {
	Type    string // model, dataset, space or bucket; the last has no discussions
	Name    string // "owner/name", or "name" alone
	ID      string // stays the same when the repo moves
	OwnerID string // of the user or the organisation that it belongs to
	Private bool   // whether not everybody can see it
	HeadSHA string // the commit of main; empty: it is not told
}

// MoveData are where a repo moved to.
type MoveData struct {
	Name    string // "owner/name", or "name" alone
	OwnerID string // of the owner from then on
}

// RefData are a change to a Git reference.
type RefData struct {
	Name string // "refs/heads/main"
	Old  string // the commit before; empty: it was created
	New  string // the commit after; empty: it was deleted
}

// FileData are a change to a file of a bucket. One that was deleted has neither
// hash nor size.
type FileData struct {
	Path    string // from the root on: "data/train.parquet"; not empty
	Deleted bool   // the file is gone; otherwise it was added, or its content changed
	XetHash string // 64 hex digits
	Size    uint64 // in bytes
}

// DiscussionData are a discussion or a pull request, as it is after the event.
type DiscussionData struct {
	ID            string // its own all over the Hub, as Num is within the repo
	Title         string // not empty
	Num           uint64 // from 1
	Status        string // draft, open, closed or merged
	AuthorID      string // of whoever opened it
	PullRequest   bool   // whether it has changes of its own, under refs/pr/Num
	MergeCommitID string // of a pull request that is merged; empty: it is not told
	Pinned        bool   // at the top of the repo's list
}

// CommentData are a comment, as it is after the event.
type CommentData struct {
	ID       string // its own all over the Hub; it is in the comment's URL, too
	AuthorID string // of whoever wrote it
	Content  string // Markdown; not told where the comment is hidden
	Hidden   bool   // whether nobody can read it any more
}

// told is what a generator needs for payloads that tell of facts.
type told struct {
	sources  map[string]source
	tales    tales     // by name; compiled when first asked for
	tellings sync.Pool // each of one payload at a time
}

// telling is the scene of facts, with room for what it is about.
type telling struct {
	scene   scene
	omens   futureDice
	repo    repo
	talk    discussion
	comment comment

	hubURL, spokenURL string // the last one that facts gave, and how it is written
}

func newTelling(g *Generator) *telling {
	t := &telling{omens: futureDice{Future: g.future}}
	s := &t.scene
	s.words, s.repo = g.words, &t.repo
	s.faker = gofakeit.NewFaker(&s.loose, false)
	return t
}

// Streams of chance for facts, apart from those of worlds.
const (
	chanceOfLoose = iota + 16
	chanceOfFuture
)

// Render appends a payload that tells of facts to dst, as compact JSON. The options'
// edits, future and schemas apply to it, their scene and size do not. The same
// seed, facts and index give the same bytes.
//
// The error is about the facts: a shape that is not known, a part of it that is
// missing, a value that no payload can have.
func (g *Generator) Render(dst []byte, f *EventData) ([]byte, error) {
	shape, err := g.toldTale(f.Shape)
	if err != nil {
		return dst, err
	}
	t := g.told.tellings.Get().(*telling)
	defer g.told.tellings.Put(t)
	defer t.forget()
	if err := t.read(g, f); err != nil {
		return dst, fmt.Errorf("%s: %w", f.Shape, err)
	}
	t.scene.loose.Seed(mix(g.seed)+chanceOfLoose, mix(f.Index))
	t.omens.Seed(mix(g.seed)+chanceOfFuture, mix(f.Index))
	if err := shape.lacks(&t.scene); err != nil {
		return dst, err
	}
	if !shape.narrowed && t.omens.hits(g.future.Scopes) {
		if shape, err = g.toldTale(shape.scope + ".*"); err != nil {
			return dst, err
		}
		if err := shape.lacks(&t.scene); err != nil {
			return dst, err
		}
	}
	t.heed(&shape.want)
	g.foresee(&t.scene, &t.omens, shape.tale)
	return shape.plan.append(dst, &t.scene), nil
}

// forget lets go of what was told.
func (t *telling) forget() {
	s := &t.scene
	clear(s.refs)
	s.facts, s.refs, s.files = nil, s.refs[:0], s.files[:0]
}

// heed has the facts fit the values that are set by hand, as scenes of a world
// do. What happened stays what it is: a repo that is told to be a bucket is one
// by name and URLs alone.
func (t *telling) heed(want *Scene) {
	s := &t.scene
	s.kind, s.settled = t.repo.kind, want.RepoType != "" || want.kind != nil
	switch {
	case want.kind != nil:
		s.kind = want.kind
	case want.RepoType != "":
		s.kind = kindNamed(want.RepoType)
	}
	if want.RepoName != "" {
		s.title.name.text = want.RepoName
	}
	if want.movedTo != "" {
		s.movedTo.name.text = want.movedTo
	}
	if want.head != nil {
		s.beHead(want.head)
	}
	t.heedChoices(want)
	t.heedTalk(want)
	for i := range want.files {
		t.heedFiles(&want.files[i])
	}
}

func (t *telling) heedChoices(want *Scene) {
	for _, choice := range []struct {
		want Choice
		told *bool
	}{
		{want.Private, &t.repo.private}, {want.PullRequest, &t.talk.pull}, {want.Hidden, &t.comment.hidden},
	} {
		if choice.want != Any {
			*choice.told = choice.want == Yes
		}
	}
	if t.scene.private != Any && want.Private != Any {
		t.scene.private = want.Private
	}
}

func (t *telling) heedTalk(want *Scene) {
	s := &t.scene
	if want.Status != "" {
		t.talk.status = want.Status
	}
	if want.Num != 0 {
		s.num = want.Num
	}
	if id, ok := parseID(want.CommentID); ok {
		s.commentID = id
	}
}

// heedFiles has files be added or deleted. Of one that was deleted no hash is
// known.
func (t *telling) heedFiles(wish *fileWish) {
	s := &t.scene
	for i := range s.files {
		f := &s.files[i]
		if wish.item != i && wish.item != everyItem || f.deleted == wish.deleted {
			continue
		}
		if f.deleted = wish.deleted; !f.deleted {
			s.loose.fill(f.hash[:])
		}
	}
}
