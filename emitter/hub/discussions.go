package hub

import "unicode/utf8"

// discussionRoutes are discussions and pull requests (community.py of the official
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
		{name: "create_discussion", method: "POST", path: all, serve: createDiscussion},
		{name: "comment_discussion", method: "POST", path: one + "/comment", serve: commentDiscussion},
		{name: "edit_discussion_comment", method: "POST", path: comment + "/edit", serve: editComment},
		{name: "hide_discussion_comment", method: "POST", path: comment + "/hide", serve: hideComment},
		{name: "rename_discussion", method: "POST", path: one + "/title", serve: renameDiscussion},
		{name: "change_discussion_status", method: "POST", path: one + "/status", serve: changeStatus},
		{name: "merge_pull_request", method: "POST", path: one + "/merge", serve: mergePull},
		// OpenAPI only.
		{name: "pin_discussion", method: "POST", path: one + "/pin", serve: pinDiscussion},
		{name: "delete_discussion", method: "DELETE", path: one, serve: deleteDiscussion},
		{name: "delete_pull_request_ref", method: "DELETE", path: one + "/ref", serve: deletePullRef},
	}
}

// thread makes a change to the discussion that the path names.
func (c *call) thread(do func(*thread) error) error {
	return c.Update(func(tx *tx) error {
		r, d, err := c.discussion(tx.state)
		if err != nil {
			return err
		}
		return do(tx.ThreadOf(r, d))
	})
}

// discussion is the one that the path names, and its repo.
func (c *call) discussion(s *state) (*repo, *discussion, error) {
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
	return nil, nil, notFound("", "%s %s has no discussion %d", r.Type, r.Name, num)
}

// repoWithDiscussions is the repo that the path names, if it is one that has discussions.
func (c *call) repoWithDiscussions(s *state) (*repo, error) {
	r, err := c.Repo(s)
	if err != nil {
		return nil, err
	}
	return r, CheckHasDiscussions(r)
}

func createDiscussion(c *call) (answer any, err error) {
	var body struct {
		Title       *string `json:"title"`
		Description *string `json:"description"`
		Pull        bool    `json:"pullRequest"`
	}
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	if err := checkTitle(body.Title); err != nil {
		return nil, err
	}
	if err := checkText("description", body.Description); err != nil {
		return nil, err
	}
	err = c.Update(func(tx *tx) error {
		r, err := c.Repo(tx.state)
		if err != nil {
			return err
		}
		_, d, _, err := tx.OpenDiscussion(r, discussion{Title: *body.Title, Pull: body.Pull}, *body.Description)
		if err == nil {
			answer = map[string]any{"num": d.Num, "pullRequest": d.Pull}
		}
		return err
	})
	return answer, err
}

// checkTitle finds what no title can be.
func checkTitle(title *string) error {
	if title == nil {
		return invalid("title is missing")
	}
	if n := utf8.RuneCountInString(*title); n < shortestTalkTitle || n > longestTalkTitle {
		return invalid("title has %d characters: it can have %d to %d", n, shortestTalkTitle, longestTalkTitle)
	}
	return nil
}

// checkText finds what no comment can be but the first, which may be empty.
func checkText(name string, text *string) error {
	if text == nil {
		return invalid("%s is missing", name)
	}
	if n := utf8.RuneCountInString(*text); n > longestComment {
		return invalid("%s has %d characters: it can have %d", name, n, longestComment)
	}
	return nil
}
