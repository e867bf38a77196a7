package api

import (
	"net/http"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

func webhookRoutes() []route {
	const all, one = "/api/settings/webhooks", "/api/settings/webhooks/{id}"
	return []route{
		{name: "list_webhooks", method: "GET", path: all, serve: listWebhooks},
		{name: "get_webhook", method: "GET", path: one, serve: getWebhook},
		{name: "create_webhook", method: "POST", path: all, serve: withBody(createWebhook)},
		{name: "update_webhook", method: "POST", path: one, serve: withBody(updateWebhook)},
		{name: "enable_webhook", method: "POST", path: one + "/enable", serve: switchWebhook(activity.Enabled)},
		{name: "disable_webhook", method: "POST", path: one + "/disable", serve: switchWebhook(activity.DisabledByUser)},
		{name: "delete_webhook", method: "DELETE", path: one, serve: deleteWebhook},
		{name: "replay", method: "POST", path: one + "/replay/{log}", serve: replayDelivery},
	}
}

// webhookResponse is a webhook as the settings show it (OpenAPI; WebhookInfo of the official client).
type webhookResponse struct {
	ID            string             `json:"id"`
	Watched       []activity.Watched `json:"watched"`
	Domains       []string           `json:"domains"`
	Disabled      activity.Disabled  `json:"disabled"`
	URL           string             `json:"url,omitempty"`
	Job           *jobSpec           `json:"job,omitempty"`
	Secret        string             `json:"secret,omitempty"`
	LastTriggerAt string             `json:"lastTriggerAt,omitempty"`
}

// jobSpec is the Job that a webhook runs. Of another's Job only its id is known here.
type jobSpec struct {
	ID string `json:"jobSourceId"`
}

func webhookResponseOf(s *domain.State, w *activity.Webhook) webhookResponse {
	a := webhookResponse{
		ID: w.ID, Watched: w.Watched, Domains: w.Domains, Disabled: w.Disabled, URL: w.URL, Secret: w.Secret,
		LastTriggerAt: domain.FormatTime(s.WebhookStats(w.ID).Last),
	}
	if w.JobID != "" {
		a.Job = &jobSpec{w.JobID}
	}
	return a
}

func listWebhooks(c *call) (any, error) {
	responses := []webhookResponse{}
	c.DB.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			if w.User == c.User {
				responses = append(responses, webhookResponseOf(s, w))
			}
		}
	})
	return responses, nil
}

// webhook returns the one that the path names, if it is the user's.
func (c *call) webhook(s *domain.State) (*activity.Webhook, error) {
	if w := s.Webhook(c.Params["id"]); w != nil && w.User == c.User {
		return w, nil
	}
	return nil, problem.NotFound("", "there is no webhook %s", c.Params["id"])
}

func getWebhook(c *call) (any, error) { return viewFound(c, c.webhook, webhookFound) }

func (c *call) updateWebhook(do func(*domain.Tx, *activity.Webhook) (any, error)) (any, error) {
	return router.UpdateFound(c.Call, c.webhook, do)
}

func webhookFound(s *domain.State, w *activity.Webhook) any {
	return map[string]webhookResponse{"webhook": webhookResponseOf(s, w)}
}

func createWebhook(c *call, body *domain.WebhookChange) (any, error) {
	w := activity.Webhook{User: c.User, Watched: []activity.Watched{}, Domains: domain.AllDomains()}
	if err := body.Apply(&w, c.strict); err != nil {
		return nil, err
	}
	if body.Watched == nil {
		return nil, problem.Invalid("watched is missing: a list of {type, name}")
	}
	return c.Update(func(tx *domain.Tx) (any, error) {
		if err := tx.AddWebhook(&w); err != nil {
			return nil, err
		}
		return webhookFound(tx.State, &w), nil
	})
}

func updateWebhook(c *call, body *domain.WebhookChange) (any, error) {
	return c.updateWebhook(func(tx *domain.Tx, old *activity.Webhook) (any, error) {
		w := *old
		if body.Watched != nil && len(*body.Watched) == 0 {
			if c.strict {
				return nil, problem.Invalid("watched is empty: a webhook watches something")
			}
			body.Watched = nil // as the official client says that it stays as it is
		}
		if err := body.Apply(&w, c.strict); err != nil {
			return nil, err
		}
		tx.SaveWebhook(&w)
		return webhookFound(tx.State, &w), nil
	})
}

func switchWebhook(to activity.Disabled) func(*call) (any, error) {
	return func(c *call) (any, error) {
		return c.updateWebhook(func(tx *domain.Tx, w *activity.Webhook) (any, error) {
			return webhookFound(tx.State, tx.SwitchWebhook(w, to)), nil
		})
	}
}

func deleteWebhook(c *call) (any, error) {
	return c.updateWebhook(func(tx *domain.Tx, w *activity.Webhook) (any, error) {
		tx.DeleteWebhook(w)
		return done, nil
	})
}

func replayDelivery(c *call) (any, error) {
	if _, err := getWebhook(c); err != nil {
		return nil, err
	}
	made, err := c.replay(c.Request.Context(), c.Params["id"], c.Params["log"])
	switch {
	case err != nil:
		return nil, err
	case made.Status == 0:
		return nil, &problem.Error{Status: http.StatusBadGateway, Text: "the handler gave no complete answer: " + made.Error}
	}
	return map[string]int{"status": made.Status}, nil
}
