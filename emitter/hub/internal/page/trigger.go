package page

import (
	"net/url"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

type triggerView struct {
	Shapes   []choice
	Types    []string
	Webhooks []choice
	Form     triggerForm
	Wrong    string
}

type triggerForm struct {
	Shape, Type, Repo string
	Webhook           string // empty: those that watch the repo
}

func showTrigger(v *visit) error {
	f := triggerForm{Shape: v.asked("shape"), Type: v.asked("type"), Repo: v.asked("repo"), Webhook: v.asked("webhook")}
	if f.Shape == "" {
		f.Shape = "discussion.comment.create"
	}
	v.DB.View(func(s *domain.State) { f.guess(s) })
	return v.showTrigger(200, f, "")
}

// guess fills in a repo that is watched, so that the form works as it stands.
func (f *triggerForm) guess(s *domain.State) {
	if f.Repo != "" {
		return
	}
	for _, w := range s.Webhooks() {
		if f.Webhook != "" && w.ID != f.Webhook {
			continue
		}
		for _, on := range w.Watched {
			switch on.Type {
			case "user", "org":
				f.Type, f.Repo = "model", on.Name+"/demo"
			case "kernel":
				continue
			default:
				f.Type, f.Repo = on.Type, on.Name
			}
			return
		}
	}
}

func (v *visit) showTrigger(status int, f triggerForm, wrong string) error {
	form := triggerView{Form: f, Wrong: wrong, Types: domain.RepoTypes}
	for _, shape := range v.Schemas.Shapes() {
		form.Shapes = append(form.Shapes, choice{shape.Name, shape.Name + " – " + v.Schemas.Title(shape)})
	}
	v.DB.View(func(s *domain.State) {
		for _, w := range s.Webhooks() {
			form.Webhooks = append(form.Webhooks, choice{w.ID, brief(nameOf(w, w.ID), 80)})
		}
	})
	return v.showAs(status, "trigger", view{Title: "Trigger an event", Nav: "trigger", Body: form})
}

func triggerByForm(v *visit) error {
	f := triggerForm{v.field("shape"), v.field("type"), v.field("repo"), v.field("webhook")}
	made, err := v.Scenario.Trigger(v.Origin(v.request), activity.Trigger{
		Shape: f.Shape, Type: f.Type, Repo: f.Repo, Webhook: f.Webhook,
	})
	if err != nil {
		p := router.ProblemOf(err)
		if p.Status >= 500 {
			return err
		}
		return v.showTrigger(p.Status, f, p.Text)
	}
	switch len(made) {
	case 0:
		again := url.Values{"shape": {f.Shape}, "type": {f.Type}, "repo": {f.Repo}}
		return v.seeOther("/_mock/trigger?"+again.Encode(), "nobody")
	case 1:
		return v.seeOther("/_mock/deliveries/"+url.PathEscape(made[0].ID), "fired")
	}
	return v.seeOther("/", "fired")
}
