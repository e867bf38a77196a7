package hub

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// webhookRoutes are the settings of webhooks.
func webhookRoutes() []route {
	const all, one = "/api/settings/webhooks", "/api/settings/webhooks/{id}"
	return []route{
		{name: "list_webhooks", method: "GET", path: all, serve: listWebhooks},
		{name: "get_webhook", method: "GET", path: one, serve: getWebhook},
		{name: "create_webhook", method: "POST", path: all, serve: createWebhook},
		{name: "update_webhook", method: "POST", path: one, serve: updateWebhook},
		{name: "enable_webhook", method: "POST", path: one + "/enable", serve: switchWebhook(Enabled)},
		{name: "disable_webhook", method: "POST", path: one + "/disable", serve: switchWebhook(ByHand)},
		{name: "delete_webhook", method: "DELETE", path: one, serve: deleteWebhook},
		{name: "replay", method: "POST", path: one + "/replay/{log}", serve: replayDelivery},
	}
}

// webhookAnswer is a webhook as the settings show it (OpenAPI; WebhookInfo of the
// official client).
type webhookAnswer struct {
	ID            string    `json:"id"`
	Watched       []Watched `json:"watched"`
	Domains       []string  `json:"domains"`
	Disabled      Disabled  `json:"disabled"`
	URL           string    `json:"url,omitempty"`
	Job           *jobSpec  `json:"job,omitempty"`
	Secret        string    `json:"secret,omitempty"`
	LastTriggerAt string    `json:"lastTriggerAt,omitempty"`
}

// jobSpec is the Job that a webhook runs. Of another's Job only its id is known here.
type jobSpec struct {
	ID string `json:"jobSourceId"`
}

func (s *state) webhookAnswer(w *Webhook) webhookAnswer {
	a := webhookAnswer{
		ID: w.ID, Watched: w.Watched, Domains: w.Domains, Disabled: w.Disabled, URL: w.URL, Secret: w.Secret,
		LastTriggerAt: timeText(s.standing(w.ID).Last),
	}
	if w.JobID != "" {
		a.Job = &jobSpec{w.JobID}
	}
	return a
}

// timeText writes a moment as the Hub does; nothing where it is zero.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func listWebhooks(c *call) (any, error) {
	answers := []webhookAnswer{}
	err := c.view(func(s *state) error {
		for _, id := range s.webhooks.keys() {
			if w := s.webhooks.rows[id]; w.User == c.user {
				answers = append(answers, s.webhookAnswer(w))
			}
		}
		return nil
	})
	return answers, err
}

// webhook is the one that the path names, if it is the user's.
func (c *call) webhook(s *state) (*Webhook, error) {
	if w := s.webhooks.rows[c.params["id"]]; w != nil && w.User == c.user {
		return w, nil
	}
	return nil, notFound("", "there is no webhook %s", c.params["id"])
}

func getWebhook(c *call) (answer any, err error) {
	err = c.view(func(s *state) error {
		w, err := c.webhook(s)
		if err == nil {
			answer = webhookFound(s, w)
		}
		return err
	})
	return answer, err
}

func webhookFound(s *state, w *Webhook) any {
	return map[string]webhookAnswer{"webhook": s.webhookAnswer(w)}
}

// webhookBody is what creates or updates a webhook. What is left out is nil.
type webhookBody struct {
	URL     *string    `json:"url"`
	JobID   *string    `json:"jobSourceId"`
	Secret  *string    `json:"secret"`
	Watched *[]Watched `json:"watched"`
	Domains *[]string  `json:"domains"`
}

func createWebhook(c *call) (answer any, err error) {
	var body webhookBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	w := Webhook{User: c.user, Watched: []Watched{}, Domains: slices.Clone(allDomains)}
	if err := body.applyTo(&w, c.hub.options.Strict); err != nil {
		return nil, err
	}
	if body.Watched == nil {
		return nil, invalid("watched is missing: a list of {type, name}")
	}
	err = c.change(func(tx *tx) error {
		created, err := tx.addWebhook(w)
		answer = webhookFound(tx.state, created)
		return err
	})
	return answer, err
}

// mostWebhooks bounds how many there can be, for each has a lane and a quota.
const mostWebhooks = 1000

func (tx *tx) addWebhook(w Webhook) (*Webhook, error) {
	if len(tx.webhooks.rows) >= mostWebhooks {
		return nil, conflict("there are %d webhooks already", mostWebhooks)
	}
	w.ID, w.Created = tx.newID(), tx.now
	put(tx, tx.webhooks, w.ID, &w)
	return &w, nil
}

