package hub

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"time"
)

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
// tells nobody.
func (t *thread) say(m message) (*message, error) {
	if t.discussion.Messages >= mostMessages {
		return nil, conflict("there are %d comments and changes in this discussion, and can be no more", mostMessages)
	}
	m.ID, m.Seq, m.At, m.Author = t.newID(), t.discussion.Messages, t.now, cmp.Or(m.Author, t.user)
	t.putMessage(&m)
	t.become(func(d *discussion) { d.Messages++ })
	return &m, nil
}

func (t *thread) putMessage(m *message) {
	put(t.tx, t.messages, messageKey(t.repo.ID, t.discussion.Num, m.Seq), m)
}

// noteCommit has a commit stand in the pull request to whose reference it was pushed.
// It tells nobody.
func (tx *tx) noteCommit(r *repo, num int, c *commit) error {
	d := tx.discussions.rows[discussionKey(r.ID, num)]
	if d == nil {
		return notFound("", "%s %s has no pull request %d", r.Type, r.Name, num)
	}
	_, err := (&thread{tx, r, d}).say(message{Type: messageCommit, Author: c.Author, From: c.Title, To: c.SHA})
	return err
}

func commentDiscussion(c *call) (answer any, err error) {
	var body struct {
		Comment *string `json:"comment"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := checkComment("comment", body.Comment); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		m, err := t.comment(*body.Comment)
		if err == nil {
			answer = map[string]any{"newMessage": messageAnswerOf(m)}
		}
		return err
	})
	return answer, err
}

// checkComment finds what no comment can be.
func checkComment(name string, text *string) error {
	if text != nil && *text == "" {
		return invalid("%s is empty", name)
	}
	return checkText(name, text)
}

// comment writes a comment, and tells of it.
func (t *thread) comment(text string) (*message, error) {
	m, err := t.say(message{Type: messageComment, Content: text})
	if err != nil {
		return nil, err
	}
	return m, t.tellTalk("discussion.comment.create", m)
}

func editComment(c *call) (any, error) {
	var body struct {
		Content *string `json:"content"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := checkComment("content", body.Content); err != nil {
		return nil, err
	}
	return c.updateComment(func(tx *tx, m *message) error { return m.edit(tx, *body.Content) })
}

// edit has a comment say something else. What it said is kept.
func (m *message) edit(tx *tx, content string) error {
	kept := len(m.Content)
	for i := range m.History {
		kept += len(m.History[i].Content)
	}
	if len(m.History) >= mostEditions || kept > longestHistory {
		return conflict("this comment has been edited too often for its history to be kept: %d times or %d bytes", mostEditions, longestHistory)
	}
	m.History = append(slices.Clip(m.History), m.latest())
	m.Content, m.Edited, m.Editor = content, tx.now, tx.user
	return nil
}

// latest is what a comment says now.
func (m *message) latest() edition {
	if m.Editor == "" {
		return edition{m.Content, m.Author, m.At}
	}
	return edition{m.Content, m.Editor, m.Edited}
}

func hideComment(c *call) (any, error) {
	return c.updateComment(func(_ *tx, m *message) error {
		// For good: what it said cannot be had any more (hide_discussion_comment).
		m.Hidden, m.Content, m.History = true, "", nil
		return nil
	})
}

// updateComment changes the comment that the path names, and tells of it.
func (c *call) updateComment(change func(*tx, *message) error) (answer any, err error) {
	err = c.thread(func(t *thread) error {
		old, err := t.visible(c.params["comment"])
		if err != nil {
			return err
		}
		m := *old
		if err := change(t.tx, &m); err != nil {
			return err
		}
		t.putMessage(&m)
		answer = map[string]any{"updatedComment": messageAnswerOf(&m)}
		return t.tellTalk("discussion.comment.update", &m)
	})
	return answer, err
}

// visible finds a comment that can be changed. The official client writes its id in
// lower case, others need not.
func (t *thread) visible(id string) (*message, error) {
	said := t.said[discussionKey(t.repo.ID, t.discussion.Num)]
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

// messageAnswer is what stands in a discussion, as the Hub shows it (community.py,
// deserialize_event).
type messageAnswer struct {
	ID        string        `json:"id"`
	Type      string        `json:"type"`
	CreatedAt string        `json:"createdAt"`
	Author    *authorAnswer `json:"author,omitempty"`
	Data      any           `json:"data"`
}

type authorAnswer struct {
	Name string `json:"name"`
}

// authorOf is left out where nobody is known: the official client cannot read a null.
func authorOf(name string) *authorAnswer {
	if name == "" {
		return nil
	}
	return &authorAnswer{name}
}

// commentData is what a comment says.
type commentData struct {
	Edited  bool            `json:"edited"`
	Hidden  bool            `json:"hidden"`
	Latest  editionAnswer   `json:"latest"`
	History []editionAnswer `json:"history"` // the oldest first
}

// editionAnswer is what a comment says, or said before it was edited.
type editionAnswer struct {
	Raw       string        `json:"raw"`
	HTML      string        `json:"html"`
	UpdatedAt string        `json:"updatedAt"`
	Author    *authorAnswer `json:"author,omitempty"`
}

func messageAnswerOf(m *message) messageAnswer {
	a := messageAnswer{ID: m.ID, Type: m.Type, CreatedAt: timeText(m.At), Author: authorOf(m.Author)}
	switch m.Type {
	case messageStatus:
		a.Data = map[string]string{"status": m.To}
	case messageTitle:
		a.Data = map[string]string{"from": m.From, "to": m.To}
	case messageCommit:
		a.Data = map[string]string{"subject": m.From, "oid": m.To}
	default:
		a.Data = commentDataOf(m)
	}
	return a
}

func commentDataOf(m *message) commentData {
	data := commentData{Edited: !m.Edited.IsZero(), Hidden: m.Hidden, History: []editionAnswer{}}
	for _, e := range m.History {
		data.History = append(data.History, e.answer())
	}
	latest := m.latest()
	if m.Hidden {
		latest.Content = "This comment has been hidden" // as the Hub's pages say
	}
	data.Latest = latest.answer()
	return data
}

func (e edition) answer() editionAnswer {
	return editionAnswer{Raw: e.Content, HTML: "<p>" + html.EscapeString(e.Content) + "</p>", UpdatedAt: timeText(e.At), Author: authorOf(e.Author)}
}
