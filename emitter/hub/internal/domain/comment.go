package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// CommentRevision is a comment as it was before it was edited.
type CommentRevision struct {
	Content string    `json:"content"`
	Author  string    `json:"author"` // of this revision
	At      time.Time `json:"at"`
}

// Bounds of what is kept of a comment's history.
const (
	maxRevisions = 1000
	maxHistory   = 1 << 20 // in bytes
)

// AddComment adds a comment, and publishes it.
func (t *DiscussionTx) AddComment(text string) (*Entry, error) {
	m, err := t.Record(Entry{Type: EntryComment, Content: text})
	return t.publishEntry("discussion.comment.create", m, m, err)
}

// publishEntry publishes an event unless the change has failed.
func (t *DiscussionTx) publishEntry(shape string, comment, entry *Entry, err error) (*Entry, error) {
	if err != nil {
		return nil, err
	}
	return entry, t.Publish(t.Event(shape, comment))
}

// EditComment replaces the text of a comment, and publishes it.
func (t *DiscussionTx) EditComment(id, content string) (*Entry, error) {
	m, err := t.RecordEdit(id, content)
	return t.publishEntry("discussion.comment.update", m, m, err)
}

// RecordEdit replaces the text of a comment, and keeps the old one.
func (t *DiscussionTx) RecordEdit(id, content string) (*Entry, error) {
	return t.updateComment(id, func(m *Entry) error {
		if !m.CanBeEdited() {
			return problem.Conflict("this comment has been edited too often for its history to be kept: %d times or %d bytes",
				maxRevisions, maxHistory)
		}
		m.History = append(slices.Clip(m.History), m.Latest())
		m.Content, m.Edited, m.Editor = content, t.Now, t.Author
		return nil
	})
}

// HideComment removes the text of a comment for good: it cannot be restored
// (hide_discussion_comment).
func (t *DiscussionTx) HideComment(id string) (*Entry, error) {
	m, err := t.updateComment(id, func(m *Entry) error {
		m.Hidden, m.Content, m.History = true, "", nil
		return nil
	})
	return t.publishEntry("discussion.comment.update", m, m, err)
}

func (t *DiscussionTx) updateComment(id string, change func(*Entry) error) (*Entry, error) {
	old, err := t.visible(id)
	if err != nil {
		return nil, err
	}
	m := *old
	if err := change(&m); err != nil {
		return nil, err
	}
	t.SaveEntry(t.discussion, &m)
	return &m, nil
}

// CanBeEdited reports whether there is room for another version of a comment.
func (m *Entry) CanBeEdited() bool {
	kept := len(m.Content)
	for i := range m.History {
		kept += len(m.History[i].Content)
	}
	return len(m.History) < maxRevisions && kept <= maxHistory
}

// Latest returns what a comment says now.
func (m *Entry) Latest() CommentRevision {
	if m.Editor == "" {
		return CommentRevision{m.Content, m.Author, m.At}
	}
	return CommentRevision{m.Content, m.Editor, m.Edited}
}

// visible returns a comment that can be changed. The official client writes its id in
// lower case, others need not.
func (t *DiscussionTx) visible(id string) (*Entry, error) {
	entries := t.Entries(t.repo.ID, t.discussion.Num)
	at := slices.IndexFunc(entries, func(m *Entry) bool { return strings.EqualFold(m.ID, id) })
	switch {
	case at < 0:
		return nil, problem.NotFound("", "there is no comment %s in discussion %d", id, t.discussion.Num)
	case entries[at].Type != EntryComment:
		return nil, problem.Invalid("%s is no comment but a %s", id, entries[at].Type)
	case entries[at].Hidden:
		return nil, problem.Conflict("comment %s is hidden, which is for good", id)
	}
	return entries[at], nil
}
