package k6

import (
	"maps"

	"github.com/grafana/sobek"
	"go.k6.io/k6/lib/netext/httpext"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// request is what the requests of a Hub have in common.
type request struct {
	url     any            // a string, or what http.url`…` makes
	name    string         // the tag that stands for a URL with the secret; empty where it has none
	headers map[string]any // texts; that of the Webhook-Id is empty
}

// newRequest makes one. A URL with the secret is of the kind that http.url`…` makes,
// which has a name: k6 tags metrics by that, even where a script forgets the tags.
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

// made is a delivery, ready to be given to a script.
type made struct {
	to      emitter.Recipient
	id      string // its Webhook-Id
	webhook string
	shape   string
	tag     string // for the shape
	body    string
}

// object is a delivery as a script gets it: what http.post takes, and what it tells of.
// Maps cost less than objects of JavaScript, and are as good to it: a script may
// change what is in them, for they are no other delivery's.
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
