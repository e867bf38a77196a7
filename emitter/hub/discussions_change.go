package hub

import "slices"

func renameDiscussion(c *call) (answer any, err error) {
	var body struct {
		Title *string `json:"title"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := checkTitle(body.Title); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		from := t.discussion.Title
		if from == *body.Title {
			return conflict("discussion %d has that title already", t.discussion.Num)
		}
		m, err := t.say(message{Type: messageTitle, From: from, To: *body.Title})
		if err != nil {
			return err
		}
		t.become(func(d *discussion) { d.Title = *body.Title })
		answer = map[string]any{"newTitle": messageAnswerOf(m)}
		return t.tellTalk("discussion.update", nil)
	})
	return answer, err
}

func changeStatus(c *call) (answer any, err error) {
	var body struct {
		Status  string `json:"status"`
		Comment string `json:"comment"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{statusOpen, statusClosed}, body.Status) {
		return nil, invalid("status is %q: it can be %s or %s", inShort(body.Status), statusOpen, statusClosed)
	}
	if err := checkText("comment", &body.Comment); err != nil {
		return nil, err
	}
	err = c.thread(func(t *thread) error {
		if err := t.mayBecome(body.Status); err != nil {
			return err
		}
		if err := t.remark(body.Comment); err != nil {
			return err
		}
		m, err := t.changeStatus(body.Status)
		if err == nil {
			answer = map[string]any{"newStatus": messageAnswerOf(m)}
		}
		return err
	})
	return answer, err
}

// mayBecome finds a change of status that there is not.
func (t *thread) mayBecome(status string) error {
	switch d := t.discussion; d.Status {
	case statusMerged:
		return conflict("pull request %d is merged, which is for good", d.Num)
	case status:
		return conflict("discussion %d is %s already", d.Num, status)
	}
	return nil
}

// remark writes the comment that comes along with a change, where there is one. It
// stands, and is told, before the change.
func (t *thread) remark(text string) error {
	if text == "" {
		return nil
	}
	_, err := t.comment(text)
	return err
}

// changeStatus has the discussion be of another status, and tells of it.
func (t *thread) changeStatus(to string) (*message, error) {
	m, err := t.say(message{Type: messageStatus, To: to})
	if err != nil {
		return nil, err
	}
	t.become(func(d *discussion) { d.Status = to })
	return m, t.tellTalk("discussion.update", nil)
}

func pinDiscussion(c *call) (any, error) {
	var body struct {
		Pinned *bool `json:"pinned"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if body.Pinned == nil {
		return nil, invalid("pinned is missing: true or false")
	}
	return map[string]bool{"pinned": *body.Pinned}, c.thread(func(t *thread) error {
		if t.discussion.Pinned == *body.Pinned {
			return conflict("discussion %d is so already", t.discussion.Num)
		}
		t.become(func(d *discussion) { d.Pinned = *body.Pinned })
		return t.tellTalk("discussion.update", nil)
	})
}

func deleteDiscussion(c *call) (any, error) {
	return map[string]bool{"success": true}, c.change(func(tx *tx) error {
		r, d, err := c.discussion(tx.state)
		if err == nil {
			_, err = tx.deleteDiscussion(r, d)
		}
		return err
	})
}

// deleteDiscussion deletes a discussion with all that stands in it, and tells of it.
// The reference of a pull request is assumed to go with it. The repo that it returns is
// the one to go on with.
func (tx *tx) deleteDiscussion(r *repo, d *discussion) (*repo, error) {
	t := &thread{tx, r, d}
	tx.forgetDiscussion(d)
	if r.Refs[pullRef(d.Num)].SHA == "" {
		return t.repo, t.tellTalk("discussion.delete", nil)
	}
	moved := t.moveRef(pullRef(d.Num), "")
	if err := t.tellTalk("discussion.delete", nil); err != nil {
		return nil, err
	}
	return t.repo, t.tellRef(moved)
}

// deletePullRef frees what a pull request holds that is done with (OpenAPI, "Delete PR
// ref").
func deletePullRef(c *call) (any, error) {
	return map[string]bool{"success": true}, c.thread(func(t *thread) error {
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
	})
}

func noPull(d *discussion) error { return invalid("discussion %d is no pull request", d.Num) }
