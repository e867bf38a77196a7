package emitter

// EventData is all that a payload may say about an event of a Hub that somebody else keeps. What a shape has no place
// for is left out.
//
// Ids are 24 hex digits and commits are 40, both in lower case, as the Hub writes them. Titles, contents, paths and
// names of references may be any text, in which U+FFFD takes the place of each byte that is no UTF-8.
type EventData struct {
	Shape     string // a name that schemas.Set.ShapeByName knows, as in Request.Shape
	HubURL    string // begins the URLs of the payload; that of the options if empty
	WebhookID string // of the registration that receives it; the first of the options if empty
	// Index tells apart what is left to chance: the parts of a future, and values of which the data says nothing.
	Index uint64

	Repo       RepoData        // in every event
	MovedTo    *MoveData       // in a move
	Private    *bool           // the setting that a repo.config event reports; nil: none
	Refs       []RefData       // what a push to a Git repo changed
	Files      []FileData      // what a push to a bucket changed; payloads list the first 10,000
	Discussion *DiscussionData // in every discussion event
	Comment    *CommentData    // in comment events, and with a new discussion if it has one
}

// RepoData is the repo as it is after the event; in a move, with the name and owner before it.
type RepoData struct {
	Type    string // model, dataset, space or bucket; the last has no discussions
	Name    string // "owner/name", or only "name"
	ID      string // stays the same when the repo moves
	OwnerID string // of the user or the organization that it belongs to
	Private bool   // whether not everybody can see it
	HeadSHA string // the commit of main; empty: left out
}

// MoveData is where a repo moved to.
type MoveData struct {
	Name    string // "owner/name", or only "name"
	OwnerID string // of the owner from then on
}

// RefData is a change to a Git reference.
type RefData struct {
	Name string // "refs/heads/main"
	Old  string // the commit before; empty: it was created
	New  string // the commit after; empty: it was deleted
}

// FileData is a change to a file of a bucket. One that was deleted has neither hash nor size.
type FileData struct {
	Path    string // from the root on: "data/train.parquet"; not empty
	Deleted bool   // the file is gone; otherwise it was added, or its content changed
	XetHash string // 64 hex digits
	Size    uint64 // in bytes
}

// DiscussionData is a discussion or a pull request as it is after the event.
type DiscussionData struct {
	ID            string // unique on the Hub, as Num is in the repo
	Title         string // not empty
	Num           uint64 // from 1
	Status        string // draft, open, closed or merged
	AuthorID      string // of whoever opened it
	PullRequest   bool   // whether it has changes of its own, under refs/pr/Num
	MergeCommitID string // of a pull request that is merged; empty: left out
	Pinned        bool   // at the top of the repo's list
}

// CommentData is a comment as it is after the event.
type CommentData struct {
	ID       string // unique on the Hub; the comment's URL has it too
	AuthorID string // of whoever wrote it
	Content  string // Markdown; left out if the comment is hidden
	Hidden   bool   // whether nobody can read it any more
}
