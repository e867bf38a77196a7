package hub

import (
	"context"
	"net/http"
)

// mostAttempts bounds how often a delivery is attempted by hand, for each attempt is
// kept.
const mostAttempts = 1000

// Replay attempts an old delivery once more, to the webhook's current URL and secret,
// with the same Webhook-Id (hub docs). It returns when the answer is there. Where the
// context ends before, the attempt is not counted, and the error is the context's.
func (h *Hub) Replay(ctx context.Context, webhookID, deliveryID string) (Attempt, error) {
	var e *errand
	h.view(func(s *state) {
		if number, known := s.byID[deliveryID]; known {
			d := s.delivery(number)
			body := s.payloads.rows[padded(number)]
			if d.Webhook == webhookID && body != nil {
				e = &errand{delivery: d, webhook: s.webhooks.rows[d.Webhook], body: body.Body}
			}
		}
	})
	switch {
	case e == nil:
		return Attempt{}, notFound("", "this webhook has no delivery %s", deliveryID)
	case e.webhook == nil:
		return Attempt{}, notFound("", "the webhook of this delivery is deleted")
	case len(e.delivery.Attempts) >= mostAttempts:
		return Attempt{}, conflict("this delivery was attempted %d times: trigger another one", mostAttempts)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.ctx, cancel)()
	made, job := h.once(ctx, e, e.webhook.Secret)
	made.Replay = true
	if ctx.Err() != nil && !made.Accepted {
		return made, h.givenUp(ctx) // which says nothing about the handler
	}
	err := h.change(func(tx *tx) error {
		tx.attempted(e.delivery.Number, []Attempt{made}, job)
		return nil
	})
	return made, err
}

// givenUp says why something was not waited for.
func (h *Hub) givenUp(ctx context.Context) error {
	if h.ctx.Err() != nil {
		return errClosed
	}
	return ctx.Err()
}

// noAnswer says that a replay had no answer whose status could be told.
func noAnswer(a Attempt) error {
	return &problem{status: http.StatusBadGateway, text: "the handler gave no complete answer: " + a.Error}
}
