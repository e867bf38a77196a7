package hub

import (
	"strconv"
	"strings"
)

// discussionPage is how many discussions a page of them has.
const discussionPage = 10

// discussionAnswer is a discussion as a list shows it (hf_api.py,
// get_repo_discussions).
type discussionAnswer struct {
	Num       int           `json:"num"`
	Title     string        `json:"title"`
	Status    string        `json:"status"`
	Pull      bool          `json:"isPullRequest"`
	Pinned    bool          `json:"pinned"`
	CreatedAt string        `json:"createdAt"`
	Author    *authorAnswer `json:"author,omitempty"`
	Repo      repoRefAnswer `json:"repo"`
}

// repoRefAnswer names the repo of a discussion.
type repoRefAnswer struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// detailsAnswer is all of a discussion (get_discussion_details).
type detailsAnswer struct {
	discussionAnswer
	Events    []messageAnswer `json:"events"`
	Changes   *changesAnswer  `json:"changes,omitempty"`
	Conflicts *[]string       `json:"filesWithConflicts,omitempty"` // of a pull request; there even if empty
}

// changesAnswer is of a pull request alone.
type changesAnswer struct {
	Base  string `json:"base"`
	Merge string `json:"mergeCommitId,omitempty"`
}

func discussionAnswerOf(r *repo, d *discussion) discussionAnswer {
	return discussionAnswer{
		Num: d.Num, Title: d.Title, Status: d.Status, Pull: d.Pull, Pinned: d.Pinned,
		CreatedAt: timeText(d.Created), Author: authorOf(d.Author), Repo: repoRefAnswer{r.Type, r.Name},
	}
}

func discussionDetails(c *call) (any, error) {
	var r *repo
	var d *discussion
	var said []*message
	conflicts := []string{}
	err := c.View(func(s *state) (err error) {
		if r, d, err = c.discussion(s); err != nil {
			return err
		}
		said = s.Messages(r.ID, d.Num)
		if d.Pull && d.Status != statusMerged {
			conflicts = append(conflicts, s.Conflicts(r, d.Num)...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	answer := detailsAnswer{discussionAnswer: discussionAnswerOf(r, d), Events: make([]messageAnswer, len(said))}
	for i, m := range said {
		answer.Events[i] = messageAnswerOf(m)
	}
	if d.Pull {
		answer.Changes, answer.Conflicts = &changesAnswer{mainRef, d.Merge}, &conflicts
	}
	return answer, nil
}

// discussionQuery says which discussions are listed (OpenAPI, "List discussions").
type discussionQuery struct {
	start  int
	pull   *bool    // nil: both
	status []string // nil: all
	author string
	search string // stands in the title, in lower case
}

// What can be asked for. A draft is listed as open, what is merged as closed, as the
// Hub's pages have them.
func listedTypes() map[string]*bool {
	yes, no := true, false
	return map[string]*bool{"": nil, "all": nil, "discussion": &no, "pull_request": &yes}
}

func listedStatuses() map[string][]string {
	return map[string][]string{"": nil, "all": nil, "open": {statusOpen, statusDraft}, "closed": {statusClosed, statusMerged}}
}

func (c *call) discussionQuery() (q discussionQuery, err error) {
	given := c.Request.URL.Query()
	page := 0
	if p := given.Get("p"); p != "" {
		if page, err = strconv.Atoi(p); err != nil || page < 0 {
			return q, invalid("p is no number of a page: they count up from 0")
		}
	}
	var known bool
	if q.pull, known = listedTypes()[given.Get("type")]; !known {
		return q, invalid("type can be all, discussion or pull_request")
	}
	if q.status, known = listedStatuses()[given.Get("status")]; !known {
		return q, invalid("status can be all, open or closed")
	}
	q.start = min(page, mostDiscussions) * discussionPage
	q.author, q.search = given.Get("author"), strings.ToLower(given.Get("search"))
	return q, nil
}

func (q *discussionQuery) means(d *discussion) bool {
	switch {
	case q.pull != nil && d.Pull != *q.pull,
		q.author != "" && !strings.EqualFold(d.Author, q.author),
		q.search != "" && !strings.Contains(strings.ToLower(d.Title), q.search):
		return false
	}
	if q.status == nil {
		return true
	}
	for _, status := range q.status {
		if d.Status == status {
			return true
		}
	}
	return false
}

func listDiscussions(c *call) (any, error) {
	q, err := c.discussionQuery()
	if err != nil {
		return nil, err
	}
	count, found := 0, []discussionAnswer{}
	err = c.View(func(s *state) error {
		r, err := c.repoWithDiscussions(s)
		if err != nil {
			return err
		}
		for num := r.Nums; num > 0; num-- { // the newest first
			d := s.Discussion(r.ID, num)
			if d == nil || !q.means(d) {
				continue
			}
			if count++; count > q.start && len(found) < discussionPage {
				found = append(found, discussionAnswerOf(r, d))
			}
		}
		return nil
	})
	return map[string]any{"count": count, "start": q.start, "discussions": found}, err
}
