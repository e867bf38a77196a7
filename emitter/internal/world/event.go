package world

// Event is what happened last in a world, or what event data says: all of it fits together.
type Event struct {
	HubURL string // the beginning of all URLs, escaped for JSON
	Words  *Lexicon

	Kind          *RepoKind // the repo's, or one that the payload gives it
	KindFixed     bool      // whether the kind was asked for
	Repo          *Repo
	Title         RepoTitle
	at, elsewhere location // the second is for kinds that are not the repo's own
	Refs          []RefChange
	Files         []FileChange
	Private       Choice // the setting that a repo.config event reports
	Discussion    *Discussion
	Num           uint64 // of the discussion
	Comment       *Comment
	CommentID     ObjectID
	MovedTo       RepoTitle
}

// RefChange is what a push did to a reference. One that was created has no old commit, one that was deleted no new
// one.
type RefChange struct {
	Kind             RefKind
	Number           uint64 // what the kind makes a name of
	Text             string // the name, of a RefNamed
	Old, New         SHA
	Created, Deleted bool
}

// RefKind says what kind of name a reference has.
type RefKind uint8

const (
	refMain    RefKind = iota
	refBranch          // refs/heads/ and a noun
	refTag             // refs/tags/v1.2
	RefPull            // refs/pr/N
	refParquet         // the Parquet bot's
	RefNamed           // by a user
)

// Before returns the commit before a change; nil if there was none.
func (r *RefChange) Before() *SHA {
	if r.Created {
		return nil
	}
	return &r.Old
}

// After returns the commit after a change; nil if there is none.
func (r *RefChange) After() *SHA {
	if r.Deleted {
		return nil
	}
	return &r.New
}

// FileChange is what a push did to a file of a bucket. One that was deleted has neither hash nor size.
type FileChange struct {
	path    filePath
	Text    string // the path if a user gave one
	Deleted bool
	Hash    [32]byte
	Size    uint64
}

// MainRef is the branch whose head is the repo's.
const MainRef = "refs/heads/main"

// SetHead moves main to a commit, which a push to main then leads to.
func (e *Event) SetHead(head *SHA) {
	e.Repo.Head = *head
	for i := range e.Refs {
		if r := &e.Refs[i]; (r.Kind == refMain || r.Text == MainRef) && !r.Deleted {
			r.New = *head
		}
	}
}

func (e *Event) addRef(change RefChange) { e.Refs = append(e.Refs, change) }

func (e *Event) hasFile(path filePath) bool {
	for i := range e.Files {
		if e.Files[i].path == path {
			return true
		}
	}
	return false
}

// AppendRef appends the name of a reference.
func (e *Event) AppendRef(dst []byte, r *RefChange) []byte {
	switch r.Kind {
	case refMain:
		return append(dst, MainRef...)
	case refBranch:
		return append(append(dst, "refs/heads/"...), e.Words.Nouns[r.Number]...)
	case refTag:
		dst = AppendNumber(append(dst, "refs/tags/v"...), r.Number>>4)
		return AppendNumber(append(dst, '.'), r.Number&15)
	case RefPull:
		return AppendNumber(append(dst, "refs/pr/"...), r.Number)
	case refParquet:
		return append(dst, "refs/convert/parquet"...)
	}
	return AppendEscaped(dst, r.Text)
}

// AppendPath appends the path of a file.
func (e *Event) AppendPath(dst []byte, f *FileChange) []byte {
	if f.Text != "" {
		return AppendEscaped(dst, f.Text)
	}
	for _, part := range e.Words.paths[f.path.form] {
		dst = append(dst, part.text...)
		switch part.gap {
		case gapPool:
			dst = append(dst, part.pool[f.path.noun]...)
		case gapNumber:
			dst = AppendNumber(dst, uint64(f.path.number))
		}
	}
	return dst
}

// AppendTitle appends the full name of a repo.
func (e *Event) AppendTitle(dst []byte, t *RepoTitle) []byte {
	if t.owner != nil {
		dst = append(append(dst, t.owner.name...), '/')
	}
	if t.Name.Text != "" {
		return append(dst, t.Name.Text...)
	}
	dst = append(append(dst, e.Words.Adjectives[t.Name.adjective]...), '-')
	dst = append(dst, e.Words.Nouns[t.Name.noun]...)
	return append(dst, nameEndings[t.Name.ending]...)
}

// location is where a repo is found. A payload has it several times.
type location struct {
	web, api []byte // URLs
	name     []byte // the full name, a part of web
}

// Cleared returns an empty location with the memory of l.
func (l location) Cleared() location { return location{web: l.web[:0], api: l.api[:0]} }

// Locate sets the URLs of the repo. They are made once for each of its names, and for each event in which it has
// another type.
func (e *Event) Locate() {
	if e.Kind != e.Repo.Kind {
		e.elsewhere = e.located(e.elsewhere.Cleared())
		e.at = e.elsewhere
		return
	}
	if len(e.Repo.At.web) == 0 {
		e.Repo.At = e.located(e.Repo.At)
	}
	e.at = e.Repo.At
}

func (e *Event) located(l location) location {
	l.web = append(append(l.web, e.HubURL...), e.Kind.web...)
	before := len(l.web)
	l.web = e.AppendTitle(l.web, &e.Title)
	l.name = l.web[before:]
	l.api = append(append(append(l.api, e.HubURL...), e.Kind.api...), l.name...)
	return l
}

// AppendName appends the full name of the repo.
func (e *Event) AppendName(dst []byte) []byte { return append(dst, e.at.name...) }

// AppendWeb and AppendAPI append the URLs of the repo.
func (e *Event) AppendWeb(dst []byte) []byte { return append(dst, e.at.web...) }

func (e *Event) AppendAPI(dst []byte) []byte { return append(dst, e.at.api...) }

// AppendDiscussion appends what a discussion adds to a URL of its repo.
func (e *Event) AppendDiscussion(dst []byte) []byte {
	return AppendNumber(append(dst, "/discussions/"...), e.Num)
}

// AppendSubdomain appends the host name of a Space, made of its name.
func (e *Event) AppendSubdomain(dst []byte) []byte {
	start := len(dst)
	dst = e.AppendName(dst)
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
