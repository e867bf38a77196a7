package hub

import (
	"strconv"
	"time"
)

// discussionView is a discussion or a pull request, to be read.
type discussionView struct {
	Repo     repoName
	Row      discussionRow
	Title    string
	Merge    string
	Messages []messageView
	More     int // messages that are not shown
}

type messageView struct {
	ID      string
	Type    string
	Author  string
	At      moment
	Content string // not shown where it is Hidden
	Edited  moment
	Hidden  bool
	From    string
	To      string
}

// messagesShown is how many messages of a discussion a page shows: the latest.
const messagesShown = 500

func showDiscussion(v *visit) error {
	num, err := strconv.Atoi(v.params["num"])
	if err != nil || num < 1 {
		return notFound("", "there is no discussion %q", brief(v.params["num"], 40))
	}
	var shown *discussionView
	err = v.look(func(s *state) error {
		r, err := v.repo(s)
		if err != nil {
			return err
		}
		if shown = discussionViewOf(s, r, num, v.DB.Now()); shown == nil {
			return notFound("", "there is no discussion %d in %s", num, r.Name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.show("discussion", view{Title: brief(shown.Title, 80) + " · " + shown.Repo.Name, Body: shown})
}

func discussionViewOf(s *state, r *repo, num int, now time.Time) *discussionView {
	d := s.Discussion(r.ID, num)
	if d == nil {
		return nil
	}
	hidden, said := hidingFor(s), s.Messages(r.ID, num)
	shown := &discussionView{
		Repo: repoNamed(r.Type, r.Name), Title: hidden.text(d.Title), Merge: d.Merge, More: max(len(said)-messagesShown, 0),
		Row: discussionRow{Num: d.Num, Pull: d.Pull, Status: d.Status, Author: brief(d.Author, 60), Created: momentAt(d.Created, now)},
	}
	for _, m := range said[shown.More:] {
		view := messageView{
			ID: m.ID, Type: m.Type, Author: brief(m.Author, 60), At: momentAt(m.At, now), Edited: momentAt(m.Edited, now),
			Hidden: m.Hidden, Content: hidden.text(m.Content), From: brief(hidden.text(m.From), 300), To: brief(hidden.text(m.To), 300),
		}
		shown.Messages = append(shown.Messages, view)
	}
	return shown
}
