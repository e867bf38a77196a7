package domain

import (
	"iter"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// Latest returns the deliveries that a query is for, the latest first.
func (s *State) Latest(q activity.Query) iter.Seq[*activity.Delivery] {
	return func(yield func(*activity.Delivery) bool) {
		for _, d := range slices.Backward(s.DeliveriesAfter(q.After)) {
			if s.Matches(&q, d) && !yield(d) {
				return
			}
		}
	}
}

// Matches reports whether a delivery is one that a query is for.
func (s *State) Matches(q *activity.Query, d *activity.Delivery) bool {
	switch {
	case d.Number <= q.After, q.Before > 0 && d.Number >= q.Before,
		q.Webhook != "" && d.Webhook != q.Webhook, q.WebhookID != "" && d.WebhookID != q.WebhookID,
		q.State != "" && d.State != q.State, q.Repo != "" && !strings.EqualFold(d.RepoName, q.Repo),
		q.Event != "" && d.Shape != q.Event && d.Scope != q.Event && !strings.HasPrefix(d.Scope, q.Event+"."):
		return false
	}
	return q.Text == "" || s.holds(d, strings.ToLower(q.Text))
}

// holds reports whether a text in lower case is part of a delivery.
func (s *State) holds(d *activity.Delivery, text string) bool {
	in := func(where string) bool { return strings.Contains(strings.ToLower(where), text) }
	if in(d.Shape) || in(d.RepoName) || in(d.WebhookID) || in(d.ID) || in(d.Reason) {
		return true
	}
	if in(string(s.Payload(d.Number))) {
		return true
	}
	return slices.ContainsFunc(d.Attempts, func(a activity.Attempt) bool { return in(a.Body) || in(a.Error) })
}
