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
	what          []string // in words: the shape, then what is special
	request       emitter.Request
	edits         []edit
	rewrite       func([]byte) []byte // what is done to the payload at last; nil: nothing
	id            string
	idHeader      string // how its name is spelt
	body          []byte // the payload once it is made, or what is sent instead
	made          bool
	method        string
	secrets       []secretField
	secretHeader  string // of the header that the secret belongs in
	header        http.Header
	chunked       bool
	newConnection bool
	raw           *delivery.RawRequest // how it is written by hand; nil: as any client does
	target        *Target
}

// secretField is something made of the secret, and where it stands.
type secretField struct {
	header string // empty: where the secret belongs
	inURL  bool   // in the URL, even where the secret belongs in a header
	form   Variant
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

// DeliveryOption changes one thing about a delivery.
type DeliveryOption func(*Delivery)

// WithShape makes a payload of a shape.
func WithShape(shape string) DeliveryOption {
	return func(d *Delivery) { d.request.Shape, d.what[0] = shape, shape }
}

// WithScene asks for a scene and says in words what is special about it.
func WithScene(scene emitter.Scene, words string) DeliveryOption {
	return func(d *Delivery) {
		d.request.Scene = d.target.mergeDefaults(scene)
		d.describe(words)
	}
}

// WithIndex makes the payload with this index, so that two deliveries tell of the
// same repo and discussion.
func WithIndex(index uint64) DeliveryOption {
	return func(d *Delivery) { d.request.Index = index }
}

// WithPushAfter tells of the next push to the repo that another delivery tells of.
func WithPushAfter(earlier Delivery) DeliveryOption {
	return func(d *Delivery) {
		d.request.Index = earlier.request.Index
		const next = "9e1c2f4a5b6d7e8f90a1b2c3d4e5f60718293a4b"
		head := gjson.GetBytes(earlier.body, "updatedRefs.0.newSha").String()
		d.edits = append(d.edits, edit{"updatedRefs.0.oldSha", head}, edit{"updatedRefs.0.newSha", next}, edit{"repo.headSha", next})
	}
}

// WithProperty sets a property of the payload; its path is written with dots.
func WithProperty(path string, value any) DeliveryOption {
	return func(d *Delivery) { d.edits = append(d.edits, edit{path, value}) }
}

// WithBody sends bytes instead of a payload.
func WithBody(body []byte, words string) DeliveryOption {
	return func(d *Delivery) { d.body, d.made, d.what[0] = body, true, words }
}

// WithSecret puts another value where the secret belongs, or several.
func WithSecret(form Variant, words string, more ...Variant) DeliveryOption {
	return func(d *Delivery) {
		d.secrets = nil
		for _, f := range append([]Variant{form}, more...) {
			d.secrets = append(d.secrets, secretField{form: f})
		}
		d.describe(words)
	}
}

// WithoutSecret leaves the secret out, header or parameter and all.
func WithoutSecret() DeliveryOption {
	return func(d *Delivery) {
		d.secrets = nil
		d.describe("without a secret")
	}
}

// WithSecretIn puts something made of the secret into another header.
func WithSecretIn(header string, form Variant, words string) DeliveryOption {
	return func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{header: header, form: form})
		d.describe(words)
	}
}

// WithSecretInURL puts something made of the secret into the URL.
func WithSecretInURL(form Variant) DeliveryOption {
	return func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{inURL: true, form: form})
		d.describe("in the URL")
	}
}

// WithSecretHeader spells the name of the secret's header in another way.
func WithSecretHeader(name string) DeliveryOption {
	return func(d *Delivery) {
		d.secretHeader = name
		d.describe("with the secret in " + name)
	}
}

// WithHeader sets a header; no value removes it.
func WithHeader(name string, values ...string) DeliveryOption {
	return func(d *Delivery) {
		delete(d.header, name)
		if len(values) == 0 {
			d.describe("without " + name)
			return
		}
		d.header[name] = values
		d.describe("with " + name + ": " + strings.Join(values, ", "))
	}
}

// WithIDOf takes over the Webhook-Id of another delivery.
func WithIDOf(of Delivery) DeliveryOption {
	return func(d *Delivery) { d.id = of.id }
}

// WithIDOf gives the delivery an id of another form.
func WithID(id, words string) DeliveryOption {
	return func(d *Delivery) {
		d.id = id
		d.describe(words)
	}
}

// WithoutID leaves the Webhook-Id out.
func WithoutID() DeliveryOption {
	return func(d *Delivery) {
		d.id = ""
		d.describe("without " + delivery.IDHeader)
	}
}

// WithMethod uses another method than POST.
func WithMethod(method string) DeliveryOption {
	return func(d *Delivery) {
		d.method = method
		d.describe("by " + method)
	}
}

// WithChunks sends the body chunked, without its length.
func WithChunks() DeliveryOption {
	return func(d *Delivery) {
		d.chunked = true
		d.describe("in chunks")
	}
}

// WithNewConnection uses a connection of its own.
func WithNewConnection() DeliveryOption {
	return func(d *Delivery) {
		d.newConnection = true
		d.describe("on a new connection")
	}
}

// Describe says in words what is special about a delivery.
func Describe(words string) DeliveryOption {
	return func(d *Delivery) { d.describe(words) }
}

func (d *Delivery) describe(words string) { d.what = append(d.what, words) }

// String tell what the delivery is.
func (d Delivery) String() string { return strings.Join(d.what, ", ") }

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
		Chunked: d.chunked, NewConnection: d.newConnection, Raw: d.raw,
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
		name := cmp.Or(field.header, d.secretHeader)
		a.Header[name] = append(a.Header[name], field.form.value())
	}
	return a
}

// formOf is the form that the value of a header is made by; zero where it has nothing
// to do with the secret. Of several values it is the nth.
func (d *Delivery) formOf(header string, n int, in delivery.SecretIn) Variant {
	for _, field := range d.secrets {
		if field.inQuery(in) || cmp.Or(field.header, d.secretHeader) != header {
			continue
		}
		if n == 0 {
			return field.form
		}
		n--
	}
	return Variant{}
}

// queryForm is the form that stands in the URL; zero where none does.
func (d *Delivery) queryForm(in delivery.SecretIn) Variant {
	for _, field := range d.secrets {
		if field.inQuery(in) {
			return field.form
		}
	}
	return Variant{}
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
