package emitter_test

// modelComment is the current state of a comment.
type modelComment struct {
	author, content string
	hidden          bool
}

var commentRules = []rule{
	{"comment.url", func(m *hubModel, e *event) *finding {
		return expect(m.discussionURL(e).Web+"#"+e.payload.Comment.ID, e.payload.Comment.URL.Web)
	}},
	{"comment.content", func(m *hubModel, e *event) *finding {
		c := e.payload.Comment
		return unless((c.Content == nil) == c.Hidden, "content unless hidden", orNull(c.Content))
	}},
	{"comment.written", func(m *hubModel, e *event) *finding {
		return unless(!e.makesComment() || !e.payload.Comment.Hidden, "a new comment in the open", "a hidden one")
	}},
	{"comment.author", func(m *hubModel, e *event) *finding {
		if e.comment == nil {
			return nil
		}
		return expect(e.comment.author, e.payload.Comment.Author.ID)
	}},
	// A narrowed event may be about a comment that stays as it is.
	{"comment.hidden", func(m *hubModel, e *event) *finding {
		if e.comment == nil || !e.comment.hidden {
			return nil
		}
		return unless(e.narrowed && e.payload.Comment.Hidden, "nothing more of a hidden comment", e.payload.Event)
	}},
	{"comment.change", func(m *hubModel, e *event) *finding {
		if e.comment == nil || e.comment.hidden || e.narrowed || e.payload.Comment.Hidden {
			return nil
		}
		return unless(textOf(e.payload.Comment.Content) != e.comment.content, "other content, or hidden", textOf(e.payload.Comment.Content))
	}},
}

func (m *hubModel) rememberComment(e *event) {
	c := e.payload.Comment
	switch {
	case e.comment == nil:
		m.note("comment written")
	case c.Hidden && !e.comment.hidden:
		m.note("comment hidden")
	case textOf(c.Content) != e.comment.content:
		m.note("comment edited")
	}
	e.discussion.comments[c.ID] = &modelComment{author: c.Author.ID, content: textOf(c.Content), hidden: c.Hidden}
}
