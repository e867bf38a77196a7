package hub

import "slices"

func renameDiscussion(c *call) (answer any, err error) {
	var body struct {
		Title *string `json:"title"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkTitle(body.Title); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		m, err := t.Rename(*body.Title)
		if err == nil {
			answer = map[string]any{"newTitle": messageAnswerOf(m)}
		}
		return err
	})
	return answer, err
}

func changeStatus(c *call) (answer any, err error) {
	var body struct {
		Status  string `json:"status"`
		Comment string `json:"comment"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{statusOpen, statusClosed}, body.Status) {
		return nil, invalid("status is %q: it can be %s or %s", inShort(body.Status), statusOpen, statusClosed)
	}
	if err := checkText("comment", &body.Comment); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		if err := t.CheckStatus(body.Status); err != nil {
			return err
		}
		if err := t.AddRemark(body.Comment); err != nil {
			return err
		}
		m, err := t.ChangeStatus(body.Status)
		if err == nil {
			answer = map[string]any{"newStatus": messageAnswerOf(m)}
		}
		return err
	})
	return answer, err
}

func pinDiscussion(c *call) (any, error) {
	var body struct {
		Pinned *bool `json:"pinned"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if body.Pinned == nil {
		return nil, invalid("pinned is missing: true or false")
	}
	return map[string]bool{"pinned": *body.Pinned}, c.thread(func(t *thread) error { return t.Pin(*body.Pinned) })
}

func deleteDiscussion(c *call) (any, error) {
	return done, c.Update(func(tx *tx) error {
		r, d, err := c.discussion(tx.state)
		if err == nil {
			_, err = tx.DeleteDiscussion(r, d)
		}
		return err
	})
}

func deletePullRef(c *call) (any, error) { return done, c.thread((*thread).DeletePullRef) }

func mergePull(c *call) (any, error) {
	var body struct {
		Comment string `json:"comment"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkText("comment", &body.Comment); err != nil {
		return nil, err
	}
	return done, c.thread(func(t *thread) error {
		if err := t.CheckMerge(); err != nil {
			return err
		}
		if err := t.AddRemark(body.Comment); err != nil {
			return err
		}
		return t.Merge()
	})
}
