package suites

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/emitter"
)

// Delivery is a delivery as a check makes it: genuine, but for what a check
// changes. All attempts of it have the same bytes and the same Webhook-Id.
type Delivery struct {
	what    []string // in words: the shape, then what is special
	request emitter.Request
	edits   []edit
	rewrite func([]byte) []byte // what is done to the payload at last; nil: nothing
	id      string
	body    []byte // the payload once it is made, or what is sent instead
	made    bool
	method  string
	secret  SecretForm // what stands where the secret belongs; zero: nothing does
	name    string     // of the header that the secret stands in
	header  http.Header
	chunked bool
	fresh   bool
	target  *Target
}

// edit changes a payload at a path such as "repo.name"; nil removes.
type edit struct {
	path  string
	value any
}

// Change changes one thing about a delivery.
type Change func(*Delivery)

// Of makes a payload of a shape.
func Of(shape string) Change {
	return func(d *Delivery) { d.request.Shape, d.what[0] = shape, shape }
}

// In asks for a scene and says in words what is special about it.
func In(scene emitter.Scene, words string) Change {
	return func(d *Delivery) {
		d.request.Scene = d.target.special(scene)
		d.say(words)
	}
}

// Telling makes the payload with this index, so that two deliveries tell of the
// same repo and discussion.
func Telling(index uint64) Change {
	return func(d *Delivery) { d.request.Index = index }
}

// With sets a property of the payload; its path is written with dots.
func With(path string, value any) Change {
	return func(d *Delivery) { d.edits = append(d.edits, edit{path, value}) }
}

// WithBody sends bytes instead of a payload.
func WithBody(body []byte, words string) Change {
	return func(d *Delivery) { d.body, d.made, d.what[0] = body, true, words }
}

// WithSecret puts another value where the secret belongs.
func WithSecret(form SecretForm, words string) Change {
	return func(d *Delivery) {
		d.secret = form
		d.say(words)
	}
}

// WithoutSecret leaves the secret out, header or parameter and all.
func WithoutSecret() Change {
	return func(d *Delivery) {
		d.secret = SecretForm{}
		d.say("without a secret")
	}
}

// WithSecretHeader spells the name of the secret's header in another way.
func WithSecretHeader(name string) Change {
	return func(d *Delivery) {
		d.name = name
		d.say("with the secret in " + name)
	}
}

// WithHeader sets a header; no value removes it.
func WithHeader(name string, values ...string) Change {
	return func(d *Delivery) {
		delete(d.header, name)
		if len(values) == 0 {
			d.say("without " + name)
			return
		}
		d.header[name] = values
		d.say("with " + name + ": " + strings.Join(values, ", "))
	}
}

// WithID takes over the Webhook-Id of another delivery.
func WithID(of Delivery) Change {
	return func(d *Delivery) { d.id = of.id }
}

// WithoutID leaves the Webhook-Id out.
func WithoutID() Change {
	return func(d *Delivery) {
		d.id = ""
		d.say("without " + emitter.IDHeader)
	}
}

// WithMethod uses another method than POST.
func WithMethod(method string) Change {
	return func(d *Delivery) {
		d.method = method
		d.say("by " + method)
	}
}

// InChunks sends the body chunked, without its length.
func InChunks() Change {
	return func(d *Delivery) {
		d.chunked = true
		d.say("in chunks")
	}
}

// OnNewConnection uses a connection of its own.
func OnNewConnection() Change {
	return func(d *Delivery) {
		d.fresh = true
		d.say("on a new connection")
	}
}

// Called says in words what is special about a delivery.
func Called(words string) Change {
	return func(d *Delivery) { d.say(words) }
}

func (d *Delivery) say(words string) { d.what = append(d.what, words) }

// words tell what the delivery is.
func (d Delivery) words() string { return strings.Join(d.what, ", ") }

// payload makes the body, once.
func (d *Delivery) payload(g *emitter.Generator) error {
	if d.made {
		return nil
	}
	body, err := g.Payload(d.request)
	if err != nil {
		return err
	}
	for _, e := range d.edits {
		if e.value == nil {
			body, err = sjson.DeleteBytes(body, e.path)
		} else {
			body, err = sjson.SetBytes(body, e.path, e.value)
		}
		if err != nil {
			return err
		}
	}
	if d.rewrite != nil {
		body = d.rewrite(body)
	}
	d.body, d.made = body, true
	return nil
}

// attempt is one HTTP request of the delivery.
func (d *Delivery) attempt(t Target) emitter.Attempt {
	a := emitter.Attempt{
		Method: d.method, URL: t.URL, Header: d.header.Clone(), Body: d.body,
		Chunked: d.chunked, NewConnection: d.fresh,
	}
	if d.method == http.MethodGet || d.method == http.MethodHead {
		a.Body = nil
	}
	a.Header[emitter.IDHeader] = []string{d.id}
	if d.id == "" {
		delete(a.Header, emitter.IDHeader)
	}
	switch {
	case d.secret.isZero():
	case t.SecretIn == emitter.InQuery:
		a.URL = withQuerySecret(t.URL, d.secret.value())
	default:
		a.Header[d.name] = []string{d.secret.value()}
	}
	return a
}

// withQuerySecret adds ?secret=… to a URL.
func withQuerySecret(target, secret string) string {
	base, fragment, _ := strings.Cut(target, "#")
	parameter := "secret=" + url.QueryEscape(secret)
	base += querySeparator(base) + parameter
	if fragment != "" {
		base += "#" + fragment
	}
	return base
}
