// Package inspect shows a delivery: its request, a command that sends it, and what the
// schemas say of its payload.
package inspect

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/mask"
	"github.com/hubhook/hubhook/schemas"
)

// Inspector shows deliveries. Nothing that it returns has a secret in it.
type Inspector struct {
	DB          *domain.DB
	Schemas     *schemas.Set
	UserAgent   string
	ContentType string
}

func (i *Inspector) webhookOf(d activity.Delivery) (w *activity.Webhook) {
	i.DB.View(func(s *domain.State) { w = s.Webhook(d.RegistrationID) })
	return w
}

// Request is the request of a delivery as it would be sent now.
type Request struct {
	Method string           `json:"method"`
	URL    string           `json:"url"` // empty if the webhook is deleted and nothing was sent, or it runs a Job
	Header []activity.Field `json:"header"`
}

func (i *Inspector) Request(d activity.Delivery) Request {
	r := Request{Method: http.MethodPost, Header: []activity.Field{
		{Name: "Content-Type", Value: i.ContentType}, {Name: "User-Agent", Value: i.UserAgent},
		{Name: delivery.IDHeader, Value: d.WebhookIDHeader},
	}}
	w := i.webhookOf(d)
	switch {
	case w != nil:
		r.URL = mask.URL(w)
		if w.Secret != "" {
			r.Header = append(r.Header, activity.Field{Name: delivery.SecretHeader, Value: mask.Placeholder})
		}
	case d.Last() != nil:
		r.URL = d.Last().URL
	}
	return r
}

// Verdict is what the schemas say of a payload.
type Verdict struct {
	Valid bool `json:"valid"` // under the strict reading: what the Hub is known to send
	schemas.Judgement
	Readings schemas.Readings `json:"readings"`
}

// Verdict judges a payload by the strict reading of the schemas. The error is about the schemas.
func (i *Inspector) Verdict(body []byte) (Verdict, error) {
	doc, err := schemas.Decode(body)
	if err != nil {
		return Verdict{Judgement: schemas.Judgement{Problems: []schemas.Problem{{Message: "expected JSON",
			Found: err.Error()}}}}, nil
	}
	v, err := i.Schemas.Classify(doc, "", schemas.Strict)
	if err != nil {
		return Verdict{}, err
	}
	return Verdict{
		Valid: v.Readings.Strict, Readings: v.Readings,
		Judgement: schemas.Judgement{Schema: v.Shape, Recognised: v.Recognised, Problems: v.Problems},
	}, nil
}

// Curl returns a command that sends a delivery, with a body, to the webhook's URL, or to the usual one of
// a handler if there is none.
func (i *Inspector) Curl(d activity.Delivery, body []byte) (string, error) {
	o := format.Options{SecretIn: delivery.InNone, Header: http.Header{
		"Content-Type": {i.ContentType}, "User-Agent": {i.UserAgent},
	}}
	if w := i.webhookOf(d); w != nil {
		o.To, o.SecretIn = commandURL(w.URL)
		if w.Secret != "" {
			o.SecretIn = delivery.InHeader
		}
	}
	text, err := written("curl", o, delivery.Message{Shape: d.Shape, ID: d.WebhookIDHeader, Body: body})
	if err != nil {
		return "", fmt.Errorf("write a command: %w", err)
	}
	// The first line is a comment, which not every shell takes by hand.
	_, command, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	return command, nil
}

// commandURL returns the URL of a webhook for a command: no password, no values of
// parameters, and where the secret is in it.
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
			names = append(names, name+"="+mask.Placeholder)
		}
	}
	u.RawQuery = strings.Join(names, "&")
	return u.String(), in
}

// Fixture returns a payload as a file for a test.
func Fixture(body []byte) (string, error) {
	return written("json", format.Options{}, delivery.Message{Body: body})
}

func written(form string, o format.Options, m delivery.Message) (string, error) {
	writer, err := format.New(form, o)
	if err != nil {
		return "", err
	}
	text, err := writer.Append(nil, m)
	return string(text), err
}

// FileName returns a text as the name of a file: what a shape of somebody else's has in it
// besides is left out.
func FileName(text string) string {
	return strings.Map(func(c rune) rune {
		if c == '.' || c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
			return c
		}
		return -1
	}, text)
}
