package hub

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// Bounds of titles and comments, in characters (OpenAPI).
const (
	shortestTalkTitle = 3
	longestTalkTitle  = 200
	longestComment    = 65_536
)

// Bounds of how many there can be.
const (
	mostDiscussions = 100_000 // of a repo, with those that were deleted
	mostMessages    = 100_000 // of a discussion
)

// Statuses of a discussion.
const (
	statusDraft  = "draft" // of pull requests alone
	statusOpen   = "open"
	statusClosed = "closed"
	statusMerged = "merged"
)

func pullRef(num int) string { return pullRefs + strconv.Itoa(num) }

// thread is a discussion that something happens to.
type thread struct {
	*tx
	repo       *repo       // as it is by now
	discussion *discussion // as it is by now
}

func CheckHasDiscussions(r *repo) error {
	if r.Type == "bucket" {
		return invalid("a bucket has no discussions")
	}
	return nil
}

// update applies a change to the discussion.
func (t *thread) update(edit func(*discussion)) {
	d := *t.discussion
	edit(&d)
	t.SaveDiscussion(&d)
	t.discussion = &d
}

// moveRef has a Git reference of the repo point to a commit, or be gone where it is
// empty. It tells nobody.
func (t *thread) moveRef(name, sha string) emitter.RefData {
	moved := emitter.RefData{Name: name, Old: t.repo.Refs[name].SHA, New: sha}
	r := *t.repo
	r.Refs = maps.Clone(r.Refs)
	if name == mainRef {
		r.Modified = t.now
	}
	if sha == "" {
		delete(r.Refs, name)
	} else {
		r.Refs[name] = gitRef{SHA: sha}
	}
	t.SaveRepo(&r)
	t.repo = &r
	return moved
}

// tellTalk tells of the discussion, and of a comment where there is one.
func (t *thread) tellTalk(shape string, comment *message) error {
	return t.tell(happening{shape: shape, repo: t.repo, discussion: t.discussion, comment: comment})
}

// tellRef tells that a reference was moved.
func (t *thread) tellRef(moved emitter.RefData) error {
	return t.tell(happening{shape: "repo.content.update", repo: t.repo, refs: []emitter.RefData{moved}})
}

// OpenDiscussion opens a discussion or a pull request, of which the description is the
// first commentand publishes it. It is the user's, and a pull request is a draft,
// unless d says otherwise; a title or a description that is too long is cut. The
// reference of a pull request begins at the head of main. The repo that it returns is
// the one to go on with.
func (tx *tx) OpenDiscussion(r *repo, d discussion, description string) (*repo, *discussion, *message, error) {
	return tx.OpenDiscussionAt(r, d, description, r.head())
}

// OpenDiscussionAt opens one as OpenDiscussion does, but the reference of a pull request
// begins at a commit.
func (tx *tx) OpenDiscussionAt(r *repo, d discussion, description, sha string) (*repo, *discussion, *message, error) {
	if err := mayOpen(r, &d); err != nil {
		return nil, nil, nil, err
	}
	counted := *r
	counted.Nums++
	tx.SaveRepo(&counted)

	d.ID, d.Repo, d.Num, d.Created, d.Messages = tx.newID(), r.ID, counted.Nums, tx.now, 0
	d.Title = firstCharacters(d.Title, longestTalkTitle)
	d.Author = cmp.Or(d.Author, tx.user)
	if d.Status == "" {
		d.Status = firstStatus(d.Pull)
	}
	t := &thread{tx, &counted, &d}
	first, err := t.say(message{Type: messageComment, Author: d.Author, Content: firstCharacters(description, longestComment)})
	if err == nil {
		err = t.tellOpened(first, sha)
	}
	return t.repo, t.discussion, first, err
}

func mayOpen(r *repo, d *discussion) error {
	switch err := CheckHasDiscussions(r); {
	case err != nil:
		return err
	case d.Title == "":
		return invalid("title is missing")
	case r.Nums >= mostDiscussions:
		return conflict("%s has had %d discussions, and can have no more", r.Name, mostDiscussions)
	case d.Pull && r.head() == "":
		return conflict("%s has no branch main to open a pull request on", r.Name)
	}
	return nil
}

// firstStatus is how a discussion begins that a program opens.
func firstStatus(pull bool) string {
	if pull {
		return statusDraft
	}
	return statusOpen
}

