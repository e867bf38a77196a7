package emitter_test

import (
	"fmt"
	"slices"
)

// modelDiscussion is the current state of a discussion or a pull request.
type modelDiscussion struct {
	repo                  *modelRepo
	num                   int
	title, status, author string
	pull, pinned, deleted bool
	base, mergeCommit     string
	wasDraft              bool
	comments              map[string]*modelComment
}

// statusMoves are the changes of status that there are, for discussions and for
// pull requests.
var statusMoves = map[bool]map[string][]string{
	false: {"open": {"closed"}, "closed": {"open"}},
	true: {
		"draft":  {"open", "closed", "merged"},
		"open":   {"closed", "merged"},
		"closed": {"open"},
	},
}

var discussionRules = []rule{
	{"discussion.num", func(m *hubModel, e *event) *finding {
		if e.discussion != nil {
			return expect(e.discussion.num, e.payload.Discussion.Num)
		}
		return expect(e.repo.nums+1, e.payload.Discussion.Num)
	}},
	{"discussion.url", func(m *hubModel, e *event) *finding { return expect(m.discussionURL(e), e.payload.Discussion.URL) }},
	{"discussion.changes", func(m *hubModel, e *event) *finding {
		return expect(e.payload.Discussion.IsPullRequest, e.payload.Discussion.Changes != nil)
	}},
	{"discussion.opened", func(m *hubModel, e *event) *finding {
		d := e.payload.Discussion
		fits := d.Status == "open" || d.Status == "draft" && d.IsPullRequest
		return unless(fits || e.key != "discussion.create", "open, or draft for a pull request", d.Status)
	}},
	{"discussion.first", func(m *hubModel, e *event) *finding {
		if e.key != "discussion.create" {
			return nil
		}
		return expect(e.payload.Discussion.Author.ID, e.payload.Comment.Author.ID)
	}},
}

// knownDiscussionRules hold once a discussion is opened.
var knownDiscussionRules = []rule{
	{"discussion.author", func(m *hubModel, e *event) *finding {
		return expect(e.discussion.author, e.payload.Discussion.Author.ID)
	}},
	{"discussion.pull", func(m *hubModel, e *event) *finding {
		return expect(e.discussion.pull, e.payload.Discussion.IsPullRequest)
	}},
	{"discussion.base", func(m *hubModel, e *event) *finding {
		if e.payload.Discussion.Changes == nil || !e.discussion.pull {
			return nil
		}
		return expect(e.discussion.base, e.payload.Discussion.Changes.Base)
	}},
	{"discussion.state", func(m *hubModel, e *event) *finding {
		if e.key == "discussion.update" {
			return nil
		}
		return unless(len(e.changed()) == 0, "the discussion as it stands", fmt.Sprint("another ", e.changed()))
	}},
	// What a narrowed event changes may not be in the payload.
	{"discussion.update", func(m *hubModel, e *event) *finding {
		n := len(e.changed())
		fits := n == 1 || n == 0 && e.narrowed
		return unless(fits || e.key != "discussion.update", "one of title, status and pinned changed", e.changed())
	}},
	{"discussion.status", func(m *hubModel, e *event) *finding {
		from, to := e.discussion.status, e.payload.Discussion.Status
		if from == to || e.key != "discussion.update" {
			return nil
		}
		legal := statusMoves[e.discussion.pull][from]
		return unless(slices.Contains(legal, to), fmt.Sprintf("one of %v after %s", legal, from), to)
	}},
}

// changed lists the properties in which the payload differs from the model.
func (e *event) changed() []string {
	d, known := e.payload.Discussion, e.discussion
	all := []string{}
	for _, what := range []struct {
		name    string
		differs bool
	}{
		{"title", d.Title != known.title},
		{"status", d.Status != known.status},
		{"pinned", d.Pinned != nil && *d.Pinned != known.pinned},
	} {
		if what.differs {
			all = append(all, what.name)
		}
	}
	return all
}

func (m *hubModel) discussionURL(e *event) urlJSON {
	repo, path := m.repoURL(e), fmt.Sprintf("/discussions/%d", e.payload.Discussion.Num)
	return urlJSON{repo.Web + path, repo.API + path}
}

// hasPull reports whether a number is that of a pull request.
func (r *modelRepo) hasPull(num int) bool {
	d := r.discussions[num]
	return d != nil && d.pull && !d.deleted
}

func (m *hubModel) rememberDiscussion(e *event) {
	d := e.payload.Discussion
	switch {
	case d == nil:
		return
	case e.key == "discussion.create":
		m.open(e)
	case e.key == "discussion.delete":
		e.discussion.deleted = true
	case e.key == "discussion.update":
		m.noteUpdate(e)
		e.update()
	}
	if e.payload.Comment != nil {
		m.rememberComment(e)
	}
}

// open opens a discussion.
func (m *hubModel) open(e *event) {
	d := e.payload.Discussion
	e.discussion = &modelDiscussion{
		repo: e.repo, num: d.Num, title: d.Title, status: d.Status, author: d.Author.ID,
		pull: d.IsPullRequest, pinned: d.Pinned != nil && *d.Pinned, wasDraft: d.Status == "draft",
		comments: map[string]*modelComment{},
	}
	if d.Changes != nil {
		e.discussion.base = d.Changes.Base
	}
	m.discussions[d.ID], e.repo.discussions[d.Num] = e.discussion, e.discussion
	e.repo.nums = d.Num
	e.repo.git.announced = 0
}

// update changes a discussion.
func (e *event) update() {
	d, known := e.payload.Discussion, e.discussion
	if e.merges() {
		known.mergeCommit = *d.mergeCommit()
		known.repo.git.merging = known
	}
	known.title, known.status = d.Title, d.Status
	if d.Pinned != nil {
		known.pinned = *d.Pinned
	}
}

// noteUpdate notes what changes, before it does.
func (m *hubModel) noteUpdate(e *event) {
	for _, what := range e.changed() {
		if what == "status" {
			what = e.discussion.status + " to " + e.payload.Discussion.Status
		}
		m.note("discussion: " + what)
	}
}
