package hub

import (
	"html"
)

func commentDiscussion(c *call) (answer any, err error) {
	var body struct {
		Comment *string `json:"comment"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkComment("comment", body.Comment); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		m, err := t.AddComment(*body.Comment)
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

func editComment(c *call) (any, error) {
	var body struct {
		Content *string `json:"content"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkComment("content", body.Content); err != nil {
		return nil, err
	}
	return c.updateComment(func(t *thread, id string) (*message, error) { return t.EditComment(id, *body.Content) })
}

func hideComment(c *call) (any, error) {
	return c.updateComment((*thread).HideComment)
}

// updateComment changes the comment that the path names.
func (c *call) updateComment(change func(t *thread, id string) (*message, error)) (answer any, err error) {
	err = c.thread(func(t *thread) error {
		m, err := change(t, c.Params["comment"])
		if err == nil {
			answer = map[string]any{"updatedComment": messageAnswerOf(m)}
		}
		return err
	})
	return answer, err
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
		data.History = append(data.History, editionAnswerOf(e))
	}
	latest := m.Latest()
	if m.Hidden {
		latest.Content = "This comment has been hidden" // as the Hub's pages say
	}
	data.Latest = editionAnswerOf(latest)
	return data
}

func editionAnswerOf(e edition) editionAnswer {
	return editionAnswer{Raw: e.Content, HTML: "<p>" + html.EscapeString(e.Content) + "</p>", UpdatedAt: timeText(e.At), Author: authorOf(e.Author)}
}
