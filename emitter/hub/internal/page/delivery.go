package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/inspect"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

type deliveryView struct {
	*activity.Delivery
	Row       activityRow
	Path      string
	Created   moment
	Size      string
	CanReplay bool // its webhook is there, so that it can be replayed
	Request   inspect.Request
	Verdict   inspect.Verdict
	Unjudged  string // why there is no verdict
	Payload   []jsonToken
	Cut       bool   // there is more of the payload than is shown
	Forgotten bool   // the payload is
	Fixture   string // the payload, to be copied
	Curl      string // a command that sends it; empty if it is for a Job
	Attempts  []attemptView
}

type attemptView struct {
	*activity.Attempt
	N        int
	At       moment
	Response string
	Latency  string
	Body     []jsonToken
	Open     bool // the latest, which is shown unfolded
}

func showDelivery(v *visit) error {
	d, err := v.delivery()
	if err != nil {
		return err
	}
	title := fmt.Sprintf("%s.%s · %s", d.Row.Scope, d.Row.Action, d.Row.Repo.Name)
	return v.show("delivery", view{Title: title, Nav: "home", Body: d})
}

func (v *visit) delivery() (*deliveryView, error) {
	d, w, body, err := v.deliveryParts()
	if err != nil {
		return nil, err
	}
	now := v.DB.Now()
	shown := &deliveryView{
		Delivery: d, Path: "/_mock/deliveries/" + url.PathEscape(d.ID), Created: momentAt(d.Created, now),
		Size: bytesText(int64(d.Size)), CanReplay: w != nil && body != nil, Forgotten: body == nil,
		Request: v.Inspector.Request(*d),
	}
	v.DB.View(func(s *domain.State) { shown.Row = activityRowOf(s, d, now) })
	for i := range d.Attempts {
		shown.Attempts = append(shown.Attempts, attemptOf(d, i, now))
	}
	if body != nil {
		if shown.Verdict, err = v.Inspector.Verdict(body); err != nil {
			shown.Unjudged = err.Error()
		}
		shown.Fixture = indented(body)
		shown.Payload, shown.Cut = coloredJSON(shown.Fixture)
		if w != nil && w.URL != "" {
			if shown.Curl, err = v.Inspector.Curl(*d, body); err != nil {
				return nil, err
			}
		}
	}
	return shown, nil
}

// deliveryParts returns a delivery, its webhook and its payload, without secrets. The
// webhook and the payload are nil if they are not kept.
func (v *visit) deliveryParts() (d *activity.Delivery, w *activity.Webhook, body []byte, err error) {
	err = v.look(func(s *domain.State) error {
		if d = s.DeliveryByID(v.params["id"]); d == nil {
			return problem.NotFound("", "there is no delivery %s: it may have been forgotten", brief(v.params["id"], 60))
		}
		w = s.Webhook(d.RegistrationID)
		if p := s.Payload(d.Number); p != nil {
			body = []byte(secretsOf(s).Text(string(p)))
		}
		return nil
	})
	return d, w, body, err
}

func attemptOf(d *activity.Delivery, i int, now time.Time) attemptView {
	a := &d.Attempts[i]
	shown := attemptView{
		Attempt: a, N: i + 1, At: momentAt(a.At, now), Response: responseOf(a, d.Job),
		Latency: latency(a.Latency), Open: i == len(d.Attempts)-1,
	}
	if a.Body != "" {
		shown.Body, _ = coloredJSON(a.Body)
		if !a.Cut && json.Valid([]byte(a.Body)) {
			shown.Body, _ = coloredJSON(indented([]byte(a.Body)))
		}
	}
	return shown
}

// indented returns JSON on lines; what is none stays as it is.
func indented(body []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, body, "", "  ") != nil {
		return string(body)
	}
	return out.String()
}

func showPayload(v *visit) error {
	d, _, body, err := v.deliveryParts()
	switch {
	case err != nil:
		return err
	case body == nil:
		return problem.NotFound("", "the payload of this delivery is forgotten")
	}
	head := v.response.Header()
	head.Set("Content-Type", "application/json")
	head.Set("Content-Disposition", `inline; filename="`+inspect.FileName(d.Shape)+`.json"`)
	v.response.Write(body)
	return nil
}

func replayByForm(v *visit) error {
	d, _, _, err := v.deliveryParts()
	if err != nil {
		return err
	}
	if _, err := v.Dispatcher.Replay(v.request.Context(), d.RegistrationID, d.ID); err != nil {
		return err
	}
	return v.seeOther("/_mock/deliveries/"+url.PathEscape(d.ID), "replayed")
}
