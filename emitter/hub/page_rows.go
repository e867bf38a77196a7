package hub

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// activityRow is a delivery in a list.
type activityRow struct {
	ID            string
	At            moment
	Scope, Action string
	Repo          repoName
	Num           int
	NumPath       string
	Webhook       string // its URL or Job
	WebhookPath   string // empty where it is deleted
	State         State
	Reason        string
	Attempts      int
	Replays       bool
	Answer        string // "200 OK", or why none came
	Good          bool   // the answer was accepted
	Latency       string
	Next          string // "in 12 s"
	NextAt        moment
	Faults        []string
}

// repoName names a repo, and leads to it.
type repoName struct{ Type, Name, Path string }

func repoNamed(repoType, name string) repoName {
	return repoName{repoType, brief(name, 120), repoPath(repoType, name)}
}

func activityRowOf(s *state, d *Delivery, now time.Time) activityRow {
	row := activityRow{
		ID: d.ID, At: momentAt(d.Created, now), Scope: d.Scope, Action: d.Action, Repo: repoNamed(d.RepoType, d.RepoName),
		Num: d.Num, NumPath: discussionPath(d.RepoType, d.RepoName, d.Num),
		State: d.State, Reason: d.Reason, Attempts: len(d.Attempts), Faults: d.Faults,
		Next: until(d.Due, now), NextAt: momentAt(d.Due, now),
	}
	w := s.Webhook(d.Webhook)
	row.Webhook = WebhookName(s, d.Webhook)
	if w != nil {
		row.WebhookPath = "/_mock/webhooks/" + url.PathEscape(d.Webhook)
	}
	if last := d.Last(); last != nil {
		row.Answer, row.Good, row.Latency = answerOf(last, d.Job), last.Accepted, latency(last.Latency)
	}
	for i := range d.Attempts {
		row.Replays = row.Replays || d.Attempts[i].Replay
	}
	return row
}

// nameOf is what a webhook is called: its URL, without what is secret, or its Job.
func nameOf(w *Webhook, id string) string {
	switch {
	case w == nil:
		return id
	case w.JobID != "":
		return "Job " + w.JobID
	}
	return shownURL(w)
}

// WebhookName returns what the activity calls the webhook of an id.
func WebhookName(s *state, id string) string { return brief(shortName(s.Webhook(id), id), 80) }

// shortName is nameOf without the scheme of a URL.
func shortName(w *Webhook, id string) string {
	name := nameOf(w, id)
	for _, scheme := range []string{"http://", "https://"} {
		if short, found := strings.CutPrefix(name, scheme); found {
			return short
		}
	}
	return name
}

// answerOf says what came of an attempt, in a few words.
func answerOf(a *Attempt, job *Job) string {
	switch {
	case a.Status != 0 && a.Error != "":
		return fmt.Sprintf("%d, then: %s", a.Status, brief(a.Error, 80))
	case a.Status != 0:
		return strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status)))
	case a.Error != "":
		return brief(a.Error, 100)
	case job != nil && job.Ran:
		return fmt.Sprintf("exit %d", job.Exit)
	case job != nil:
		return "Job recorded"
	}
	return "no answer"
}
