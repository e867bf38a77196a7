package api

import (
	"html"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// commitListed is a commit in a list (GitCommitInfo of the official client).
type commitListed struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Message   string         `json:"message"`
	Authors   []commitAuthor `json:"authors"`
	Date      string         `json:"date"`
	Formatted *formattedText `json:"formatted,omitempty"`
}

type commitAuthor struct {
	User   string `json:"user"`
	Avatar string `json:"avatar"`
}

type formattedText struct {
	Title   string `json:"title"`
	Message string `json:"message"`
}

// listCommits lists the commits that a revision is made of, the last one first.
func listCommits(c *call) (any, error) {
	const usual, most = 50, 1000
	p, err := c.window(usual, most)
	if err != nil {
		return nil, err
	}
	formatted := asksFor(c.Request.URL.Query(), "formatted")
	return c.View(func(s *domain.State) (any, error) {
		r, at, err := c.placeAlone(s)
		if err != nil {
			return nil, err
		}
		history, responses := s.History(r.ID, at), []commitListed{}
		for _, one := range windowOf(history, p) {
			a := commitListed{
				ID: one.SHA, Title: one.Title, Message: one.Message, Date: domain.FormatTime(one.At),
				Authors: []commitAuthor{{User: one.Author, Avatar: avatarURL(c.URL, one.Author)}},
			}
			if formatted {
				a.Formatted = &formattedText{html.EscapeString(one.Title), html.EscapeString(one.Message)}
			}
			responses = append(responses, a)
		}
		return c.paged(responses, p, len(history), apiPath(r, "commits", history[0].SHA)), nil
	})
}
