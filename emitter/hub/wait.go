package hub

import (
	"context"
	"slices"
	"strings"
)

// Idle waits until nothing is under way: every change is written, every attempt that
// is due is made. Retries that are due later are not waited for; see Advance.
func (h *Hub) Idle(ctx context.Context) error { return h.until(ctx, h.isIdle) }

// Query says which deliveries are meant. What is left zero does not matter.
type Query struct {
	Webhook   string // the registration's id
	WebhookID string // the header
	Event     string // a shape or a scope: "discussion.comment.create", "discussion"
	Repo      string // its name
	State     State  // how far they have come; any where empty
	Text      string // stands in the payload, or in an answer
	After     uint64 // a number: only later deliveries
	Before    uint64 // a number: only earlier ones, where above zero
	Limit     int    // of the latest; all where zero
}

// Deliveries are those that a query means, the latest first.
func (h *Hub) Deliveries(q Query) []Delivery {
	var list []Delivery
	h.view(func(s *state) {
		for i := len(s.order) - 1; i >= 0 && (q.Limit <= 0 || len(list) < q.Limit); i-- {
			if d := s.order[i]; d.Number <= q.After {
				break
			} else if s.means(&q, d) {
				list = append(list, *d)
			}
		}
	})
	return list
}

// WaitFor waits for a delivery that a query means, and gives the earliest.
func (h *Hub) WaitFor(ctx context.Context, q Query) (Delivery, error) {
	var found Delivery
	err := h.until(ctx, func() bool {
		known := false
		h.view(func(s *state) {
			at := slices.IndexFunc(s.order, func(d *Delivery) bool { return s.means(&q, d) })
			if known = at >= 0; known {
				found = *s.order[at]
			}
		})
		return known
	})
	return found, err
}

// Payload is the body of a delivery; nil where it is forgotten.
func (h *Hub) Payload(d Delivery) []byte {
	var body []byte
	h.view(func(s *state) {
		if p := s.payloads.rows[padded(d.Number)]; p != nil {
			body = p.Body
		}
	})
	return body
}

// means tells whether a query means a delivery.
func (s *state) means(q *Query, d *Delivery) bool {
	switch {
	case d.Number <= q.After, q.Before > 0 && d.Number >= q.Before,
		q.Webhook != "" && d.Webhook != q.Webhook, q.WebhookID != "" && d.WebhookID != q.WebhookID,
		q.State != "" && d.State != q.State, q.Repo != "" && !strings.EqualFold(d.RepoName, q.Repo),
		q.Event != "" && d.Shape != q.Event && d.Scope != q.Event && !strings.HasPrefix(d.Scope, q.Event+"."):
		return false
	}
	return q.Text == "" || s.holds(d, strings.ToLower(q.Text))
}

// holds tells whether a text, in lower case, stands in what there is of a delivery.
func (s *state) holds(d *Delivery, text string) bool {
	in := func(where string) bool { return strings.Contains(strings.ToLower(where), text) }
	if in(d.Shape) || in(d.RepoName) || in(d.WebhookID) || in(d.ID) || in(d.Reason) {
		return true
	}
	if p := s.payloads.rows[padded(d.Number)]; p != nil && in(string(p.Body)) {
		return true
	}
	return slices.ContainsFunc(d.Attempts, func(a Attempt) bool { return in(a.Body) || in(a.Error) })
}
