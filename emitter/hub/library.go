package hub

import (
	"slices"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/emitter/hub/internal/page"
)

// AddWebhook registers a webhook without a call of the API, and returns it without secrets,
// with its id and time of creation. An empty User is Options.User; no Domains are all of them.
func (h *Hub) AddWebhook(w Webhook) (Webhook, error) {
	if w.User == "" {
		w.User = h.options.User
	}
	if len(w.Domains) == 0 {
		w.Domains = slices.Clone(domain.AllDomains)
	}
	w.Watched = append([]Watched{}, w.Watched...)
	if err := domain.CheckWebhook(&w, h.options.Strict); err != nil {
		return Webhook{}, err
	}
	var added Webhook
	err := h.db.Update(func(tx *domain.Tx) error {
		created, err := tx.AddWebhook(w)
		if err == nil {
			added = publicWebhook(created)
		}
		return err
	})
	return added, err
}

// register adds those webhooks whose URL none has.
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
// URL without the scheme, its Job, or the id if it is deleted. Alone reports whether there is no
// other webhook.
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
// functions, where there are such.
func (h *Hub) Effects() map[string]int { return h.calls.Effects() }

// Types of package activity, by the names that most programs need.
type (
	Webhook  = activity.Webhook
	Watched  = activity.Watched
	Trigger  = activity.Trigger
	Query    = activity.Query
	Delivery = activity.Delivery
	Attempt  = activity.Attempt
	Call     = activity.Call
)
