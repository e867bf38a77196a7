package api

import (
	"cmp"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// discussionRoutes returns the calls about discussions and pull requests (community.py of the official
// client, and the Hub's OpenAPI for those that it does not call).
func discussionRoutes() []route {
	const (
		all     = "/api/{type}/{repo}/discussions"
		one     = all + "/{num}"
		comment = one + "/comment/{comment}"
	)
	return []route{
		{name: "get_repo_discussions", method: "GET", path: all, serve: listDiscussions},
		{name: "get_discussion_details", method: "GET", path: one, serve: discussionDetails},
		// create_pull_request makes the same call.
		{name: "create_discussion", method: "POST", path: all, serve: withBody(createDiscussion)},
		{name: "comment_discussion", method: "POST", path: one + "/comment", serve: withBody(commentDiscussion)},
		{name: "edit_discussion_comment", method: "POST", path: comment + "/edit", serve: withBody(editComment)},
		{name: "hide_discussion_comment", method: "POST", path: comment + "/hide", serve: hideComment},
		{name: "rename_discussion", method: "POST", path: one + "/title", serve: withBody(renameDiscussion)},
		{name: "change_discussion_status", method: "POST", path: one + "/status", serve: withBody(changeStatus)},
		{name: "merge_pull_request", method: "POST", path: one + "/merge", serve: withBody(mergePull)},
		// OpenAPI only.
		{name: "pin_discussion", method: "POST", path: one + "/pin", serve: withBody(pinDiscussion)},
		{name: "delete_discussion", method: "DELETE", path: one, serve: deleteDiscussion},
		{name: "delete_pull_request_ref", method: "DELETE", path: one + "/ref", serve: deletePullRef},
	}
}

func (c *call) updateDiscussion(do func(*domain.DiscussionTx) (any, error)) (any, error) {
	return c.Update(func(tx *domain.Tx) (any, error) {
		r, d, err := c.discussion(tx.State)
		if err != nil {
			return nil, err
		}
		return do(tx.DiscussionTx(r, d))
	})
}

// updateEntry makes a change to the discussion, and responds with the entry that the change adds, under a key.
func (c *call) updateEntry(key string, do func(*domain.DiscussionTx) (*domain.Entry, error)) (any, error) {
	return c.updateDiscussion(func(t *domain.DiscussionTx) (any, error) {
		m, err := do(t)
		if err != nil {
			return nil, err
		}
		return map[string]any{key: entryResponseOf(m)}, nil
	})
}

func (c *call) discussion(s *domain.State) (*domain.Repo, *domain.Discussion, error) {
	r, err := c.repoWithDiscussions(s)
	if err != nil {
		return nil, nil, err
	}
	num, err := c.Number("num")
	if err != nil {
		return nil, nil, err
	}
	if d := s.Discussion(r.ID, num); d != nil {
		return r, d, nil
	}
	return nil, nil, problem.NotFound("", "%s %s has no discussion %d", r.Type, r.Name, num)
}

func (c *call) repoWithDiscussions(s *domain.State) (*domain.Repo, error) {
	r, err := c.Repo(s)
	if err != nil {
		return nil, err
	}
	return r, domain.CheckHasDiscussions(r)
}

type createDiscussionBody struct {
	Title       *string `json:"title"`
	Description *string `json:"description"`
	Pull        bool    `json:"pullRequest"`
}

func createDiscussion(c *call, body *createDiscussionBody) (any, error) {
	if err := cmp.Or(checkTitle(body.Title), checkText("description", body.Description)); err != nil {
		return nil, err
	}
	return c.UpdateRepo(func(tx *domain.Tx, r *domain.Repo) (any, error) {
		_, d, err := tx.OpenDiscussion(r, domain.Discussion{Title: *body.Title, Pull: body.Pull}, *body.Description)
		if err != nil {
			return nil, err
		}
		return map[string]any{"num": d.Num, "pullRequest": d.Pull}, nil
	})
}

func checkTitle(title *string) error {
	if title == nil {
		return problem.Invalid("title is missing")
	}
	if n := utf8.RuneCountInString(*title); n < domain.MinTitle || n > domain.MaxTitle {
		return problem.Invalid("title has %d characters: it can have %d to %d", n, domain.MinTitle, domain.MaxTitle)
	}
	return nil
}

// checkText returns an error for a missing or overlong comment.
func checkText(name string, text *string) error {
	if text == nil {
		return problem.Invalid("%s is missing", name)
	}
	if n := utf8.RuneCountInString(*text); n > domain.MaxComment {
		return problem.Invalid("%s has %d characters: it can have %d", name, n, domain.MaxComment)
	}
	return nil
}

type renameDiscussionBody struct {
	Title *string `json:"title"`
}

func renameDiscussion(c *call, body *renameDiscussionBody) (any, error) {
	if err := checkTitle(body.Title); err != nil {
		return nil, err
	}
	return c.updateEntry("newTitle", func(t *domain.DiscussionTx) (*domain.Entry, error) { return t.Rename(*body.Title) })
}

type changeStatusBody struct {
	Status  string `json:"status"`
	Comment string `json:"comment"`
}

func changeStatus(c *call, body *changeStatusBody) (any, error) {
	if body.Status != domain.StatusOpen && body.Status != domain.StatusClosed {
		return nil, problem.Invalid("status is %q: it can be %s or %s",
			problem.Short(body.Status), domain.StatusOpen, domain.StatusClosed)
	}
	if err := checkText("comment", &body.Comment); err != nil {
		return nil, err
	}
	return c.updateEntry("newStatus", func(t *domain.DiscussionTx) (*domain.Entry, error) {
		return t.ChangeStatus(body.Status, body.Comment)
	})
}

type pinDiscussionBody struct {
	Pinned *bool `json:"pinned"`
}

func pinDiscussion(c *call, body *pinDiscussionBody) (any, error) {
	if body.Pinned == nil {
		return nil, problem.Invalid("pinned is missing: true or false")
	}
	return c.updateDiscussion(func(t *domain.DiscussionTx) (any, error) {
		return map[string]bool{"pinned": *body.Pinned}, t.Pin(*body.Pinned)
	})
}

func deleteDiscussion(c *call) (any, error) {
	return c.updateDiscussion(func(t *domain.DiscussionTx) (any, error) { return done, t.Delete() })
}

func deletePullRef(c *call) (any, error) {
	return c.updateDiscussion(func(t *domain.DiscussionTx) (any, error) { return done, t.DeletePullRef() })
}

type mergePullBody struct {
	Comment string `json:"comment"`
}

func mergePull(c *call, body *mergePullBody) (any, error) {
	if err := checkText("comment", &body.Comment); err != nil {
		return nil, err
	}
	return c.updateDiscussion(func(t *domain.DiscussionTx) (any, error) { return done, t.Merge(body.Comment) })
}
