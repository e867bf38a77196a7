package domain

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Bounds of titles and comments, in characters (OpenAPI).
const (
	MinTitle   = 3
	MaxTitle   = 200
	MaxComment = 65_536
)

// Bounds of numbers.
const (
	MaxDiscussions = 100_000 // of a repo, with those that were deleted
	MaxEntries     = 100_000 // of a discussion
)

// Statuses of a discussion.
const (
	StatusDraft  = "draft" // only of pull requests
	StatusOpen   = "open"
	StatusClosed = "closed"
	StatusMerged = "merged"
)

func pullRef(num int) string { return PullRefs + strconv.Itoa(num) }

// DiscussionTx changes a discussion. Its methods publish what they change, apart from those that
// begin with Record.
type DiscussionTx struct {
	*Tx
	Author     string      // who makes the changes; at first the user of the transaction
	repo       *Repo       // as it is by now
	discussion *Discussion // as it is by now
}

// DiscussionTx returns a discussion to be changed.
func (tx *Tx) DiscussionTx(r *Repo, d *Discussion) *DiscussionTx {
	return &DiscussionTx{Tx: tx, Author: tx.User, repo: r, discussion: d}
}

// CheckHasDiscussions returns an error for a bucket.
func CheckHasDiscussions(r *Repo) error {
	if r.Type == "bucket" {
		return problem.Invalid("a bucket has no discussions")
	}
	return nil
}

func (t *DiscussionTx) update(edit func(*Discussion)) {
	d := *t.discussion
	edit(&d)
	t.SaveDiscussion(&d)
	t.discussion = &d
}

// moveRef points a Git reference of the repo to a commit, or deletes it if sha is empty. It
// publishes nothing.
func (t *DiscussionTx) moveRef(name, sha string) emitter.RefData {
	moved := emitter.RefData{Name: name, Old: t.repo.Refs[name].SHA, New: sha}
	t.repo = t.pointRef(t.repo, name, sha)
	return moved
}

// Event returns an event about the discussion as it is now.
func (t *DiscussionTx) Event(shape string, comment *Entry) Event {
	return Event{Shape: shape, Repo: t.repo, Discussion: t.discussion, Comment: comment}
}

func (t *DiscussionTx) publishRef(moved emitter.RefData) error {
	return t.Publish(Event{Shape: "repo.content.update", Repo: t.repo, Refs: []emitter.RefData{moved}})
}

// publishWithRef publishes a change to the discussion, and then that of a reference, if one moved.
func (t *DiscussionTx) publishWithRef(shape string, comment *Entry, moved emitter.RefData) error {
	if err := t.Publish(t.Event(shape, comment)); err != nil || moved.Name == "" {
		return err
	}
	return t.publishRef(moved)
}

// OpenDiscussion opens a discussion or a pull request with a description as the first comment,
// and publishes it. It is the user's, and a pull request is a draft, unless d says otherwise;
// a title or a description that is too long is cut. The reference of a pull request begins at
// the head of main. The repo that it returns is the one to go on with.
func (tx *Tx) OpenDiscussion(r *Repo, d Discussion, description string) (*Repo, *Discussion, error) {
	return tx.openDiscussionAt(r, d, description, r.Head())
}

// openDiscussionAt does the same, but the reference of a pull request begins at a commit.
func (tx *Tx) openDiscussionAt(r *Repo, d Discussion, description, sha string) (*Repo, *Discussion, error) {
	if err := mayOpen(r, &d); err != nil {
		return nil, nil, err
	}
	e, err := tx.RecordDiscussion(r, d, description)
	if err != nil {
		return nil, nil, err
	}
	t, moved := tx.DiscussionTx(e.Repo, e.Discussion), emitter.RefData{}
	if d.Pull {
		moved = t.moveRef(pullRef(t.discussion.Num), sha)
	}
	return t.repo, t.discussion, t.publishWithRef(e.Shape, e.Comment, moved)
}

// RecordDiscussion adds a discussion as OpenDiscussion does, with an id and the next number
// unless d has them. It publishes nothing, and makes no reference.
func (tx *Tx) RecordDiscussion(r *Repo, d Discussion, description string) (Event, error) {
	if d.Num == 0 {
		d.Num = r.Nums + 1
	}
	counted := *r
	counted.Nums = max(counted.Nums, d.Num)
	tx.SaveRepo(&counted)

	if d.ID == "" {
		d.ID = tx.NewID()
	}
	d.Repo, d.Created, d.Entries = r.ID, tx.Now, 0
	d.Title = firstRunes(d.Title, MaxTitle)
	d.Author = cmp.Or(d.Author, tx.User)
	if d.Status == "" && d.Pull {
		d.Status = StatusDraft
	}
	d.Status = cmp.Or(d.Status, StatusOpen)
	t := tx.DiscussionTx(&counted, &d)
	first, err := t.Record(Entry{
		Type: EntryComment, Author: d.Author, Content: firstRunes(description, MaxComment),
	})
	return t.Event("discussion.create", first), err
}

func mayOpen(r *Repo, d *Discussion) error {
	switch err := CheckHasDiscussions(r); {
	case err != nil:
		return err
	case d.Title == "":
		return problem.Invalid("title is missing")
	case r.Nums >= MaxDiscussions:
		return problem.Conflict("%s has had %d discussions, and can have no more", r.Name, MaxDiscussions)
	case d.Pull && r.Head() == "":
		return problem.Conflict("%s has no branch main to open a pull request on", r.Name)
	}
	return nil
}

func firstRunes(text string, limit int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), limit)])
}