func (t *thread) tellOpened(first *message, sha string) error {
	if !t.discussion.Pull {
		return t.tellTalk("discussion.create", first)
	}
	moved := t.moveRef(pullRef(t.discussion.Num), sha)
	if err := t.tellTalk("discussion.create", first); err != nil {
		return err
	}
	return t.tellRef(moved)
}

// CheckStatus finds a change of status that there is not.
func (t *thread) CheckStatus(status string) error {
	switch d := t.discussion; d.Status {
	case statusMerged:
		return conflict("pull request %d is merged, which is for good", d.Num)
	case status:
		return conflict("discussion %d is %s already", d.Num, status)
	}
	return nil
}

// AddRemark writes the comment that comes along with a change, where there is one. It
// stands, and is told, before the change.
func (t *thread) AddRemark(text string) error {
	if text == "" {
		return nil
	}
	_, err := t.AddComment(text)
	return err
}

// ChangeStatus gives the discussion another status, and publishes it.
func (t *thread) ChangeStatus(to string) (*message, error) {
	m, err := t.say(message{Type: messageStatus, To: to})
	if err != nil {
		return nil, err
	}
	t.update(func(d *discussion) { d.Status = to })
	return m, t.tellTalk("discussion.update", nil)
}

// DeleteDiscussion deletes a discussion with all that stands in it, and publishes it.
// The reference of a pull request is assumed to go with it. The repo that it returns is
// the one to go on with.
func (tx *tx) DeleteDiscussion(r *repo, d *discussion) (*repo, error) {
	t := &thread{tx, r, d}
	tx.ForgetDiscussion(d)
	if r.Refs[pullRef(d.Num)].SHA == "" {
		return t.repo, t.tellTalk("discussion.delete", nil)
	}
	moved := t.moveRef(pullRef(d.Num), "")
	if err := t.tellTalk("discussion.delete", nil); err != nil {
		return nil, err
	}
	return t.repo, t.tellRef(moved)
}

// Types of what stands in a discussion (community.py of the official client).
const (
	messageComment = "comment"
	messageStatus  = "status-change"
	messageTitle   = "title-change"
	messageCommit  = "commit"
)

// edition is a comment as it was before it was edited.
type edition struct {
	Content string    `json:"content"`
	Author  string    `json:"author"` // of this edition
	At      time.Time `json:"at"`
}

// Bounds of what is kept of a comment's history.
const (
	mostEditions   = 1000
	longestHistory = 1 << 20 // in bytes
)

// say adds something to the discussion, by the user unless it says otherwise. It
// publishes nothing.
func (t *thread) say(m message) (*message, error) {
	if t.discussion.Messages >= mostMessages {
		return nil, conflict("there are %d comments and changes in this discussion, and can be no more", mostMessages)
	}
	m.Author = cmp.Or(m.Author, t.user)
	d, said := t.AddMessage(t.discussion, m)
	t.discussion = d
	return said, nil
}

// AddMessage puts a message at the end of a discussion, with an id unless it has one. It
// publishes nothing.
func (tx *tx) AddMessage(old *discussion, m message) (*discussion, *message) {
	d := *old
	if m.ID == "" {
		m.ID = tx.newID()
	}
	m.Seq, m.At = d.Messages, tx.now
	d.Messages++
	tx.SaveMessage(&d, &m)
	tx.SaveDiscussion(&d)
	return &d, &m
}

// SaveDiscussion replaces a discussion.
func (tx *tx) SaveDiscussion(d *discussion) { put(tx, tx.discussions, discussionKey(d.Repo, d.Num), d) }

// SaveMessage replaces a message of a discussion.
func (tx *tx) SaveMessage(d *discussion, m *message) {
	put(tx, tx.messages, messageKey(d.Repo, d.Num, m.Seq), m)
}

// ForgetDiscussion takes a discussion away, with what was said in it.
func (tx *tx) ForgetDiscussion(d *discussion) {
	// The last first, so that to undo it brings them back in their order.
	for _, m := range slices.Backward(tx.Messages(d.Repo, d.Num)) {
		put(tx, tx.messages, messageKey(d.Repo, d.Num, m.Seq), nil)
	}
	put(tx, tx.discussions, discussionKey(d.Repo, d.Num), nil)
}

// noteCommit has a commit stand in the pull request to whose reference it was pushed.
// It tells nobody.
func (tx *tx) noteCommit(r *repo, num int, c *commit) error {
	d := tx.Discussion(r.ID, num)
	if d == nil {
		return notFound("", "%s %s has no pull request %d", r.Type, r.Name, num)
	}
	_, err := (&thread{tx, r, d}).say(message{Type: messageCommit, Author: c.Author, From: c.Title, To: c.SHA})
	return err
}

