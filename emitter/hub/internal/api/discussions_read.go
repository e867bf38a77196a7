package api

import (
	"cmp"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

const discussionPage = 10

// discussionResponse is a discussion as a list shows it (hf_api.py, get_repo_discussions).
type discussionResponse struct {
	Num       int             `json:"num"`
	Title     string          `json:"title"`
	Status    string          `json:"status"`
	Pull      bool            `json:"isPullRequest"`
	Pinned    bool            `json:"pinned"`
	CreatedAt string          `json:"createdAt"`
	Author    *authorResponse `json:"author,omitempty"`
	Repo      repoRefResponse `json:"repo"`
}

type repoRefResponse struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// detailsResponse is all of a discussion (get_discussion_details).
type detailsResponse struct {
	discussionResponse
	Events    []entryResponse  `json:"events"`
	Changes   *changesResponse `json:"changes,omitempty"`
	Conflicts *[]string        `json:"filesWithConflicts,omitempty"` // of a pull request; there even if empty
}

type changesResponse struct {
	Base  string `json:"base"`
	Merge string `json:"mergeCommitId,omitempty"`
}

func discussionResponseOf(r *domain.Repo, d *domain.Discussion) discussionResponse {
	return discussionResponse{
		Num: d.Num, Title: d.Title, Status: d.Status, Pull: d.Pull, Pinned: d.Pinned,
		CreatedAt: domain.FormatTime(d.Created), Author: authorOf(d.Author), Repo: repoRefResponse{r.Type, r.Name},
	}
}

func discussionDetails(c *call) (any, error) {
	return c.View(func(s *domain.State) (any, error) {
		r, d, err := c.discussion(s)
		if err != nil {
			return nil, err
		}
		response := detailsResponse{discussionResponse: discussionResponseOf(r, d), Events: []entryResponse{}}
		for _, m := range s.Entries(r.ID, d.Num) {
			response.Events = append(response.Events, entryResponseOf(m))
		}
		if d.Pull {
			response.Changes, response.Conflicts = &changesResponse{domain.MainRef, d.Merge}, &[]string{}
		}
		if d.Pull && d.Status != domain.StatusMerged {
			*response.Conflicts = append(*response.Conflicts, s.Conflicts(r, d.Num)...)
		}
		return response, nil
	})
}

// listedStatuses returns the statuses that can be asked for (OpenAPI, "List discussions"). A draft is
// listed as open, what is merged as closed, as the Hub's pages have them.
func listedStatuses() map[string][]string {
	all := []string{domain.StatusOpen, domain.StatusDraft, domain.StatusClosed, domain.StatusMerged}
	return map[string][]string{"": all, "all": all, "open": all[:2], "closed": all[2:]}
}

func (c *call) pageNumber() (int, error) {
	text := cmp.Or(c.Request.URL.Query().Get("p"), "0")
	page, err := strconv.Atoi(text)
	if err != nil || page < 0 {
		return 0, problem.Invalid("p is no number of a page: they count up from 0")
	}
	return min(page, domain.MaxDiscussions), nil
}

// isAskedFor returns a filter of discussions by the query.
func (c *call) isAskedFor() (func(*domain.Discussion) bool, error) {
	given := c.Request.URL.Query()
	kind := cmp.Or(given.Get("type"), "all")
	if !slices.Contains([]string{"all", "discussion", "pull_request"}, kind) {
		return nil, problem.Invalid("type can be all, discussion or pull_request")
	}
	statuses, known := listedStatuses()[given.Get("status")]
	if !known {
		return nil, problem.Invalid("status can be all, open or closed")
	}
	author, search := given.Get("author"), strings.ToLower(given.Get("search"))
	return func(d *domain.Discussion) bool {
		return (kind == "all" || d.Pull == (kind == "pull_request")) && slices.Contains(statuses, d.Status) &&
			(author == "" || strings.EqualFold(d.Author, author)) && strings.Contains(strings.ToLower(d.Title), search)
	}, nil
}

func listDiscussions(c *call) (any, error) {
	page, err := c.pageNumber()
	if err != nil {
		return nil, err
	}
	asked, err := c.isAskedFor()
	if err != nil {
		return nil, err
	}
	return c.View(func(s *domain.State) (any, error) {
		r, err := c.repoWithDiscussions(s)
		if err != nil {
			return nil, err
		}
		count, start, found := 0, page*discussionPage, []discussionResponse{}
		for num := r.Nums; num > 0; num-- { // the newest first
			d := s.Discussion(r.ID, num)
			if d == nil || !asked(d) {
				continue
			}
			if count++; count > start && len(found) < discussionPage {
				found = append(found, discussionResponseOf(r, d))
			}
		}
		return map[string]any{"count": count, "start": start, "discussions": found}, nil
	})
}

type commentDiscussionBody struct {
	Comment *string `json:"comment"`
}

func commentDiscussion(c *call, body *commentDiscussionBody) (any, error) {
	if err := checkComment("comment", body.Comment); err != nil {
		return nil, err
	}
	return c.updateEntry("newMessage", func(t *domain.DiscussionTx) (*domain.Entry, error) {
		return t.AddComment(*body.Comment)
	})
}

func checkComment(name string, text *string) error {
	if text != nil && *text == "" {
		return problem.Invalid("%s is empty", name)
	}
	return checkText(name, text)
}

type editCommentBody struct {
	Content *string `json:"content"`
}

func editComment(c *call, body *editCommentBody) (any, error) {
	if err := checkComment("content", body.Content); err != nil {
		return nil, err
	}
	return c.updateEntry("updatedComment", func(t *domain.DiscussionTx) (*domain.Entry, error) {
		return t.EditComment(c.Params["comment"], *body.Content)
	})
}

func hideComment(c *call) (any, error) {
	return c.updateEntry("updatedComment", func(t *domain.DiscussionTx) (*domain.Entry, error) {
		return t.HideComment(c.Params["comment"])
	})
}

// entryResponse is an entry of a discussion, as the Hub shows it (community.py,
// deserialize_event).
type entryResponse struct {
	ID        string          `json:"id"`
	Type      string          `json:"type"`
	CreatedAt string          `json:"createdAt"`
	Author    *authorResponse `json:"author,omitempty"`
	Data      any             `json:"data"`
}

type authorResponse struct {
	Name string `json:"name"`
}

// authorOf returns nil if there is no author: the official client cannot read a null.
func authorOf(name string) *authorResponse {
	if name == "" {
		return nil
	}
	return &authorResponse{name}
}

type commentData struct {
	Edited  bool               `json:"edited"`
	Hidden  bool               `json:"hidden"`
	Latest  revisionResponse   `json:"latest"`
	History []revisionResponse `json:"history"` // the oldest first
}

type revisionResponse struct {
	Raw       string          `json:"raw"`
	HTML      string          `json:"html"`
	UpdatedAt string          `json:"updatedAt"`
	Author    *authorResponse `json:"author,omitempty"`
}

func entryResponseOf(m *domain.Entry) entryResponse {
	a := entryResponse{ID: m.ID, Type: m.Type, CreatedAt: domain.FormatTime(m.At), Author: authorOf(m.Author)}
	switch m.Type {
	case domain.EntryStatus:
		a.Data = map[string]string{"status": m.To}
	case domain.EntryTitle:
		a.Data = map[string]string{"from": m.From, "to": m.To}
	case domain.EntryCommit:
		a.Data = map[string]string{"subject": m.From, "oid": m.To}
	default:
		a.Data = commentDataOf(m)
	}
	return a
}

func commentDataOf(m *domain.Entry) commentData {
	data := commentData{Edited: !m.Edited.IsZero(), Hidden: m.Hidden, History: []revisionResponse{}}
	for _, e := range m.History {
		data.History = append(data.History, revisionResponseOf(e))
	}
	latest := m.Latest()
	if m.Hidden {
		latest.Content = "This comment has been hidden" // as the Hub's pages say
	}
	data.Latest = revisionResponseOf(latest)
	return data
}

func revisionResponseOf(e domain.CommentRevision) revisionResponse {
	return revisionResponse{Raw: e.Content, HTML: "<p>" + html.EscapeString(e.Content) + "</p>",
		UpdatedAt: domain.FormatTime(e.At), Author: authorOf(e.Author)}
}
