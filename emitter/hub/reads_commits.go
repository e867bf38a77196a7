package hub

import (
	"html"
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

// formattedText is a commit's text as HTML.
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
	var r *repo
	var history []*commit
	if err := c.View(func(s *state) error {
		found, at, err := c.placeAlone(s)
		if err == nil {
			r, history = found, s.History(found.ID, at)
		}
		return err
	}); err != nil {
		return nil, err
	}
	answers := make([]commitListed, 0, p.size)
	for _, one := range windowOf(history, p) {
		a := commitListed{
			ID: one.SHA, Title: one.Title, Message: one.Message, Date: timeText(one.At),
			Authors: []commitAuthor{{User: one.Author, Avatar: avatarURL(c.URL, one.Author)}},
		}
		if asksFor(c.Request.URL.Query(), "formatted") {
			a.Formatted = &formattedText{html.EscapeString(one.Title), html.EscapeString(one.Message)}
		}
		answers = append(answers, a)
	}
	return c.paged(answers, p, len(history), apiPath(r, "commits", history[0].SHA))
}
