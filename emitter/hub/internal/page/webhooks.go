package page

import (
	"cmp"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

type webhookRow struct {
	ID, Path string
	Name     string // its URL, without what is secret, or its Job
	User     string // if it is not that of the Hub's options
	Watched  []string
	More     int // watched that are not listed
	Domains  []string
	Used     int // triggers of the last 24 hours
	Quota    int
	Nearly   int // from where on it is nearly used up
	Frees    moment
	State    string // enabled, disabled, suspended
	Last     moment
	Failures int // in a row
}

const watchedShown = 4

func (v *visit) webhookRow(s *domain.State, w *activity.Webhook, now time.Time) webhookRow {
	stats := s.WebhookStats(w.ID)
	row := webhookRow{
		ID: w.ID, Path: "/_mock/webhooks/" + url.PathEscape(w.ID), Name: brief(nameOf(w, w.ID), 200), Domains: w.Domains,
		Used: stats.Triggers(now), Quota: v.Quota, Nearly: v.Quota * 4 / 5,
		State: webhookState(w.Disabled), Last: momentAt(stats.Last, now), Failures: stats.Failures,
	}
	if w.User != v.User {
		row.User = brief(w.User, 60)
	}
	if row.Used >= row.Quota {
		row.Frees = momentAt(stats.Frees(now), now)
	}
	watched, more := firstOf(w.Watched, watchedShown)
	row.More = more
	for _, on := range watched {
		row.Watched = append(row.Watched, on.Type+" "+brief(on.Name, 100))
	}
	return row
}

func webhookState(d activity.Disabled) string {
	switch d {
	case activity.Enabled:
		return "enabled"
	case activity.Suspended:
		return "suspended"
	}
	return "disabled"
}

type webhooksView struct{ Webhooks []webhookRow }

func showWebhooks(v *visit) error {
	var list webhooksView
	now := v.DB.Now()
	v.DB.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			list.Webhooks = append(list.Webhooks, v.webhookRow(s, w, now))
		}
	})
	return v.show("webhooks", view{Title: "Webhooks", Nav: "webhooks", Body: list})
}

type webhookView struct {
	Row        webhookRow
	Form       webhookForm
	Deliveries deliveryList
	Older      bool
}

func showNewWebhook(v *visit) error { return v.showForm(200, newForm()) }

func showWebhook(v *visit) error {
	w, err := v.webhook()
	if err != nil {
		return err
	}
	return v.showForm(200, formOf(w))
}

// webhook returns the one that the path names, of any user.
func (v *visit) webhook() (w *activity.Webhook, err error) {
	return w, v.look(func(s *domain.State) error {
		if w = s.Webhook(v.params["id"]); w == nil {
			return problem.NotFound("", "there is no webhook %s", brief(v.params["id"], 60))
		}
		return nil
	})
}

func (v *visit) showForm(status int, f webhookForm) error {
	body, page, now := webhookView{Form: f}, view{Title: "New webhook", Nav: "new"}, v.DB.Now()
	v.DB.View(func(s *domain.State) {
		w := s.Webhook(f.ID)
		if w == nil {
			return
		}
		page = view{Title: "Webhook " + brief(nameOf(w, w.ID), 60), Nav: "webhooks"}
		body.Row = v.webhookRow(s, w, now)
		var list []*activity.Delivery
		list, body.Older, _ = pageOf(s, activity.Query{RegistrationID: w.ID}, ownDeliveries)
		for _, d := range list {
			body.Deliveries.Rows = append(body.Deliveries.Rows, activityRowOf(s, d, now))
		}
	})
	page.Body = body
	return v.showAs(status, "webhook", page)
}

func createByForm(v *visit) error {
	f := v.webhookForm(newForm())
	w := activity.Webhook{User: v.Origin(v.request).User, Watched: []activity.Watched{}}
	err := f.applyTo(&w, v.Strict)
	if err == nil {
		err = v.update(func(tx *domain.Tx) error { return tx.AddWebhook(&w) })
	}
	if err != nil {
		return v.showInvalid(f, err)
	}
	return v.seeOther("/_mock/webhooks/"+w.ID, "created")
}

func updateByForm(v *visit) error {
	old, err := v.webhook()
	if err != nil {
		return err
	}
	f := v.webhookForm(formOf(old))
	err = v.updateWebhook(func(tx *domain.Tx, old *activity.Webhook) error {
		w := *old
		if err := f.applyTo(&w, v.Strict); err != nil {
			return err
		}
		tx.SaveWebhook(&w)
		return nil
	})
	if err != nil {
		return v.showInvalid(f, err)
	}
	return v.seeOther("/_mock/webhooks/"+old.ID, "saved")
}

func (v *visit) updateWebhook(do func(*domain.Tx, *activity.Webhook) error) error {
	return v.update(func(tx *domain.Tx) error {
		w := tx.Webhook(v.params["id"])
		if w == nil {
			return problem.NotFound("", "the webhook is deleted")
		}
		return do(tx, w)
	})
}

func (v *visit) showInvalid(f webhookForm, err error) error {
	p := router.ProblemOf(err)
	if p.Status >= 500 {
		return err
	}
	f.Wrong = map[string]string{cmp.Or(p.Field, "form"): p.Text}
	return v.showForm(p.Status, f.masked())
}

func switchByForm(to activity.Disabled, note string) func(*visit) error {
	return func(v *visit) error {
		do := func(tx *domain.Tx, w *activity.Webhook) { tx.SwitchWebhook(w, to) }
		return v.changeWebhook(do, "/_mock/webhooks/"+url.PathEscape(v.params["id"]), note)
	}
}

// changeWebhook makes a change that cannot fail, and redirects to a page with a note.
func (v *visit) changeWebhook(do func(*domain.Tx, *activity.Webhook), page, note string) error {
	err := v.updateWebhook(func(tx *domain.Tx, w *activity.Webhook) error {
		do(tx, w)
		return nil
	})
	if err != nil {
		return err
	}
	return v.seeOther(page, note)
}

type deleteView struct {
	Row     webhookRow
	Pending int // deliveries that are not attempted any more
}

func confirmDelete(v *visit) error {
	w, err := v.webhook()
	if err != nil {
		return err
	}
	var ask deleteView
	v.DB.View(func(s *domain.State) {
		ask.Row = v.webhookRow(s, w, v.DB.Now())
		for _, d := range s.Deliveries() {
			if d.RegistrationID == w.ID && !d.Done() {
				ask.Pending++
			}
		}
	})
	return v.show("delete", view{Title: "Delete a webhook", Nav: "webhooks", Body: ask})
}

func deleteByForm(v *visit) error {
	return v.changeWebhook((*domain.Tx).DeleteWebhook, "/_mock/webhooks", "deleted")
}
