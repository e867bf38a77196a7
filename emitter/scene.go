package emitter

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/brianvoe/gofakeit/v7"
)

// cast is all that decides a scene.
type cast struct {
	seed, index   uint64
	scope, action string
	narrowed      bool // whether a scope narrower than scope, and an action, are to be drawn
	want          Scene
}

// scene is what one payload is told about. Everything in it fits together.
type scene struct {
	hubURL  string
	webhook objectID
	random  *rand.Rand
	source  *rand.PCG
	faker   *gofakeit.Faker
	clock   time.Time // when the event happened

	scope, action string
	repo          repo
	refs          []refChange
	files         []file
	private       Choice // the setting that a repo.config event tells of
	discussion    discussion
	comment       comment
	movedTo       repo
	item          int // which item of an array is being written
}

type repo struct {
	kind, owner, name string // owner is empty for canonical repos
	id, ownerID       objectID
	private           bool
	head              sha
}

type refChange struct {
	name             string
	old, new         sha
	created, deleted bool
}

type file struct {
	path    string
	deleted bool
	hash    [32]byte
	size    uint64
}

type discussion struct {
	id, author    objectID
	title, status string
	num           uint64
	pull          bool
	merge         sha
}

type comment struct {
	id, author objectID
	content    string
	hidden     bool
}

type (
	objectID [12]byte
	sha      [20]byte
)

// epoch is the time of a seed's first event. A fixed one keeps payloads the
// same whenever they are made.
var epoch = time.Date(2026, time.October, 1, 8, 0, 0, 0, time.UTC)

const (
	betweenEvents = 37 * time.Second
	day           = 24 * time.Hour
)

func newScene(hubURL string, webhook objectID) *scene {
	source := rand.NewPCG(0, 0)
	return &scene{
		hubURL: hubURL, webhook: webhook,
		source: source, random: rand.New(source), faker: gofakeit.NewFaker(source, false),
	}
}

// webhookID is the registration that a seed's deliveries are for.
func webhookID(seed uint64) objectID {
	s := newScene("", objectID{})
	s.source.Seed(seed, 0)
	return s.newID(epoch.Add(-30 * day))
}

// draw makes up everything that a payload could say.
func (s *scene) draw(c cast) {
	s.clock = epoch.Add(time.Duration(c.index%(1<<20)) * betweenEvents)
	s.drawEvent(c)
	// Whatever the event is, one index is told of the same repo and discussion:
	// a narrowed event then differs from the broader one by its scope alone.
	s.source.Seed(c.seed, c.index+1)
	s.drawRepo(c)
	s.drawPush(c.want.Refs)
	s.drawFiles()
	s.private = Choice(s.random.IntN(3)) // one change in three is of a setting that is not told
	if s.private != Any {
		s.repo.private = s.private == Yes
	}
	s.movedTo = s.repo
	s.movedTo.name = s.repoName()
	s.drawDiscussion(c.want)
	s.drawComment(c.want)
}

func (s *scene) drawEvent(c cast) {
	s.scope, s.action = c.scope, c.action
	if c.narrowed {
		s.source.Seed(^c.seed, c.index+1)
		s.scope += "." + pick(s.random, futureSegments())
		s.action = pick(s.random, futureActions())
	}
}

func (s *scene) drawRepo(c cast) {
	s.repo = repo{
		kind:    c.want.RepoType,
		owner:   s.userName(),
		name:    s.repoName(),
		id:      s.newID(s.before(400 * day)),
		ownerID: s.newID(s.before(900 * day)),
		private: s.oneIn(4),
		head:    s.newSHA(),
	}
	if s.repo.kind == "" {
		s.repo.kind = pick(s.random, c.want.possibleTypes(c.scope))
	}
	if c.want.Canonical {
		s.repo.owner = ""
	}
}

