package hub

import (
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// happening is something that happened to a repo, of which an event tells.
type happening struct {
	shape      string // "discussion.comment.create"
	repo       *repo  // after it
	was        string // the repo's name before it, where it was moved
	discussion *discussion
	comment    *message
	refs       []emitter.RefData
	files      []emitter.FileData
	private    *bool // the setting that a repo.config event tells of
}

// tell owes a delivery to each webhook that watches what happened.
func (tx *tx) tell(e happening) error {
	for _, w := range tx.Webhooks() {
		if !tx.tells(w, &e) {
			continue
		}
		if _, err := tx.owe(w, e); err != nil {
			return err
		}
	}
	return nil
}

// tells says whether a webhook is told of what happened.
func (tx *tx) tells(w *Webhook, e *happening) bool {
	if tx.only != "" {
		return w.ID == tx.only
	}
	return w.Disabled != DisabledByUser && Subscribes(w, e.shape) && e.watchedBy(w)
}

// watchedBy tells whether a webhook watches the repo, under its name before or after.
func (e *happening) watchedBy(w *Webhook) bool {
	return watches(w, e.repo.Type, e.repo.Name) || e.was != "" && watches(w, e.repo.Type, e.was)
}

// owe makes the delivery of an event to a webhook.
func (tx *tx) owe(w *Webhook, e happening) (*Delivery, error) {
	number := tx.number()
	body, err := tx.config.Generator.Render(nil, tx.facts(w, e, number))
	if err != nil {
		return nil, err
	}
	d := &Delivery{
		Number: number, ID: tx.newID(), Webhook: w.ID, WebhookID: tx.newWebhookID(),
		Shape: delivery.ShapeOf(body), RepoType: e.repo.Type, RepoName: e.repo.Name,
		Created: tx.now, State: Pending, Due: tx.now, Size: len(body),
	}
	at := strings.LastIndexByte(d.Shape, '.')
	d.Scope, d.Action = d.Shape[:at], d.Shape[at+1:]
	if e.discussion != nil {
		d.Num = e.discussion.Num
	}
	tx.admit(w, d)
	if d.State == Pending {
		plan := tx.config.Faults(number, w)
		d.Faults, d.Due = plan.names(), d.Due.Add(plan.Delay)
		tx.due = append(tx.due, Due{At: d.Due, Number: number})
	}
	tx.owed++
	tx.SaveDelivery(d)
	tx.SavePayload(number, body)
	tx.prune()
	return d, nil
}

// admit withholds a delivery that is not to be made, and counts one that is.
func (tx *tx) admit(w *Webhook, d *Delivery) {
	if w.Disabled == Suspended {
		suppress(d, WebhookSuspended)
		return
	}
	s := tx.standing(w.ID)
	if s.triggers(tx.now) >= tx.config.Quota && !tx.config.DeliverOverQuota {
		suppress(d, RateLimited)
		return
	}
	put(tx, tx.standings, w.ID, s.triggered(tx.now))
}

func suppress(d *Delivery, reason string) {
	d.State, d.Reason, d.Due = Withheld, reason, time.Time{}
}

// facts are what a payload tells of an event.
func (tx *tx) facts(w *Webhook, e happening, number uint64) *emitter.EventData {
	f := &emitter.EventData{
		Shape: e.shape, HubURL: tx.url, WebhookID: w.ID, Index: number,
		Repo: emitter.RepoData{
			Type: e.repo.Type, Name: e.repo.Name, ID: e.repo.ID, OwnerID: ownerID(e.repo),
			Private: e.repo.private(), HeadSHA: e.repo.head(),
		},
		Private: e.private, Refs: e.refs, Files: e.files,
	}
	if e.was != "" {
		f.Repo.Name = e.was
		f.Repo.OwnerID = ownerID(&repo{ID: e.repo.ID, Name: e.was})
		f.MovedTo = &emitter.MoveData{Name: e.repo.Name, OwnerID: ownerID(e.repo)}
	}
	if d := e.discussion; d != nil {
		f.Discussion = &emitter.DiscussionData{
			ID: d.ID, Title: d.Title, Num: uint64(d.Num), Status: d.Status, AuthorID: userID(d.Author),
			PullRequest: d.Pull, MergeCommitID: d.Merge, Pinned: d.Pinned,
		}
	}
	if c := e.comment; c != nil {
		f.Comment = &emitter.CommentData{ID: c.ID, AuthorID: userID(c.Author), Content: c.Content, Hidden: c.Hidden}
	}
	return f
}

// ownerID is the id of a repo's owner; the Hub's oldest repos belong to it.
func ownerID(r *repo) string {
	if owner := r.owner(); owner != "" {
		return userID(strings.ToLower(owner))
	}
	return userID("huggingface")
}

// Only has one webhook get the events of this change, whether it watches or not.
func (tx *tx) Only(webhook string) error {
	if webhook == "" {
		return nil
	}
	w := tx.Webhook(webhook)
	switch {
	case w == nil:
		return notFound("", "there is no webhook %s", inShort(webhook))
	case w.Disabled == DisabledByUser:
		return conflict("the webhook %s is disabled: enable it first", webhook)
	}
	tx.only = webhook
	return nil
}

// Render returns the payload of an event, for no webhook.
func (tx *tx) Render(e happening) ([]byte, error) {
	const nobody = "000000000000000000000000"
	return tx.config.Generator.Render(nil, tx.facts(&Webhook{ID: nobody}, e, tx.count()))
}

// Created returns how many deliveries this change has created.
func (tx *tx) Created() int { return tx.owed }

// LastNumber returns the highest number of a delivery or a commit so far.
func (s *state) LastNumber() uint64 { return s.meta().Numbers }

// DeliveriesAfter returns the deliveries with higher numbers.
func (s *state) DeliveriesAfter(number uint64) []*Delivery {
	at := len(s.order)
	for at > 0 && s.order[at-1].Number > number {
		at--
	}
	return s.order[at:]
}