// AddComment adds a comment, and publishes it.
func (t *thread) AddComment(text string) (*message, error) {
	m, err := t.say(message{Type: messageComment, Content: text})
	if err != nil {
		return nil, err
	}
	return m, t.tellTalk("discussion.comment.create", m)
}

// EditComment replaces the text of a comment. What it said is kept.
func (t *thread) EditComment(id, content string) (*message, error) {
	return t.updateComment(id, func(m *message) error { return m.edit(t.tx, content) })
}

// HideComment removes the text of a comment for good: what it said cannot be had any more
// (hide_discussion_comment).
func (t *thread) HideComment(id string) (*message, error) {
	return t.updateComment(id, func(m *message) error {
		m.Hidden, m.Content, m.History = true, "", nil
		return nil
	})
}

func (t *thread) updateComment(id string, change func(*message) error) (*message, error) {
	old, err := t.visible(id)
	if err != nil {
		return nil, err
	}
	m := *old
	if err := change(&m); err != nil {
		return nil, err
	}
	t.SaveMessage(t.discussion, &m)
	return &m, t.tellTalk("discussion.comment.update", &m)
}

func (m *message) edit(tx *tx, content string) error {
	kept := len(m.Content)
	for i := range m.History {
		kept += len(m.History[i].Content)
	}
	if len(m.History) >= mostEditions || kept > longestHistory {
		return conflict("this comment has been edited too often for its history to be kept: %d times or %d bytes", mostEditions, longestHistory)
	}
	m.History = append(slices.Clip(m.History), m.Latest())
	m.Content, m.Edited, m.Editor = content, tx.now, tx.user
	return nil
}

// Latest returns what a comment says now.
func (m *message) Latest() edition {
	if m.Editor == "" {
		return edition{m.Content, m.Author, m.At}
	}
	return edition{m.Content, m.Editor, m.Edited}
}

// visible finds a comment that can be changed. The official client writes its id in
// lower case, others need not.
func (t *thread) visible(id string) (*message, error) {
	said := t.Messages(t.repo.ID, t.discussion.Num)
	at := slices.IndexFunc(said, func(m *message) bool { return strings.EqualFold(m.ID, id) })
	switch {
	case at < 0:
		return nil, notFound("", "there is no comment %s in discussion %d", id, t.discussion.Num)
	case said[at].Type != messageComment:
		return nil, invalid("%s is no comment but a %s", id, said[at].Type)
	case said[at].Hidden:
		return nil, conflict("comment %s is hidden, which is for good", id)
	}
	return said[at], nil
}

func noPull(d *discussion) error { return invalid("discussion %d is no pull request", d.Num) }

// Rename gives the discussion another title, and publishes it.
func (t *thread) Rename(title string) (*message, error) {
	from := t.discussion.Title
	if from == title {
		return nil, conflict("discussion %d has that title already", t.discussion.Num)
	}
	m, err := t.say(message{Type: messageTitle, From: from, To: title})
	if err != nil {
		return nil, err
	}
	t.update(func(d *discussion) { d.Title = title })
	return m, t.tellTalk("discussion.update", nil)
}

// Pin pins or unpins the discussion, and publishes it.
func (t *thread) Pin(pinned bool) error {
	if t.discussion.Pinned == pinned {
		return conflict("discussion %d is so already", t.discussion.Num)
	}
	t.update(func(d *discussion) { d.Pinned = pinned })
	return t.tellTalk("discussion.update", nil)
}

// DeletePullRef frees what a pull request holds that is done with (OpenAPI, "Delete PR
// ref").
func (t *thread) DeletePullRef() error {
	d, ref := t.discussion, pullRef(t.discussion.Num)
	switch {
	case !d.Pull:
		return noPull(d)
	case d.Status != statusClosed && d.Status != statusMerged:
		return conflict("pull request %d is %s: its reference can be deleted when it is closed or merged", d.Num, d.Status)
	case t.repo.Refs[ref].SHA == "":
		return notFound(codeRevision, "there is no %s any more", ref)
	}
	return t.tellRef(t.moveRef(ref, ""))
}

// ThreadOf returns a discussion to be changed.
func (tx *tx) ThreadOf(r *repo, d *discussion) *thread { return &thread{tx, r, d} }
