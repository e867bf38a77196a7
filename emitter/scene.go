package emitter

import (
	"github.com/brianvoe/gofakeit/v7"
)

// scene is what one payload is told about. Everything in it fits together.
type scene struct {
	hubURL  string
	webhook objectID
	version uint64 // of the payload
	words   *lexicon
	facts   *EventData // that are told; nil where a world knows them

	// loose and faker are for values of which the world knows nothing.
	loose dice
	faker *gofakeit.Faker

	scope, action string
	kind          *repoKind // as it is told
	settled       bool      // whether the kind is one that was asked for
	repo          *repo
	title         repoTitle
	at, elsewhere location // the second is for types that the repo is not of
	refs          []refChange
	files         []fileChange
	private       Choice // the setting that a repo.config event tells of
	talk          *discussion
	num           uint64 // of the discussion
	comment       *comment
	commentID     objectID
	movedTo       repoTitle

	item   int // which item of an array is being written
	growth growth
	extras extras
}

// refChange is what a push did to a reference. One that was created has no old commit,
// one that was deleted no new one.
type refChange struct {
	kind             refKind
	number           uint64 // what the kind makes a name of
	text             string // the name where a user gave one
	old, new         sha
	created, deleted bool
}

// refKind says how the name of a reference is written.
type refKind uint8

const (
	refMain    refKind = iota
	refBranch          // refs/heads/ and a noun
	refTag             // refs/tags/v1.2
	refPull            // refs/pr/N
	refParquet         // the Parquet bot's
	refGiven           // a user's
)

// fileChange is what a push did to a file of a bucket. One that was deleted has neither
// hash nor size.
type fileChange struct {
	path    filePath
	deleted bool
	hash    [32]byte
	size    uint64
}

// mainRef is the branch that a repo's head is the head of.
const mainRef = "refs/heads/main"

// beHead has main be at a commit, and a push to main lead there.
func (s *scene) beHead(head *sha) {
	s.repo.head = *head
	for i := range s.refs {
		if r := &s.refs[i]; (r.kind == refMain || r.text == mainRef) && !r.deleted {
			r.new = *head
		}
	}
}

func (s *scene) appendRef(dst []byte, r *refChange) []byte {
	switch r.kind {
	case refMain:
		return append(dst, mainRef...)
	case refBranch:
		return append(append(dst, "refs/heads/"...), s.words.nouns[r.number]...)
	case refTag:
		dst = appendNumber(append(dst, "refs/tags/v"...), r.number>>4)
		return appendNumber(append(dst, '.'), r.number&15)
	case refPull:
		return appendNumber(append(dst, "refs/pr/"...), r.number)
	case refParquet:
		return append(dst, "refs/convert/parquet"...)
	}
	return appendText(dst, r.text)
}

// appendPath writes where a file is.
func (s *scene) appendPath(dst []byte, p filePath) []byte {
	for _, part := range s.words.paths[p.form] {
		dst = append(dst, part.text...)
		switch part.gap {
		case gapPool:
			dst = append(dst, part.pool[p.noun]...)
		case gapNumber:
			dst = appendNumber(dst, uint64(p.number))
		}
	}
	return dst
}

// appendTitle writes the full name of a repo.
func (s *scene) appendTitle(dst []byte, t *repoTitle) []byte {
	if t.owner != nil {
		dst = append(append(dst, t.owner.name...), '/')
	}
	if t.name.text != "" {
		return append(dst, t.name.text...)
	}
	dst = append(append(dst, s.words.adjectives[t.name.adjective]...), '-')
	dst = append(dst, s.words.nouns[t.name.noun]...)
	return append(dst, nameEndings[t.name.ending]...)
}

// location is where a repo is found. It stands in most of what is told of the
// repo, several times.
type location struct {
	web, api []byte // URLs
	name     []byte // the full name, a part of web
}

// cleared is room for another location.
func (l location) cleared() location { return location{web: l.web[:0], api: l.api[:0]} }

// locate finds the URLs of the repo that the scene is about. They are made once
// for each of its names, and for each scene in which it is of another type.
func (s *scene) locate() {
	if s.kind != s.repo.kind {
		s.elsewhere = s.located(s.elsewhere.cleared())
		s.at = s.elsewhere
		return
	}
	if len(s.repo.at.web) == 0 {
		s.repo.at = s.located(s.repo.at)
	}
	s.at = s.repo.at
}

func (s *scene) located(l location) location {
	l.web = append(append(l.web, s.hubURL...), s.kind.web...)
	before := len(l.web)
	l.web = s.appendTitle(l.web, &s.title)
	l.name = l.web[before:]
	l.api = append(append(append(l.api, s.hubURL...), s.kind.api...), l.name...)
	return l
}

// appendName writes the full name of the repo.
func (s *scene) appendName(dst []byte) []byte { return append(dst, s.at.name...) }

// appendWeb and appendAPI write where the repo is found.
func (s *scene) appendWeb(dst []byte) []byte { return append(dst, s.at.web...) }

func (s *scene) appendAPI(dst []byte) []byte { return append(dst, s.at.api...) }

// appendTalk writes what a discussion adds to the URL of its repo.
func (s *scene) appendTalk(dst []byte) []byte {
	return appendNumber(append(dst, "/discussions/"...), s.num)
}

// appendSubdomain writes where a Space is served: its name in what a host name
// may hold.
func (s *scene) appendSubdomain(dst []byte) []byte {
	start := len(dst)
	dst = s.appendName(dst)
	for i, c := range dst[start:] {
		switch {
		case c >= 'A' && c <= 'Z':
			dst[start+i] = c + 'a' - 'A'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			dst[start+i] = '-'
		}
	}
	return dst
}
