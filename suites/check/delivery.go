package check

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A Delivery is a valid delivery, except for what a check changes. All attempts at it have
// the same bytes and the same Webhook-Id.
type Delivery struct {
	what    []string // in words: the shape, then what is special
	altered bool     // more is special about it than what it comes after
	target  *Target

	request emitter.Request
	edits   []edit
	rewrite func([]byte) []byte // changes the payload at last; may be nil
	body    []byte              // the payload once it is made, or what replaces it
	made    bool

	id            string
	idHeader      string // how its name is spelled
	method        string
	secrets       []secretField
	secretHeader  string // the header of secrets that name no other
	header        http.Header
	chunked       bool
	newConnection bool
	raw           *delivery.RawRequest // how the request is written by hand; nil: by a client
}

// secretField is a variant of the secret, and its place.
type secretField struct {
	header  string // if empty, where the secret belongs
	inURL   bool   // in the URL, even if the secret belongs in a header
	variant secrets.Variant
}

func (f secretField) inQuery(in delivery.SecretIn) bool {
	return f.inURL || f.header == "" && in == delivery.InQuery
}

// edit changes a payload at a path such as "repo.name"; nil removes.
type edit struct {
	path  string
	value any
}

// String describes the delivery: its shape, then what is special about it.
func (d Delivery) String() string { return strings.Join(d.what, ", ") }

func (d *Delivery) describe(words string) { d.what, d.altered = append(d.what, words), true }

// Body returns the bytes of the delivery's body.
func (d Delivery) Body() []byte { return d.body }

// Index returns the index of the delivery's payload.
func (d Delivery) Index() uint64 { return d.request.Index }

// IsControl reports whether a delivery is an ordinary one that shows only that the handler
// accepts deliveries, at first or after something else.
func (d Delivery) IsControl() bool { return d.request.Shape == UsualShape && !d.altered }

// IsSame reports whether two attempts at deliveries are attempts at the same one.
func (d Delivery) IsSame(other Delivery) bool {
	return d.id != "" && d.id == other.id && d.idHeader == other.idHeader && bytes.Equal(d.body, other.body)
}

// with returns a copy of the delivery, changed once its payload is made.
func (d Delivery) with(change DeliveryOption) Delivery {
	d.what = slices.Clone(d.what)
	change(&d)
	return d
}

// AsRetry returns the delivery as a retry: it describes itself as one.
func (d Delivery) AsRetry() Delivery {
	return d.with(Describe("sent again with the same Webhook-Id"))
}

// SpelledID returns the delivery with another spelling of the header Webhook-Id.
func (d Delivery) SpelledID(name string) Delivery {
	return d.with(described("spelt "+name, func(d *Delivery) { d.idHeader = name }))
}

// CutOff returns the delivery with its connection closed in the middle of the body.
func (d Delivery) CutOff() Delivery {
	cut := &delivery.RawRequest{CutAfter: len(d.body) / 2}
	return d.with(described("cut off in the middle of its body", func(d *Delivery) { d.raw = cut }))
}

// WithoutWaiting returns the delivery with nobody waiting for the response.
func (d Delivery) WithoutWaiting() Delivery {
	leave := &delivery.RawRequest{SkipResponse: true}
	return d.with(described("left before its answer came", func(d *Delivery) { d.raw = leave }))
}

// Copies returns attempts at the delivery, to be made at the same time.
func (d Delivery) Copies() []Delivery {
	d = d.with(Describe("sent several times at once with the same Webhook-Id"))
	return slices.Repeat([]Delivery{d}, simultaneous)
}

// makeBody makes the body, once.
func (d *Delivery) makeBody(g *emitter.Generator) error {
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

// attempt returns one HTTP request of the delivery.
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
			a.URL = WithQuerySecret(a.URL, field.variant.Value())
			continue
		}
		name := cmp.Or(field.header, d.secretHeader)
		a.Header[name] = append(a.Header[name], field.variant.Value())
	}
	return a
}

// variantIn returns the variant of which the nth value of a header is made; zero if that
// has nothing to do with the secret.
func (d *Delivery) variantIn(header string, n int, in delivery.SecretIn) secrets.Variant {
	for _, field := range d.secrets {
		if field.inQuery(in) || cmp.Or(field.header, d.secretHeader) != header {
			continue
		}
		if n == 0 {
			return field.variant
		}
		n--
	}
	return secrets.Variant{}
}

// queryVariant returns the variant in the URL; zero if there is none.
func (d *Delivery) queryVariant(in delivery.SecretIn) secrets.Variant {
	for _, field := range d.secrets {
		if field.inQuery(in) {
			return field.variant
		}
	}
	return secrets.Variant{}
}

// WithQuerySecret adds ?secret=… to a URL.
func WithQuerySecret(target, secret string) string {
	base, fragment, _ := strings.Cut(target, "#")
	base += curl.QuerySeparator(base) + "secret=" + url.QueryEscape(secret)
	if fragment != "" {
		base += "#" + fragment
	}
	return base
}

// A Sequence makes deliveries about one repo, each of another commit, discussion or
// comment. They are made when they are sent: a thousand payloads at once would waste
// memory.
type Sequence struct {
	first Delivery
	ids   []string // in its payload, different in each delivery
}

// NewSequence returns deliveries of a shape about the repo with an index.
func (h *Handler) NewSequence(shape string, index uint64, options ...DeliveryOption) Sequence {
	s := Sequence{first: h.NewDelivery(append([]DeliveryOption{WithShape(shape), WithIndex(index)}, options...)...)}
	for _, path := range []string{"repo.headSha", "updatedRefs.0.newSha", "discussion.id", "comment.id"} {
		if id := gjson.GetBytes(s.first.body, path).String(); len(id) > 0 && len(id) <= 2*sha256.Size {
			s.ids = append(s.ids, id)
		}
	}
	return s
}

// At returns the ith delivery.
func (s Sequence) At(i int) Delivery {
	d := s.first
	d.id = delivery.NewWebhookID()
	for _, id := range s.ids {
		digest := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, i))
		d.body = bytes.ReplaceAll(d.body, []byte(id), []byte(hex.EncodeToString(digest[:])[:len(id)]))
	}
	return d
}

// between yields the deliveries from the ith to before the nth.
func (s Sequence) between(i, n int) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		for ; i < n; i++ {
			if !yield(s.At(i)) {
				return
			}
		}
	}
}
