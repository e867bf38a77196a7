package k6

import (
	"maps"
	"slices"

	"github.com/grafana/sobek"
	"go.k6.io/k6/lib/netext/httpext"

	"github.com/hubhook/hubhook/emitter"
)

// request is what the requests of a Hub have in common.
type request struct {
	url     any      // a string, or what http.url`…` makes
	name    string   // the tag that stands for a URL with the secret; empty where it has none
	headers []header // in order; the Webhook-Id has no value yet
}

type header struct{ name, value string }

// newRequest makes one. A URL with the secret is of the kind that http.url`…` makes,
// which has a name: k6 tags metrics by that, even where a script forgets the tags.
func newRequest(to emitter.Destination, secret string) *request {
	attempt := to.Attempt(emitter.Message{}, secret)
	r := &request{url: attempt.URL}
	for _, name := range slices.Sorted(maps.Keys(attempt.Header)) {
		r.headers = append(r.headers, header{name, attempt.Header[name][0]})
	}
	if to.SecretIn == emitter.InQuery {
		open := *to.URL
		open.User = nil
		r.name = open.String()
		r.url, _ = httpext.NewURL(attempt.URL, r.name) // it was parsed before; only a parameter was added
	}
	return r
}

// made is a delivery, ready to be given to a script.
type made struct {
	to      emitter.For
	id      string // its Webhook-Id
	webhook string
	shape   string
	tag     string // for the shape
	body    string
}

// object is a delivery as a script gets it: what http.post takes, and what it tells of.
func (r *request) object(rt *sobek.Runtime, d made) *sobek.Object {
	headers, tags, params, o := rt.NewObject(), rt.NewObject(), rt.NewObject(), rt.NewObject()
	for _, h := range r.headers {
		if h.name == emitter.IDHeader {
			h.value = d.id
		}
		set(headers, h.name, h.value)
	}
	set(tags, "shape", d.tag)
	if r.name != "" {
		set(tags, "name", r.name)
	}
	set(params, "headers", headers)
	set(params, "tags", tags)
	set(params, "redirects", 0) // no redirect is success to the Hub
	set(params, "timeout", emitter.AttemptTimeout.String())
	set(o, "url", r.url)
	set(o, "body", d.body)
	set(o, "params", params)
	set(o, "headers", headers)
	set(o, "tags", tags)
	set(o, "number", d.to.Number)
	set(o, "id", d.id)
	set(o, "webhook", d.webhook)
	set(o, "shape", d.shape)
	return o
}

// set sets a property of an object that is new, which cannot fail.
func set(o *sobek.Object, name string, value any) { _ = o.Set(name, value) }