func updateWebhook(c *call) (answer any, err error) {
	var body webhookBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	err = c.change(func(tx *tx) error {
		old, err := c.webhook(tx.state)
		if err != nil {
			return err
		}
		w := *old
		if body.Watched != nil && len(*body.Watched) == 0 {
			if c.hub.options.Strict {
				return invalid("watched is empty: a webhook watches something")
			}
			body.Watched = nil // as the official client says that it stays as it is
		}
		if err := body.applyTo(&w, c.hub.options.Strict); err != nil {
			return err
		}
		put(tx, tx.webhooks, w.ID, &w)
		answer = webhookFound(tx.state, &w)
		return nil
	})
	return answer, err
}

// applyTo has a webhook be as it is asked for.
func (b *webhookBody) applyTo(w *Webhook, strict bool) error {
	if b.URL != nil && *b.URL != "" {
		w.URL, w.JobID = *b.URL, ""
	}
	if b.JobID != nil && *b.JobID != "" {
		if b.URL != nil && *b.URL != "" {
			return invalid("a webhook has a url or a jobSourceId, not both")
		}
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
	return w.check(strict)
}

// Types that can be watched (OpenAPI), and domains.
var (
	watchedTypes = []string{"dataset", "model", "space", "user", "org", "bucket", "kernel"}
	allDomains   = []string{"repo", "discussion"}
)

// Bounds of what a webhook says of itself.
const (
	longestURL  = 2048
	mostWatched = 1000
)

// check finds what a webhook cannot be, and writes domains as the Hub does.
func (w *Webhook) check(strict bool) error {
	if w.URL == "" && w.JobID == "" {
		return invalid("url or jobSourceId is missing")
	}
	if w.URL != "" {
		u, err := url.Parse(w.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(w.URL) > longestURL {
			return invalid("url is none that a webhook can have: http://… or https://…")
		}
	}
	if delivery.CheckSecret(w.Secret) != nil {
		return invalid(`secret does not match ^[\x20-\x7F]*$`)
	}
	if len(w.Watched) > mostWatched || len(w.JobID) > longestURL {
		return invalid("that is too long")
	}
	for _, on := range w.Watched {
		if !slices.Contains(watchedTypes, on.Type) {
			return invalid("watched has the type %q: it can be one of %s", on.Type, strings.Join(watchedTypes, ", "))
		}
		if on.Name == "" || len(on.Name) > longestURL {
			return invalid("watched has no name beside the type %s", on.Type)
		}
	}
	return w.checkDomains(strict)
}

func (w *Webhook) checkDomains(strict bool) error {
	var domains []string
	for _, d := range w.Domains {
		if d == "discussions" && !strict { // as the official command line says
			d = "discussion"
		}
		if !slices.Contains(allDomains, d) {
			return invalid("domains has %q: it can be repo and discussion", d)
		}
		if !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	w.Domains = domains
	return nil
}

func switchWebhook(to Disabled) func(*call) (any, error) {
	return func(c *call) (answer any, err error) {
		err = c.change(func(tx *tx) error {
			w, err := c.webhook(tx.state)
			if err == nil {
				answer = webhookFound(tx.state, tx.switchWebhook(w, to))
			}
			return err
		})
		return answer, err
	}
}

// switchWebhook enables or disables a webhook. Its failures are forgotten; what is
// pending is not attempted where it is disabled.
func (tx *tx) switchWebhook(old *Webhook, to Disabled) *Webhook {
	w := *old
	w.Disabled = to
	put(tx, tx.webhooks, w.ID, &w)
	s := *tx.standing(w.ID)
	s.Failures = 0
	put(tx, tx.standings, w.ID, &s)
	if to != Enabled {
		tx.withholdAll(w.ID, undeliverable(&w))
	}
	return &w
}

func deleteWebhook(c *call) (any, error) {
	return map[string]bool{"success": true}, c.change(func(tx *tx) error {
		w, err := c.webhook(tx.state)
		if err == nil {
			tx.deleteWebhook(w)
		}
		return err
	})
}

// deleteWebhook forgets a webhook. Its deliveries stay to be looked at.
func (tx *tx) deleteWebhook(w *Webhook) {
	put(tx, tx.webhooks, w.ID, nil)
	put(tx, tx.standings, w.ID, nil)
	tx.withholdAll(w.ID, WebhookDeleted)
}

func replayDelivery(c *call) (any, error) {
	if err := c.view(func(s *state) error {
		_, err := c.webhook(s)
		return err
	}); err != nil {
		return nil, err
	}
	made, err := c.hub.Replay(c.request.Context(), c.params["id"], c.params["log"])
	switch {
	case err != nil:
		return nil, err
	case made.Status == 0:
		return nil, noAnswer(made)
	}
	return map[string]int{"status": made.Status}, nil
}
