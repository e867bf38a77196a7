package emitter_test

import (
	"fmt"
	"slices"
)

// modelDiscussion is a discussion or a pull request as it stands.
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
			return expect(e.discussion.num, e.told.Discussion.Num)
		}
		return expect(e.repo.nums+1, e.told.Discussion.Num)
	}},
	{"discussion.url", func(m *hubModel, e *event) *finding { return expect(m.discussionURL(e), e.told.Discussion.URL) }},
	{"discussion.changes", func(m *hubModel, e *event) *finding {
		return expect(e.told.Discussion.IsPullRequest, e.told.Discussion.Changes != nil)
	}},
	{"discussion.opened", func(m *hubModel, e *event) *finding {
		d := e.told.Discussion
		fits := d.Status == "open" || d.Status == "draft" && d.IsPullRequest
		return unless(fits || e.key != "discussion.create", "open, or draft for a pull request", d.Status)
	}},
	{"discussion.first", func(m *hubModel, e *event) *finding {
		if e.key != "discussion.create" {
			return nil
		}
		return expect(e.told.Discussion.Author.ID, e.told.Comment.Author.ID)
	}},
}

// knownDiscussionRules hold once a discussion is opened.
var knownDiscussionRules = []rule{
	{"discussion.author", func(m *hubModel, e *event) *finding {
		return expect(e.discussion.author, e.told.Discussion.Author.ID)
	}},
	{"discussion.pull", func(m *hubModel, e *event) *finding {
		return expect(e.discussion.pull, e.told.Discussion.IsPullRequest)
	}},
	{"discussion.base", func(m *hubModel, e *event) *finding {
		if e.told.Discussion.Changes == nil || !e.discussion.pull {
			return nil
		}
		return expect(e.discussion.base, e.told.Discussion.Changes.Base)
	}},
	{"discussion.state", func(m *hubModel, e *event) *finding {
		if e.key == "discussion.update" {
			return nil
		}
		return unless(len(e.changed()) == 0, "the discussion as it stands", fmt.Sprint("another ", e.changed()))
	}},
	// What a narrowed event changes may be something that is not told.
	{"discussion.update", func(m *hubModel, e *event) *finding {
		n := len(e.changed())
		fits := n == 1 || n == 0 && e.narrowed
		return unless(fits || e.key != "discussion.update", "one of title, status and pinned changed", e.changed())
	}},
	{"discussion.status", func(m *hubModel, e *event) *finding {
		from, to := e.discussion.status, e.told.Discussion.Status
		if from == to || e.key != "discussion.update" {
			return nil
		}
		legal := statusMoves[e.discussion.pull][from]
		return unless(slices.Contains(legal, to), fmt.Sprintf("one of %v after %s", legal, from), to)
	}},
}

// changed lists what the payload says otherwise than the model.
func (e *event) changed() []string {
	d, known := e.told.Discussion, e.discussion
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

func (m *hubModel) discussionURL(e *event) toldURL {
	repo, path := m.repoURL(e), fmt.Sprintf("/discussions/%d", e.told.Discussion.Num)
	return toldURL{repo.Web + path, repo.API + path}
}

// hasPull tells whether a number is that of a pull request.
func (r *modelRepo) hasPull(num int) bool {
	d := r.discussions[num]
	return d != nil && d.pull && !d.deleted
}

func (m *hubModel) rememberDiscussion(e *event) {
	d := e.told.Discussion
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
	if e.told.Comment != nil {
		m.rememberComment(e)
	}
}

// open opens a discussion.
func (m *hubModel) open(e *event) {
	d := e.told.Discussion
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
	d, known := e.told.Discussion, e.discussion
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
			what = e.discussion.status + " to " + e.told.Discussion.Status
		}
		m.note("discussion: " + what)
	}
}