// drawPush makes up what a push changes. A commit to main moves the head.
func (s *scene) drawPush(wanted []Ref) {
	if len(wanted) == 0 {
		wanted = pick(s.random, usualPushes())
	}
	s.refs = s.refs[:0]
	for _, ref := range wanted {
		change := refChange{
			name: ref.Name, old: s.newSHA(), new: s.newSHA(),
			created: ref.Change == RefCreated, deleted: ref.Change == RefDeleted,
		}
		if ref.Name == mainRef && !change.deleted {
			s.repo.head = change.new
		}
		s.refs = append(s.refs, change)
	}
}

const mainRef = "refs/heads/main"

func usualPushes() [][]Ref {
	return [][]Ref{
		{{Name: mainRef}},
		{{Name: mainRef}},
		{{Name: mainRef}, {Name: "refs/tags/v1.1", Change: RefCreated}},
		{{Name: "refs/pr/5", Change: RefCreated}},
		{{Name: "refs/pr/5"}},
		{{Name: "refs/convert/parquet"}},
		{{Name: "refs/heads/dev", Change: RefDeleted}},
		{{Name: "refs/tags/v0.9", Change: RefDeleted}},
	}
}

func (s *scene) drawFiles() {
	s.files = s.files[:0]
	for range 1 + s.random.IntN(4) {
		f := file{path: s.filePath(), deleted: s.oneIn(4), size: s.random.Uint64N(1 << 32)}
		s.fill(f.hash[:])
		s.files = append(s.files, f)
	}
}

func (s *scene) drawDiscussion(want Scene) {
	d := discussion{
		id:     s.newID(s.before(20 * day)),
		author: s.newID(s.before(900 * day)),
		title:  s.title(),
		num:    1 + s.random.Uint64N(200),
		pull:   s.random.IntN(2) == 0,
		status: want.Status,
		merge:  s.newSHA(),
	}
	opened := s.scope == "discussion" && s.action == "create"
	if opened {
		d.id = s.newID(s.clock)
	}
	switch {
	case want.PullRequest != Any:
		d.pull = want.PullRequest == Yes
	case want.Status == "merged" || want.Status == "draft":
		d.pull = true
	}
	if d.status == "" {
		d.status = pick(s.random, statusesOf(d.pull, opened))
	}
	s.discussion = d
}

// statusesOf lists what a discussion can be; one just opened is not yet closed.
func statusesOf(pull, opened bool) []string {
	switch {
	case pull && opened:
		return []string{"open", "open", "draft"}
	case opened:
		return []string{"open"}
	case pull:
		return []string{"open", "draft", "closed", "merged"}
	}
	return []string{"open", "closed"}
}

func (s *scene) drawComment(want Scene) {
	opened := s.scope == "discussion" && s.action == "create"
	s.comment = comment{
		id:      s.newID(s.clock),
		author:  s.newID(s.before(900 * day)),
		content: s.remark(),
		// A comment is written in the open; it is hidden later.
		hidden: s.oneIn(4) && s.action != "create",
	}
	if opened {
		s.comment.author = s.discussion.author
	}
	if want.Hidden != Any {
		s.comment.hidden = want.Hidden == Yes
	}
}

// before is a moment up to so long before the event, and a day at least.
func (s *scene) before(most time.Duration) time.Time {
	return s.clock.Add(-day - time.Duration(s.random.Int64N(int64(most))))
}

// newID makes a Mongo ObjectId of a time: seconds, then what tells apart.
func (s *scene) newID(at time.Time) objectID {
	var id objectID
	binary.BigEndian.PutUint32(id[:], uint32(at.Unix()))
	binary.BigEndian.PutUint64(id[4:], s.random.Uint64())
	return id
}

func (s *scene) newSHA() sha {
	var h sha
	s.fill(h[:])
	return h
}

func (s *scene) fill(b []byte) {
	for len(b) > 0 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], s.random.Uint64())
		b = b[copy(b, word[:]):]
	}
}

func (s *scene) oneIn(n int) bool { return s.random.IntN(n) == 0 }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// fullName is the repo's name as payloads have it.
func (r *repo) fullName() string {
	if r.owner == "" {
		return r.name
	}
	return r.owner + "/" + r.name
}

// subdomain is where a Space is served: its name in what a host name may hold.
func (r *repo) subdomain() string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, strings.ToLower(r.fullName()))
}
