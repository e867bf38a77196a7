package page

import (
	"cmp"
	"net/url"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

type triggerView struct {
	Shapes   []choice
	Types    []string
	Webhooks []choice
	Form     activity.Trigger
	Wrong    string
}

func triggerOf(field func(name string) string) activity.Trigger {
	return activity.Trigger{Shape: field("shape"), Type: field("type"), Repo: field("repo"), Webhook: field("webhook")}
}

func showTrigger(v *visit) error {
	t := triggerOf(v.asked)
	t.Shape = cmp.Or(t.Shape, "discussion.comment.create")
	v.DB.View(func(s *domain.State) { guess(s, &t) })
	return v.showTrigger(200, t, "")
}

// guess fills in a repo that is watched, so that the form works unchanged.
func guess(s *domain.State, t *activity.Trigger) {
	if t.Repo != "" {
		return
	}
	for _, w := range s.Webhooks() {
		if t.Webhook != "" && w.ID != t.Webhook {
			continue
		}
		for _, on := range w.Watched {
			switch on.Type {
			case "user", "org":
				t.Type, t.Repo = "model", on.Name+"/demo"
			case "kernel":
				continue
			default:
				t.Type, t.Repo = on.Type, on.Name
			}
			return
		}
	}
}

func (v *visit) showTrigger(status int, t activity.Trigger, wrong string) error {
	form := triggerView{Form: t, Wrong: wrong, Types: domain.RepoTypes()}
	for _, shape := range v.Inspector.Schemas.Shapes() {
		form.Shapes = append(form.Shapes, choice{shape.Name, shape.Name + " – " + v.Inspector.Schemas.Title(shape)})
	}
	v.DB.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			form.Webhooks = append(form.Webhooks, choice{w.ID, brief(nameOf(w, w.ID), 80)})
		}
	})
	return v.showAs(status, "trigger", view{Title: "Trigger an event", Nav: "trigger", Body: form})
}

func triggerByForm(v *visit) error {
	t := triggerOf(v.field)
	made, err := v.Scenario.Trigger(v.Origin(v.request), t)
	if err != nil {
		p := router.ProblemOf(err)
		if p.Status >= 500 {
			return err
		}
		return v.showTrigger(p.Status, t, p.Text)
	}
	switch len(made) {
	case 0:
		again := url.Values{"shape": {t.Shape}, "type": {t.Type}, "repo": {t.Repo}}
		return v.seeOther("/_mock/trigger?"+again.Encode(), "nobody")
	case 1:
		return v.seeOther("/_mock/deliveries/"+url.PathEscape(made[0].ID), "fired")
	}
	return v.seeOther("/", "fired")
}
