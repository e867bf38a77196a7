package suites

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// Delivery is a delivery as a check makes it: genuine, but for what a check
// changes. All attempts of it have the same bytes and the same Webhook-Id.
type Delivery struct {
	what     []string // in words: the shape, then what is special
	request  emitter.Request
	edits    []edit
	rewrite  func([]byte) []byte // what is done to the payload at last; nil: nothing
	id       string
	idHeader string // how its name is spelt
	body     []byte // the payload once it is made, or what is sent instead
	made     bool
	method   string
	secrets  []secretField
	name     string // of the header that the secret belongs in
	header   http.Header
	chunked  bool
	fresh    bool
	wire     *delivery.RawRequest // how it is written by hand; nil: as any client does
	target   *Target
}

// secretField is something made of the secret, and where it stands.
type secretField struct {
	header string // empty: where the secret belongs
	inURL  bool   // in the URL, even where the secret belongs in a header
	form   SecretForm
}

// inQuery tells whether it stands in the URL.
func (f secretField) inQuery(in delivery.SecretIn) bool {
	return f.inURL || f.header == "" && in == delivery.InQuery
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

// After tells of the next push to the repo that another delivery tells of.
func After(earlier Delivery) Change {
	return func(d *Delivery) {
		d.request.Index = earlier.request.Index
		const next = "9e1c2f4a5b6d7e8f90a1b2c3d4e5f60718293a4b"
		head := gjson.GetBytes(earlier.body, "updatedRefs.0.newSha").String()
		d.edits = append(d.edits, edit{"updatedRefs.0.oldSha", head}, edit{"updatedRefs.0.newSha", next}, edit{"repo.headSha", next})
	}
}

// With sets a property of the payload; its path is written with dots.
func With(path string, value any) Change {
	return func(d *Delivery) { d.edits = append(d.edits, edit{path, value}) }
}

// WithBody sends bytes instead of a payload.
func WithBody(body []byte, words string) Change {
	return func(d *Delivery) { d.body, d.made, d.what[0] = body, true, words }
}

// WithSecret puts another value where the secret belongs, or several.
func WithSecret(form SecretForm, words string, more ...SecretForm) Change {
	return func(d *Delivery) {
		d.secrets = nil
		for _, f := range append([]SecretForm{form}, more...) {
			d.secrets = append(d.secrets, secretField{form: f})
		}
		d.say(words)
	}
}

// WithoutSecret leaves the secret out, header or parameter and all.
func WithoutSecret() Change {
	return func(d *Delivery) {
		d.secrets = nil
		d.say("without a secret")
	}
}

// WithSecretIn puts something made of the secret into another header.
func WithSecretIn(header string, form SecretForm, words string) Change {
	return func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{header: header, form: form})
		d.say(words)
	}
}

// InURL puts something made of the secret into the URL.
func InURL(form SecretForm) Change {
	return func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{inURL: true, form: form})
		d.say("in the URL")
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

// Identified gives the delivery an id of another form.
func Identified(id, words string) Change {
	return func(d *Delivery) {
		d.id = id
		d.say(words)
	}
}

// WithoutID leaves the Webhook-Id out.
func WithoutID() Change {
	return func(d *Delivery) {
		d.id = ""
		d.say("without " + delivery.IDHeader)
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
	if body, err = withSetting(body); err != nil {
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
func (d *Delivery) attempt(t Target) delivery.Attempt {
	a := delivery.Attempt{
		Method: d.method, URL: t.URL, Header: d.header.Clone(), Body: d.body,
		Chunked: d.chunked, NewConnection: d.fresh, Raw: d.wire,
	}
	if d.method == http.MethodGet || d.method == http.MethodHead {
		a.Body = nil
	}
	delete(a.Header, delivery.IDHeader)
	if d.id != "" {
		a.Header[d.idHeader] = []string{d.id}
	}
	for _, field := range d.secrets {
		if field.inQuery(t.SecretIn) {
			a.URL = withQuerySecret(a.URL, field.form.value())
			continue
		}
		name := cmp.Or(field.header, d.name)
		a.Header[name] = append(a.Header[name], field.form.value())
	}
	return a
}

// formOf is the form that the value of a header is made by; zero where it has nothing
// to do with the secret. Of several values it is the nth.
func (d *Delivery) formOf(header string, n int, in delivery.SecretIn) SecretForm {
	for _, field := range d.secrets {
		if field.inQuery(in) || cmp.Or(field.header, d.name) != header {
			continue
		}
		if n == 0 {
			return field.form
		}
		n--
	}
	return SecretForm{}
}

// queryForm is the form that stands in the URL; zero where none does.
func (d *Delivery) queryForm(in delivery.SecretIn) SecretForm {
	for _, field := range d.secrets {
		if field.inQuery(in) {
			return field.form
		}
	}
	return SecretForm{}
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
