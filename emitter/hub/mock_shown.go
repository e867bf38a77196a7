package hub

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/schemas"
)

// How a delivery is shown. Nothing here has a secret in it.

// webhookOf is the webhook of a delivery; nil where it is deleted.
func (h *Hub) webhookOf(d Delivery) (w *Webhook) {
	h.view(func(s *state) { w = s.webhooks.rows[d.Webhook] })
	return w
}

// shownRequest is the request of a delivery as it would be sent now.
type shownRequest struct {
	Method string  `json:"method"`
	URL    string  `json:"url"` // empty where the webhook is deleted and nothing was sent, or it runs a Job
	Header []Field `json:"header"`
}

// requestOf is the request of a delivery.
func (h *Hub) requestOf(d Delivery) shownRequest {
	r := shownRequest{Method: http.MethodPost, Header: []Field{
		{"Content-Type", h.options.ContentType}, {"User-Agent", h.options.UserAgent}, {delivery.IDHeader, d.WebhookID},
	}}
	w := h.webhookOf(d)
	switch {
	case w != nil:
		r.URL = shownURL(w)
		if w.Secret != "" {
			r.Header = append(r.Header, Field{delivery.SecretHeader, hidden})
		}
	case d.last() != nil:
		r.URL = d.last().URL
	}
	return r
}

// verdict is what the schemas say of a payload.
type verdict struct {
	Valid bool `json:"valid"` // under the strict reading: what the Hub is known to send
	schemas.Judgement
	Readings schemas.Readings `json:"readings"`
}

// verdictOf judges a payload by the strict reading of the schemas. The error is about
// the schemas.
func (h *Hub) verdictOf(body []byte) (verdict, error) {
	doc, err := schemas.Decode(body)
	if err != nil {
		return verdict{Judgement: schemas.Judgement{Problems: []schemas.Problem{{Message: "expected JSON", Found: err.Error()}}}}, nil
	}
	v, err := h.schemas.Classify(doc, "", schemas.Strict)
	if err != nil {
		return verdict{}, err
	}
	return verdict{
		Valid: v.Readings.Strict, Readings: v.Readings,
		Judgement: schemas.Judgement{Schema: v.Shape, Recognised: v.Recognised, Problems: v.Problems},
	}, nil
}

// curlOf is a command that sends a delivery, with a body, to the webhook's URL, or to the usual one of
// a handler where there is none.
func (h *Hub) curlOf(d Delivery, body []byte) (string, error) {
	o := format.Options{SecretIn: delivery.InNone, Header: http.Header{
		"Content-Type": {h.options.ContentType}, "User-Agent": {h.options.UserAgent},
	}}
	if w := h.webhookOf(d); w != nil {
		o.To, o.SecretIn = commandURL(w.URL)
		if w.Secret != "" {
			o.SecretIn = delivery.InHeader
		}
	}
	form, err := format.New("curl", o)
	if err != nil {
		return "", fmt.Errorf("write a command: %w", err)
	}
	text, err := form.Append(nil, delivery.Message{Shape: d.Shape, ID: d.WebhookID, Body: body})
	if err != nil {
		return "", fmt.Errorf("write a command: %w", err)
	}
	// The first line is a comment, which not every shell takes by hand.
	_, command, _ := bytes.Cut(bytes.TrimLeft(text, "\n"), []byte("\n"))
	return string(command), nil
}

// commandURL is the URL of a webhook for a command: no password, no values of
// parameters, and where the secret stands in it.
func commandURL(text string) (string, delivery.SecretIn) {
	u, err := url.Parse(text)
	if err != nil {
		return "", delivery.InNone
	}
	in := delivery.InNone
	if delivery.CutSecret(u) != "" {
		in = delivery.InQuery
	}
	u.User = nil
	var names []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, _ := strings.Cut(part, "="); name != "" {
			names = append(names, name+"="+hidden)
		}
	}
	u.RawQuery = strings.Join(names, "&")
	return u.String(), in
}

// fixtureOf is a payload as a file for a test.
func fixtureOf(body []byte) (string, error) {
	form, err := format.New("json", format.Options{})
	if err != nil {
		return "", err
	}
	text, err := form.Append(nil, delivery.Message{Body: body})
	return string(text), err
}
