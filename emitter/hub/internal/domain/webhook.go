package domain

import (
	"net/url"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

func watches(w *activity.Webhook, repoType, name string) bool {
	owner, _, _ := strings.Cut(name, "/")
	return slices.ContainsFunc(w.Watched, func(on activity.Watched) bool {
		if on.Type == "user" || on.Type == "org" {
			return strings.EqualFold(on.Name, owner)
		}
		return on.Type == repoType && strings.EqualFold(on.Name, name)
	})
}

// Subscribes reports whether a webhook gets events of a scope.
func Subscribes(w *activity.Webhook, scope string) bool {
	domain, _, _ := strings.Cut(scope, ".")
	return len(w.Domains) == 0 || slices.Contains(w.Domains, domain)
}

// following returns a webhook that watches a repo under its new name; nil if it did
// not watch it under the old one.
func following(w *activity.Webhook, r *Repo, was string) *activity.Webhook {
	names := func(on activity.Watched, name string) bool {
		return on.Type == r.Type && strings.EqualFold(on.Name, name)
	}
	if !slices.ContainsFunc(w.Watched, func(on activity.Watched) bool { return names(on, was) }) {
		return nil
	}
	next := *w
	next.Watched = []activity.Watched{{Type: r.Type, Name: r.Name}}
	for _, on := range w.Watched {
		if !names(on, was) && !names(on, r.Name) {
			next.Watched = append(next.Watched, on)
		}
	}
	return &next
}

// WebhookChange creates or updates a webhook. What is left out is nil.
type WebhookChange struct {
	URL     *string             `json:"url"`
	JobID   *string             `json:"jobSourceId"`
	Secret  *string             `json:"secret"`
	Watched *[]activity.Watched `json:"watched"`
	Domains *[]string           `json:"domains"`
}

// Apply changes a webhook, and checks it.
func (b *WebhookChange) Apply(w *activity.Webhook, strict bool) error {
	hasURL, hasJob := b.URL != nil && *b.URL != "", b.JobID != nil && *b.JobID != ""
	switch {
	case hasURL && hasJob:
		return problem.InvalidField("url", "a webhook has a url or a jobSourceId, not both")
	case hasURL:
		w.URL, w.JobID = *b.URL, ""
	case hasJob:
		w.JobID, w.URL = *b.JobID, ""
	}
	if b.Secret != nil {
		w.Secret = *b.Secret
	}
	if b.Watched != nil {
		w.Watched = slices.Clone(*b.Watched)
	}
	if b.Domains != nil && len(*b.Domains) > 0 {
		w.Domains = slices.Clone(*b.Domains)
	}
	return CheckWebhook(w, strict)
}

// WatchedTypes returns the types that can be watched (OpenAPI).
func WatchedTypes() []string {
	return []string{"dataset", "model", "space", "user", "org", "bucket", "kernel"}
}

// AllDomains returns the domains of events.
func AllDomains() []string { return []string{"repo", "discussion"} }

// Bounds of a webhook.
const (
	MaxURL     = 2048
	maxWatched = 1000
)

// CheckWebhook returns an error for an invalid webhook, and writes domains as the Hub does.
func CheckWebhook(w *activity.Webhook, strict bool) error {
	if w.URL == "" && w.JobID == "" {
		return problem.InvalidField("url", "url or jobSourceId is missing")
	}
	if w.URL != "" {
		u, err := url.Parse(w.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(w.URL) > MaxURL {
			return problem.InvalidField("url", "url is none that a webhook can have: http://… or https://…")
		}
	}
	if delivery.CheckSecret(w.Secret) != nil {
		return problem.InvalidField("secret", `secret does not match ^[\x20-\x7F]*$`)
	}
	if len(w.Watched) > maxWatched || len(w.JobID) > MaxURL {
		return problem.Invalid("that is too long")
	}
	for _, on := range w.Watched {
		if !slices.Contains(WatchedTypes(), on.Type) {
			return problem.InvalidField("watched", "watched has the type %q: it can be one of %s", on.Type,
				strings.Join(WatchedTypes(), ", "))
		}
		if on.Name == "" || len(on.Name) > MaxURL {
			return problem.InvalidField("watched", "watched has no name beside the type %s", on.Type)
		}
	}
	return checkDomains(w, strict)
}

func checkDomains(w *activity.Webhook, strict bool) error {
	var domains []string
	for _, d := range w.Domains {
		if d == "discussions" && !strict { // as the official command line says
			d = "discussion"
		}
		if !slices.Contains(AllDomains(), d) {
			return problem.InvalidField("domains", "domains has %q: it can be repo and discussion", d)
		}
		if !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	w.Domains = domains
	return nil
}

// MaxWebhooks limits the webhooks, because each has a queue and a quota.
const MaxWebhooks = 1000

// AddWebhook gives a webhook an id, and registers a copy of it.
func (tx *Tx) AddWebhook(w *activity.Webhook) error {
	if tx.WebhookCount() >= MaxWebhooks {
		return problem.Conflict("there are %d webhooks already", MaxWebhooks)
	}
	w.ID, w.Created = tx.NewID(), tx.Now
	added := *w
	tx.SaveWebhook(&added)
	return nil
}

func (tx *Tx) SaveWebhook(w *activity.Webhook) { put(tx, tx.webhooks, w.ID, w) }

// SwitchWebhook enables or disables a webhook. Its failures are forgotten; what is
// pending is not attempted if it is disabled.
func (tx *Tx) SwitchWebhook(old *activity.Webhook, to activity.Disabled) *activity.Webhook {
	w := *old
	w.Disabled = to
	put(tx, tx.webhooks, w.ID, &w)
	s := *tx.WebhookStats(w.ID)
	s.Failures = 0
	put(tx, tx.stats, w.ID, &s)
	if to != activity.Enabled {
		tx.suppressAll(w.ID, Undeliverable(&w))
	}
	return &w
}

// DeleteWebhook deletes a webhook. Its deliveries are kept.
func (tx *Tx) DeleteWebhook(w *activity.Webhook) {
	put(tx, tx.webhooks, w.ID, nil)
	put(tx, tx.stats, w.ID, nil)
	tx.suppressAll(w.ID, activity.WebhookDeleted)
}
