package hub

import (
	"cmp"
	"context"
	"slices"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/emitter/hub/internal/page"
)

// AddWebhook registers a webhook without a call of the API, and returns it without secrets,
// with its id and time of creation. An empty User is Options.User; no Domains are all of them.
func (h *Hub) AddWebhook(w Webhook) (Webhook, error) {
	w.User = cmp.Or(w.User, h.options.User)
	if len(w.Domains) == 0 {
		w.Domains = domain.AllDomains()
	}
	w.Watched = append([]Watched{}, w.Watched...)
	if err := domain.CheckWebhook(&w, h.options.Strict); err != nil {
		return Webhook{}, err
	}
	if err := h.db.Update(func(tx *domain.Tx) error { return tx.AddWebhook(&w) }); err != nil {
		return Webhook{}, err
	}
	return publicWebhook(&w), nil
}

// register adds the webhooks whose URLs are not registered yet.
func (h *Hub) register(list []Webhook) error {
	known := map[string]bool{}
	h.db.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			known[w.URL] = true
		}
	})
	for _, w := range list {
		if known[w.URL] {
			continue
		}
		if _, err := h.AddWebhook(w); err != nil {
			return err
		}
	}
	return nil
}

// Webhooks returns all webhooks of all users, the oldest first, without their secrets.
func (h *Hub) Webhooks() []Webhook {
	var list []Webhook
	h.db.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			list = append(list, publicWebhook(w))
		}
	})
	return list
}

// publicWebhook returns a copy without secrets.
func publicWebhook(w *Webhook) Webhook {
	shown := *w
	shown.Secret = ""
	if w.URL != "" {
		shown.URL = mask.URL(w)
	}
	shown.Watched, shown.Domains = slices.Clone(w.Watched), slices.Clone(w.Domains)
	return shown
}

// WebhookName returns a short name of a webhook for logs, on one line and without secrets: its
// URL without the scheme, its Job, or the id if it is deleted. Alone reports whether it is the
// only webhook.
func (h *Hub) WebhookName(id string) (name string, alone bool) {
	h.db.View(func(s *domain.State) {
		name = page.WebhookName(s, id)
		alone = s.WebhookCount() == 1 && s.Webhook(id) != nil
	})
	return name, alone
}

// Calls returns the latest calls of the API, the oldest first.
func (h *Hub) Calls() []Call {
	calls, _ := h.calls.List()
	return calls
}

// Effects returns how often each call of the API has changed something since the Hub was
// made or reset: what a bot has done. Calls have the names of the official Python client's
// functions, if there are any.
func (h *Hub) Effects() map[string]int { return h.calls.Effects() }

// Types of package activity that most programs need.
type (
	// Webhook is a registration.
	Webhook = activity.Webhook
	// Watched is a repo, or a user or an organization, that a webhook watches.
	Watched = activity.Watched
	// Trigger asks for an event.
	Trigger = activity.Trigger
	// Query selects deliveries.
	Query = activity.Query
	// Delivery is what one trigger sends to one webhook.
	Delivery = activity.Delivery
	// Attempt is one HTTP request of a delivery.
	Attempt = activity.Attempt
	// Call is a call of the API and its result.
	Call = activity.Call
)

// Idle waits until nothing is under way: every change is written, every attempt that
// is due is made. Retries that are due later are not waited for; see Advance.
func (h *Hub) Idle(ctx context.Context) error {
	return h.until(ctx, func() bool { return h.db.IsIdle(h.dispatcher.IsIdle) })
}

// Deliveries returns the deliveries that match a query, the latest first.
func (h *Hub) Deliveries(q Query) []Delivery {
	var list []Delivery
	h.db.View(func(s *domain.State) {
		for d := range s.Latest(q) {
			if list = append(list, *d); len(list) == q.Limit {
				return
			}
		}
	})
	return list
}

// WaitFor waits for a delivery that matches a query, and returns the earliest.
func (h *Hub) WaitFor(ctx context.Context, q Query) (Delivery, error) {
	var found Delivery
	err := h.until(ctx, func() bool {
		known := false
		h.db.View(func(s *domain.State) {
			at := slices.IndexFunc(s.Deliveries(), func(d *Delivery) bool { return s.Matches(&q, d) })
			if known = at >= 0; known {
				found = *s.Deliveries()[at]
			}
		})
		return known
	})
	return found, err
}

// Payload returns the body of a delivery; nil if it is no longer kept.
func (h *Hub) Payload(d Delivery) []byte { return h.db.Payload(d.Number) }

// until waits for something to hold. It ends early if the context or the Hub does.
func (h *Hub) until(ctx context.Context, holds func() bool) error {
	for {
		changed := h.db.Watchers.Wait()
		if holds() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return domain.ErrClosed
		case <-changed:
		}
	}
}
