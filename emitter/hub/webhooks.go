package hub

import (
	"net/http"
	"slices"
	"time"
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
		{name: "disable_webhook", method: "POST", path: one + "/disable", serve: switchWebhook(DisabledByUser)},
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

func webhookAnswerOf(s *state, w *Webhook) webhookAnswer {
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
	err := c.View(func(s *state) error {
		for _, w := range s.Webhooks() {
			if w.User == c.User {
				answers = append(answers, webhookAnswerOf(s, w))
			}
		}
		return nil
	})
	return answers, err
}

// webhook is the one that the path names, if it is the user's.
func (c *call) webhook(s *state) (*Webhook, error) {
	if w := s.Webhook(c.Params["id"]); w != nil && w.User == c.User {
		return w, nil
	}
	return nil, notFound("", "there is no webhook %s", c.Params["id"])
}

func getWebhook(c *call) (answer any, err error) {
	err = c.View(func(s *state) error {
		w, err := c.webhook(s)
		if err == nil {
			answer = webhookFound(s, w)
		}
		return err
	})
	return answer, err
}

func webhookFound(s *state, w *Webhook) any {
	return map[string]webhookAnswer{"webhook": webhookAnswerOf(s, w)}
}

func createWebhook(c *call) (answer any, err error) {
	var body WebhookChange
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	w := Webhook{User: c.User, Watched: []Watched{}, Domains: slices.Clone(AllDomains)}
	if err := body.Apply(&w, c.strict); err != nil {
		return nil, err
	}
	if body.Watched == nil {
		return nil, invalid("watched is missing: a list of {type, name}")
	}
	err = c.Update(func(tx *tx) error {
		created, err := tx.AddWebhook(w)
		answer = webhookFound(tx.state, created)
		return err
	})
	return answer, err
}

func updateWebhook(c *call) (answer any, err error) {
	var body WebhookChange
	if err := c.Read(&body); err != nil {
		return nil, err
	}
	err = c.Update(func(tx *tx) error {
		old, err := c.webhook(tx.state)
		if err != nil {
			return err
		}
		w := *old
		if body.Watched != nil && len(*body.Watched) == 0 {
			if c.strict {
				return invalid("watched is empty: a webhook watches something")
			}
			body.Watched = nil // as the official client says that it stays as it is
		}
		if err := body.Apply(&w, c.strict); err != nil {
			return err
		}
		tx.SaveWebhook(&w)
		answer = webhookFound(tx.state, &w)
		return nil
	})
	return answer, err
}

func switchWebhook(to Disabled) func(*call) (any, error) {
	return func(c *call) (answer any, err error) {
		err = c.Update(func(tx *tx) error {
			w, err := c.webhook(tx.state)
			if err == nil {
				answer = webhookFound(tx.state, tx.SwitchWebhook(w, to))
			}
			return err
		})
		return answer, err
	}
}

func deleteWebhook(c *call) (any, error) {
	return done, c.Update(func(tx *tx) error {
		w, err := c.webhook(tx.state)
		if err == nil {
			tx.DeleteWebhook(w)
		}
		return err
	})
}

func replayDelivery(c *call) (any, error) {
	if err := c.View(func(s *state) error {
		_, err := c.webhook(s)
		return err
	}); err != nil {
		return nil, err
	}
	made, err := c.replay(c.Request.Context(), c.Params["id"], c.Params["log"])
	switch {
	case err != nil:
		return nil, err
	case made.Status == 0:
		return nil, noAnswer(made)
	}
	return map[string]int{"status": made.Status}, nil
}

// noAnswer says that a replay had no answer whose status could be told.
func noAnswer(a Attempt) error {
	return &problem{status: http.StatusBadGateway, text: "the handler gave no complete answer: " + a.Error}
}