// addRemark adds the comment of a change, if it has one. It is published before the change.
func (t *DiscussionTx) addRemark(text string) error {
	if text == "" {
		return nil
	}
	_, err := t.AddComment(text)
	return err
}

// ChangeStatus adds a comment, unless it is empty, changes the discussion's status, and publishes
// both.
func (t *DiscussionTx) ChangeStatus(to, comment string) (*Entry, error) {
	switch d := t.discussion; d.Status {
	case StatusMerged:
		return nil, problem.Conflict("pull request %d is merged, which is for good", d.Num)
	case to:
		return nil, problem.Conflict("discussion %d is %s already", d.Num, to)
	}
	if err := t.addRemark(comment); err != nil {
		return nil, err
	}
	return t.setStatus(to)
}

func (t *DiscussionTx) setStatus(to string) (*Entry, error) {
	m, err := t.RecordStatus(to)
	return t.publishEntry("discussion.update", nil, m, err)
}

// RecordStatus changes the discussion's status.
func (t *DiscussionTx) RecordStatus(to string) (*Entry, error) {
	return t.recordChange(Entry{Type: EntryStatus, To: to}, func(d *Discussion) { d.Status = to })
}

// RecordTitle changes the discussion's title.
func (t *DiscussionTx) RecordTitle(to string) (*Entry, error) {
	return t.recordChange(Entry{Type: EntryTitle, From: t.discussion.Title, To: to},
		func(d *Discussion) { d.Title = to })
}

func (t *DiscussionTx) recordChange(m Entry, edit func(*Discussion)) (*Entry, error) {
	said, err := t.Record(m)
	if err == nil {
		t.update(edit)
	}
	return said, err
}

// Delete deletes the discussion with its entries, and publishes it.
func (t *DiscussionTx) Delete() error {
	return t.publishWithRef("discussion.delete", nil, t.RecordDelete())
}

// RecordDelete deletes the discussion with its entries. The reference of a pull request is assumed
// to be deleted, too.
func (t *DiscussionTx) RecordDelete() emitter.RefData {
	t.RemoveDiscussion(t.discussion)
	if ref := pullRef(t.discussion.Num); t.repo.Refs[ref].SHA != "" {
		return t.moveRef(ref, "")
	}
	return emitter.RefData{}
}

// Types of entries (community.py of the official client).
const (
	EntryComment = "comment"
	EntryStatus  = "status-change"
	EntryTitle   = "title-change"
	EntryCommit  = "commit"
)

// Record puts an entry at the end of the discussion, with an id unless it has one.
func (t *DiscussionTx) Record(m Entry) (*Entry, error) {
	if t.discussion.Entries >= MaxEntries {
		return nil, problem.Conflict("there are %d comments and changes in this discussion, and can be no more",
			MaxEntries)
	}
	if m.ID == "" {
		m.ID = t.NewID()
	}
	m.Author = cmp.Or(m.Author, t.Author)
	m.Seq, m.At = t.discussion.Entries, t.Now
	t.update(func(d *Discussion) { d.Entries++ })
	t.SaveEntry(t.discussion, &m)
	return &m, nil
}

func (tx *Tx) SaveDiscussion(d *Discussion) { put(tx, tx.discussions, discussionKey(d.Repo, d.Num), d) }

func (tx *Tx) SaveEntry(d *Discussion, m *Entry) {
	put(tx, tx.entries, entryKey(d.Repo, d.Num, m.Seq), m)
}

// RemoveDiscussion removes a discussion with its entries.
func (tx *Tx) RemoveDiscussion(d *Discussion) {
	// The last first, so that a rollback restores their order.
	for _, m := range slices.Backward(tx.Entries(d.Repo, d.Num)) {
		put(tx, tx.entries, entryKey(d.Repo, d.Num, m.Seq), nil)
	}
	put(tx, tx.discussions, discussionKey(d.Repo, d.Num), nil)
}

// noteCommit lists a commit in the pull request whose reference it was pushed to. It publishes nothing.
func (tx *Tx) noteCommit(r *Repo, pull *Discussion, c *Commit) error {
	_, err := tx.DiscussionTx(r, pull).Record(Entry{Type: EntryCommit, Author: c.Author, From: c.Title, To: c.SHA})
	return err
}

func noPull(d *Discussion) error { return problem.Invalid("discussion %d is no pull request", d.Num) }

// Rename changes the discussion's title, and publishes it.
func (t *DiscussionTx) Rename(title string) (*Entry, error) {
	if t.discussion.Title == title {
		return nil, problem.Conflict("discussion %d has that title already", t.discussion.Num)
	}
	m, err := t.RecordTitle(title)
	return t.publishEntry("discussion.update", nil, m, err)
}

// Pin pins or unpins the discussion, and publishes it.
func (t *DiscussionTx) Pin(pinned bool) error {
	if t.discussion.Pinned == pinned {
		return problem.Conflict("discussion %d is so already", t.discussion.Num)
	}
	t.update(func(d *Discussion) { d.Pinned = pinned })
	return t.Publish(t.Event("discussion.update", nil))
}

// DeletePullRef frees what a pull request holds that is done with (OpenAPI, "Delete PR ref").
func (t *DiscussionTx) DeletePullRef() error {
	d, ref := t.discussion, pullRef(t.discussion.Num)
	switch {
	case !d.Pull:
		return noPull(d)
	case d.Status != StatusClosed && d.Status != StatusMerged:
		return problem.Conflict("pull request %d is %s: its reference can be deleted when it is closed or merged",
			d.Num, d.Status)
	case t.repo.Refs[ref].SHA == "":
		return problem.NotFound(problem.CodeRevision, "there is no %s any more", ref)
	}
	return t.publishRef(t.moveRef(ref, ""))
}
