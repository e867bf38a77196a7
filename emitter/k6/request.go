package k6

import (
	"maps"

	"github.com/grafana/sobek"
	"go.k6.io/k6/lib/netext/httpext"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

type request struct {
	url     any            // a string, or what http.url`…` returns
	name    string         // the tag that replaces a URL with a secret; empty if it has none
	headers map[string]any // strings; that of the Webhook-Id is empty
}

// newRequest returns what requests to a handler share. A URL with a secret is of the kind
// that http.url`…` returns, with a name: k6 tags metrics by that, even if a script forgets
// the tags.
func newRequest(to delivery.Destination, secret string) *request {
	attempt := to.Attempt(delivery.Message{}, secret)
	r := &request{url: attempt.URL, headers: map[string]any{}}
	for name, values := range attempt.Header {
		r.headers[name] = values[0]
	}
	if to.SecretIn == delivery.InQuery {
		open := *to.URL
		open.User = nil
		r.name = open.String()
		r.url, _ = httpext.NewURL(attempt.URL, r.name) // it was parsed before; only a parameter was added
	}
	return r
}

type made struct {
	to      emitter.Recipient
	id      string // its Webhook-Id
	webhook string
	shape   string
	tag     string // for the shape
	body    string
}

// object returns a delivery for a script: what http.post takes, and a description. Maps cost
// less than JavaScript objects. A script may change them, because each delivery has its own.
func (r *request) object(rt *sobek.Runtime, d made) sobek.Value {
	headers := maps.Clone(r.headers)
	headers[delivery.IDHeader] = d.id
	tags := map[string]any{"shape": d.tag}
	if r.name != "" {
		tags["name"] = r.name
	}
	return rt.ToValue(map[string]any{
		"url": r.url, "body": d.body, "headers": headers, "tags": tags,
		"params": map[string]any{
			"headers": headers, "tags": tags,
			"redirects": 0, // none is success to the Hub
			"timeout":   delivery.AttemptTimeout.String(),
		},
		"number": d.to.Index, "id": d.id, "webhook": d.webhook, "shape": d.shape,
	})
}
