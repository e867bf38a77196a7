package domain

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

// Event is something that happened to a repo.
type Event struct {
	Shape      string // "discussion.comment.create"
	Repo       *Repo  // after it
	OldName    string // the repo's name before it, if it was moved
	Discussion *Discussion
	Comment    *Entry
	Refs       []emitter.RefData
	Files      []emitter.FileData
	Private    *bool // the setting in a repo.config event
}

// Publish creates a delivery for each webhook that watches the repo of an event.
func (tx *Tx) Publish(e Event) error {
	for _, w := range tx.Webhooks() {
		if !tx.isFor(w, &e) {
			continue
		}
		if err := tx.createDelivery(w, e); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) isFor(w *activity.Webhook, e *Event) bool {
	if tx.only != "" {
		return w.ID == tx.only
	}
	return w.Disabled != activity.DisabledByUser && Subscribes(w, e.Shape) &&
		(watches(w, e.Repo.Type, e.Repo.Name) || e.OldName != "" && watches(w, e.Repo.Type, e.OldName))
}

func (tx *Tx) createDelivery(w *activity.Webhook, e Event) error {
	number := tx.NextNumber()
	body, err := tx.Config.Generator.Render(nil, tx.eventData(w, e, number))
	if err != nil {
		return err
	}
	d := &activity.Delivery{
		Number: number, ID: tx.NewID(), RegistrationID: w.ID, WebhookIDHeader: tx.newWebhookID(),
		Shape: delivery.ShapeOf(body), RepoType: e.Repo.Type, RepoName: e.Repo.Name,
		Created: tx.Now, State: activity.Pending, Due: tx.Now, Size: len(body),
	}
	at := strings.LastIndexByte(d.Shape, '.')
	d.Scope, d.Action = d.Shape[:at], d.Shape[at+1:]
	if e.Discussion != nil {
		d.Num = e.Discussion.Num
	}
	tx.applyQuota(w, d)
	if d.State == activity.Pending {
		plan := tx.Config.Faults(number, w)
		d.Faults, d.Due = plan.names(), d.Due.Add(plan.Delay)
		tx.due = append(tx.due, Due{At: d.Due, Number: number})
	}
	tx.created++
	tx.SaveDelivery(d)
	tx.SavePayload(number, body)
	tx.prune()
	return nil
}

func (tx *Tx) applyQuota(w *activity.Webhook, d *activity.Delivery) {
	if w.Disabled == activity.Suspended {
		suppress(d, activity.WebhookSuspended)
		return
	}
	s := tx.WebhookStats(w.ID)
	if s.Triggers(tx.Now) >= tx.Config.Quota && !tx.Config.DeliverOverQuota {
		suppress(d, activity.RateLimited)
		return
	}
	s = s.counted(tx.Now)
	s.Last = tx.Now
	put(tx, tx.stats, w.ID, s)
}

func suppress(d *activity.Delivery, reason activity.Reason) {
	d.State, d.Reason, d.Due = activity.Withheld, reason, time.Time{}
}

func (tx *Tx) eventData(w *activity.Webhook, e Event, number uint64) *emitter.EventData {
	f := &emitter.EventData{
		Shape: e.Shape, HubURL: tx.URL, WebhookID: w.ID, Index: number,
		Repo: emitter.RepoData{
			Type: e.Repo.Type, Name: e.Repo.Name, ID: e.Repo.ID, OwnerID: ownerID(e.Repo),
			Private: e.Repo.Private(), HeadSHA: e.Repo.Head(),
		},
		Private: e.Private, Refs: e.Refs, Files: e.Files,
	}
	if e.OldName != "" {
		f.Repo.Name = e.OldName
		f.Repo.OwnerID = ownerID(&Repo{ID: e.Repo.ID, Name: e.OldName})
		f.MovedTo = &emitter.MoveData{Name: e.Repo.Name, OwnerID: ownerID(e.Repo)}
	}
	if d := e.Discussion; d != nil {
		f.Discussion = &emitter.DiscussionData{
			ID: d.ID, Title: d.Title, Num: uint64(d.Num), Status: d.Status, AuthorID: UserID(d.Author),
			PullRequest: d.Pull, MergeCommitID: d.Merge, Pinned: d.Pinned,
		}
	}
	if c := e.Comment; c != nil {
		f.Comment = &emitter.CommentData{ID: c.ID, AuthorID: UserID(c.Author), Content: c.Content, Hidden: c.Hidden}
	}
	return f
}

// ownerID returns the id of a repo's owner; the Hub's oldest repos belong to it.
func ownerID(r *Repo) string { return UserID(strings.ToLower(cmp.Or(r.Owner(), "huggingface"))) }

// Only limits the events of this change to one webhook, whether it watches or not.
func (tx *Tx) Only(webhook string) error {
	if webhook == "" {
		return nil
	}
	w := tx.Webhook(webhook)
	switch {
	case w == nil:
		return problem.NotFound("", "there is no webhook %s", problem.Short(webhook))
	case w.Disabled == activity.DisabledByUser:
		return problem.Conflict("the webhook %s is disabled: enable it first", webhook)
	}
	tx.only = webhook
	return nil
}

// Render returns the payload of an event without a delivery.
func (tx *Tx) Render(e Event) ([]byte, error) {
	const nobody = "000000000000000000000000"
	return tx.Config.Generator.Render(nil, tx.eventData(&activity.Webhook{ID: nobody}, e, tx.NextID()))
}

// Created returns how many deliveries this change has created.
func (tx *Tx) Created() int { return tx.created }

// LastNumber returns the highest number of a delivery or a commit so far.
func (s *State) LastNumber() uint64 { return s.meta().Numbers }

// DeliveriesAfter returns the deliveries with higher numbers.
func (s *State) DeliveriesAfter(number uint64) []*activity.Delivery {
	at := len(s.order)
	for at > 0 && s.order[at-1].Number > number {
		at--
	}
	return s.order[at:]
}

// Latest returns the deliveries that match a query, the latest first.
func (s *State) Latest(q activity.Query) iter.Seq[*activity.Delivery] {
	return func(yield func(*activity.Delivery) bool) {
		for _, d := range slices.Backward(s.DeliveriesAfter(q.After)) {
			if s.Matches(&q, d) && !yield(d) {
				return
			}
		}
	}
}

// Matches reports whether a delivery matches a query.
func (s *State) Matches(q *activity.Query, d *activity.Delivery) bool {
	switch {
	case d.Number <= q.After, q.Before > 0 && d.Number >= q.Before,
		q.RegistrationID != "" && d.RegistrationID != q.RegistrationID,
		q.WebhookIDHeader != "" && d.WebhookIDHeader != q.WebhookIDHeader,
		q.State != "" && d.State != q.State, q.Repo != "" && !strings.EqualFold(d.RepoName, q.Repo),
		q.Event != "" && d.Shape != q.Event && d.Scope != q.Event && !strings.HasPrefix(d.Scope, q.Event+"."):
		return false
	}
	return q.Text == "" || s.holds(d, strings.ToLower(q.Text))
}

// holds reports whether a text in lower case is part of a delivery.
func (s *State) holds(d *activity.Delivery, text string) bool {
	in := func(where string) bool { return strings.Contains(strings.ToLower(where), text) }
	if in(d.Shape) || in(d.RepoName) || in(d.WebhookIDHeader) || in(d.ID) || in(string(d.Reason)) {
		return true
	}
	if in(string(s.Payload(d.Number))) {
		return true
	}
	return slices.ContainsFunc(d.Attempts, func(a activity.Attempt) bool { return in(a.Body) || in(a.Error) })
}
