package hub

import "slices"

// AddWebhook registers a webhook, without a call of the API. Its user is that of any
// token where left empty, its domains are all; its id and time of creation are given.
// What comes back is without secrets, as Webhooks gives it.
func (h *Hub) AddWebhook(w Webhook) (Webhook, error) {
	if w.User == "" {
		w.User = h.options.User
	}
	if len(w.Domains) == 0 {
		w.Domains = slices.Clone(allDomains)
	}
	w.Watched = append([]Watched{}, w.Watched...)
	if err := w.check(h.options.Strict); err != nil {
		return Webhook{}, err
	}
	var added Webhook
	err := h.change(func(tx *tx) error {
		created, err := tx.addWebhook(w)
		if err == nil {
			added = created.public()
		}
		return err
	})
	return added, err
}

// register adds those webhooks whose URL none has.
func (h *Hub) register(list []Webhook) error {
	known := map[string]bool{}
	h.view(func(s *state) {
		for _, w := range s.webhooks.rows {
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

// Webhooks are those that are registered, whosever they are, the oldest first, without
// their secrets: what may be one in a URL is masked.
func (h *Hub) Webhooks() []Webhook {
	var list []Webhook
	h.view(func(s *state) {
		for _, id := range s.webhooks.keys() {
			list = append(list, s.webhooks.rows[id].public())
		}
	})
	return list
}

// public is a copy without secrets.
func (w *Webhook) public() Webhook {
	shown := *w
	shown.Secret = ""
	if w.URL != "" {
		shown.URL = shownURL(w)
	}
	shown.Watched, shown.Domains = slices.Clone(w.Watched), slices.Clone(w.Domains)
	return shown
}

// WebhookName is what a log calls the webhook of an id, on one line: its URL without the
// scheme and its secrets, or its Job; the id where it is deleted. Where alone is true,
// there is no other, so it goes without saying.
func (h *Hub) WebhookName(id string) (name string, alone bool) {
	h.view(func(s *state) {
		name = s.webhookName(id)
		alone = len(s.webhooks.rows) == 1 && s.webhooks.rows[id] != nil
	})
	return name, alone
}
