package domain

import (
	"maps"
	"strings"
	"time"
)

// What a Hub keeps. A row in a table is never changed, but replaced by a changed copy. So
// a change can be undone, and what was read does not change. The JSON is that of the database.

// WebhookStats counts what came of a webhook's deliveries. It is a row of its own, because
// it changes with each of them.
type WebhookStats struct {
	Failures int       `json:"failures,omitempty"` // attempts in a row
	Last     time.Time `json:"last,omitzero"`      // trigger
	// Minutes holds the triggers of each minute of the last 24 hours.
	Minutes []minute `json:"minutes,omitempty"`
}

type minute struct {
	At int64 `json:"at"` // minutes since 1970
	N  int   `json:"n"`
}

// Repo is a repo, or a bucket.
type Repo struct {
	ID         string         `json:"id"`                // 24 hex digits
	Type       string         `json:"type"`              // model, dataset, space, bucket
	Name       string         `json:"name"`              // owner/name
	Visibility string         `json:"visibility"`        // public, private, protected
	Gated      string         `json:"gated,omitempty"`   // auto, manual
	SDK        string         `json:"sdk,omitempty"`     // of a Space: gradio, docker, static, streamlit
	Created    time.Time      `json:"created"`           // on the Hub
	Modified   time.Time      `json:"modified"`          // when it or its settings were last changed, on the Hub
	Refs       map[string]Ref `json:"refs,omitempty"`    // by full name: refs/heads/main
	Secrets    []string       `json:"secrets,omitempty"` // names of a Space's, sorted; values are never kept
	// Variables are those of a Space, by name.
	Variables map[string]Variable `json:"variables,omitempty"`
	Nums      int                 `json:"nums,omitempty"` // discussions and pull requests so far
	// Objects are the files of a bucket; Git repos have theirs in commits.
	Objects map[string]File `json:"objects,omitempty"`
}

// Ref is the target of a Git reference.
type Ref struct {
	SHA string `json:"sha"` // 40 hex digits
	// Message is that of an annotated tag.
	Message string `json:"message,omitempty"`
}

// Variable is a public variable of a Space.
type Variable struct {
	Value       string    `json:"value"`                 // public
	Description string    `json:"description,omitempty"` // for people
	Updated     time.Time `json:"updated"`               // on the Hub
}

// File is a file in a tree or a bucket. Its content, if it was sent, is kept under its OID.
type File struct {
	OID  string `json:"oid"`           // 40 hex digits, as Git has it; in LFS and buckets 64
	Size int64  `json:"size"`          // in bytes, of the content itself if it is in LFS
	LFS  bool   `json:"lfs,omitempty"` // Git holds only a pointer to it
}

// Private reports whether only its owner sees a repo.
func (r *Repo) Private() bool { return r.Visibility == "private" }

// Visibility returns the visibility of a private or a public repo.
func Visibility(private bool) string {
	if private {
		return "private"
	}
	return "public"
}

// Owner returns the first part of a repo's name; empty for the Hub's
// oldest repos, which have only one.
func (r *Repo) Owner() string {
	owner, _, found := strings.Cut(r.Name, "/")
	if !found {
		return ""
	}
	return owner
}

// WithRef returns a copy of the repo with a reference, or without it if that has no SHA.
func (r *Repo) WithRef(name string, to Ref) *Repo {
	next := *r
	next.Refs = map[string]Ref{}
	maps.Copy(next.Refs, r.Refs)
	if next.Refs[name] = to; to.SHA == "" {
		delete(next.Refs, name)
	}
	return &next
}

// Head returns the commit that main points to; empty in a bucket.
func (r *Repo) Head() string { return r.Refs[MainRef].SHA }

const (
	MainRef   = "refs/heads/main"
	HeadsRefs = "refs/heads/"
	TagRefs   = "refs/tags/"
	PullRefs  = "refs/pr/"
)

// Commit is a commit of a Git repo.
type Commit struct {
	Number  uint64    `json:"number"` // counts up over the whole Hub
	SHA     string    `json:"sha"`
	Parents []string  `json:"parents,omitempty"`
	Title   string    `json:"title"`
	Message string    `json:"message,omitempty"`
	Author  string    `json:"author"`
	At      time.Time `json:"at"`
	// Changes lead from the first parent's tree to this one's; if Whole, from an empty tree.
	Changes []FileChange `json:"changes,omitempty"`
	Whole   bool         `json:"whole,omitempty"`

	// Tree is by path, and never changed. If no reference points to the commit it may
	// be nil: TreeOf works it out.
	Tree map[string]File `json:"-"`
}

// FileChange adds, replaces or deletes a file.
type FileChange struct {
	Path string `json:"path"`
	File *File  `json:"file,omitempty"` // nil: it is deleted
}

// MaxNum bounds the numbers of discussions.
const MaxNum = 1_000_000_000

// Discussion is a discussion or a pull request.
type Discussion struct {
	ID      string    `json:"id"`   // 24 hex digits
	Repo    string    `json:"repo"` // the repo's id
	Num     int       `json:"num"`
	Title   string    `json:"title"`
	Pull    bool      `json:"pull,omitempty"`
	Status  string    `json:"status"` // draft, open, closed, merged
	Author  string    `json:"author"`
	Created time.Time `json:"created"`
	Entries int       `json:"messages"`        // so far
	Merge   string    `json:"merge,omitempty"` // the merge commit's SHA
	Pinned  bool      `json:"pinned,omitempty"`
}

// Entry is something in a discussion: a comment, or what changed.
type Entry struct {
	ID      string            `json:"id"`   // 24 hex digits
	Seq     int               `json:"seq"`  // its place in the discussion, from 0
	Type    string            `json:"type"` // comment, status-change, title-change, commit
	Author  string            `json:"author"`
	At      time.Time         `json:"at"`
	Content string            `json:"content,omitempty"` // of a comment
	Edited  time.Time         `json:"edited,omitzero"`
	Editor  string            `json:"editor,omitempty"`  // who edited a comment last
	History []CommentRevision `json:"history,omitempty"` // what a comment said before, the oldest first
	Hidden  bool              `json:"hidden,omitempty"`
	From    string            `json:"from,omitempty"` // a title, or a commit's subject
	To      string            `json:"to,omitempty"`   // a title, a status, or a commit's SHA
}

// blob is the content of a file, kept for each repo that has it, or the body of a delivery.
type blob struct {
	Content []byte
}

// size returns how long a blob is, in bytes; zero if there is none.
func (b *blob) size() int64 {
	if b == nil {
		return 0
	}
	return int64(len(b.Content))
}

// meta is the only row of its table.
type meta struct {
	Version int       `json:"version"`
	Seed    uint64    `json:"seed"`
	IDs     uint64    `json:"ids"`     // made so far
	Numbers uint64    `json:"numbers"` // of deliveries and commits, so far
	Now     time.Time `json:"now"`     // when this was written
}

// Keys of rows that belong to others. They sort as what they name.
func discussionKey(repoID string, num int) string { return repoID + "/" + padded(uint64(num)) }

func entryKey(repoID string, num, seq int) string {
	return discussionKey(repoID, num) + "/" + padded(uint64(seq))
}

func commitKey(repoID, sha string) string { return repoID + "/" + sha }

func blobKey(repoID, oid string) string { return repoID + "/" + oid }

// padded writes a number so that texts sort as numbers do.
func padded(n uint64) string {
	const digits = 12
	var b [digits]byte
	for i := range b {
		b[digits-1-i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[:])
}

// FormatTime writes a moment as the Hub does; nothing if it is zero.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
