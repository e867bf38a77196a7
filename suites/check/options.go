package check

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A DeliveryOption changes one thing about a delivery before its payload is made.
type DeliveryOption func(*Delivery)

// Describe adds words on what is special about the delivery.
func Describe(words string) DeliveryOption { return described(words, func(*Delivery) {}) }

// WithAll applies several options, in their order.
func WithAll(options ...DeliveryOption) DeliveryOption {
	return func(d *Delivery) {
		for _, option := range options {
			option(d)
		}
	}
}

func described(words string, change func(*Delivery)) DeliveryOption {
	return func(d *Delivery) {
		change(d)
		d.describe(words)
	}
}

// DescribeAfter says what a delivery comes after, if it only shows that the handler still
// accepts deliveries.
func DescribeAfter(what string) DeliveryOption {
	return func(d *Delivery) { d.what = append(d.what, "after "+what) }
}

// WithShape makes a payload of a shape.
func WithShape(shape string) DeliveryOption {
	return func(d *Delivery) { d.request.Shape, d.what[0] = shape, shape }
}

// WithEvent makes a payload of an event, the same as that of an update on the nearest
// known scope except for the names of scope and action.
func WithEvent(scope, action string) DeliveryOption {
	return func(d *Delivery) {
		WithShape(scope + "." + action)(d)
		if scope == "repo.config" || strings.HasPrefix(scope, "repo.config.") {
			// Which key changed is random otherwise, and handlers may care.
			WithProperty("updatedConfig", map[string]bool{"private": true})(d)
		}
	}
}

// WithScene makes a payload of a scene, and describes what is special about it.
func WithScene(scene emitter.Scene, words string) DeliveryOption {
	return described(words, func(d *Delivery) { d.request.Scene = d.target.mergeDefaults(scene) })
}

// WithIndex makes the payload with an index: deliveries with the same one are about the
// same repo and discussion.
func WithIndex(index uint64) DeliveryOption {
	return func(d *Delivery) { d.request.Index = index }
}

// WithPushAfter makes the next push to the repo of another delivery.
func WithPushAfter(earlier Delivery) DeliveryOption {
	return func(d *Delivery) {
		d.request.Index = earlier.request.Index
		const next = "9e1c2f4a5b6d7e8f90a1b2c3d4e5f60718293a4b"
		head := gjson.GetBytes(earlier.body, "updatedRefs.0.newSha").String()
		d.edits = append(d.edits,
			edit{"updatedRefs.0.oldSha", head}, edit{"updatedRefs.0.newSha", next}, edit{"repo.headSha", next})
	}
}

// WithProperty sets a property of the payload, at a path with dots; nil removes it.
func WithProperty(path string, value any) DeliveryOption {
	return func(d *Delivery) { d.edits = append(d.edits, edit{path, value}) }
}

// WithRewrite writes the payload in another way at last.
func WithRewrite(write func([]byte) []byte) DeliveryOption {
	return func(d *Delivery) { d.rewrite = write }
}

// WithBody sends bytes instead of a payload.
func WithBody(body []byte, words string) DeliveryOption {
	return func(d *Delivery) { d.body, d.made, d.altered, d.what[0] = body, true, true, words }
}

// WithSecret puts another value, or several, where the secret belongs.
func WithSecret(variant secrets.Variant, words string, more ...secrets.Variant) DeliveryOption {
	return func(d *Delivery) {
		d.secrets = nil
		for _, v := range append([]secrets.Variant{variant}, more...) {
			d.secrets = append(d.secrets, secretField{variant: v})
		}
		d.describe(words)
	}
}

// WithVariant puts a variant of the secret where the secret belongs.
func WithVariant(variant func(secrets.Variant) secrets.Variant, words string) DeliveryOption {
	return func(d *Delivery) { WithSecret(variant(secrets.Of(d.target.Secret)), words)(d) }
}

// WithoutSecret leaves the secret out, with its header or parameter.
func WithoutSecret() DeliveryOption {
	return described("without a secret", func(d *Delivery) { d.secrets = nil })
}

// WithSecretIn puts a variant of the secret into another header.
func WithSecretIn(header string, variant secrets.Variant, words string) DeliveryOption {
	return described(words, func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{header: header, variant: variant})
	})
}

// WithSecretInURL puts a variant of the secret into the URL.
func WithSecretInURL(variant secrets.Variant) DeliveryOption {
	return described("in the URL", func(d *Delivery) {
		d.secrets = append(d.secrets, secretField{inURL: true, variant: variant})
	})
}

// WithSecretHeader spells the name of the secret's header in another way.
func WithSecretHeader(name string) DeliveryOption {
	return described("with the secret in "+name, func(d *Delivery) { d.secretHeader = name })
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

// WithID sends a Webhook-Id of another form.
func WithID(id, words string) DeliveryOption {
	return described(words, func(d *Delivery) { d.id = id })
}

// WithIDOf sends the Webhook-Id of another delivery.
func WithIDOf(other Delivery) DeliveryOption {
	return func(d *Delivery) { d.id = other.id }
}

// WithoutID leaves the Webhook-Id out.
func WithoutID() DeliveryOption {
	return described("without "+delivery.IDHeader, func(d *Delivery) { d.id = "" })
}

// WithMethod uses another method than POST.
func WithMethod(method string) DeliveryOption {
	return described("by "+method, func(d *Delivery) { d.method = method })
}

// WithNewConnection uses a connection of its own.
func WithNewConnection() DeliveryOption {
	return described("on a new connection", func(d *Delivery) { d.newConnection = true })
}

// WithChunks sends the body chunked, without its length.
func WithChunks() DeliveryOption {
	return described("in chunks", func(d *Delivery) { d.chunked = true })
}

// WithRawRequest writes the request as it is, over a connection of its own: a client would
// refuse to send what is invalid.
func WithRawRequest() DeliveryOption {
	return func(d *Delivery) { d.rawRequest() }
}

func (d *Delivery) rawRequest() *delivery.RawRequest {
	d.raw = cmp.Or(d.raw, &delivery.RawRequest{})
	return d.raw
}

// WithPieces writes the body in pieces of a size, with a pause before each.
func WithPieces(bytes int, pause time.Duration) DeliveryOption {
	return func(d *Delivery) {
		raw := d.rawRequest()
		raw.PieceBytes, raw.Pause = bytes, pause
		d.describe(fmt.Sprintf("in pieces of %d bytes", bytes))
	}
}

// WithExpect100 waits for 100 Continue before it sends the body.
func WithExpect100() DeliveryOption {
	return described("with Expect: 100-continue", func(d *Delivery) { d.rawRequest().Expect = true })
}

// WithGzip compresses the body.
func WithGzip() DeliveryOption {
	return func(d *Delivery) {
		d.rewrite = compress
		d.header["Content-Encoding"] = []string{"gzip"}
		d.describe("in gzip")
	}
}

// compress returns a body in gzip. Writing to a buffer cannot fail.
func compress(body []byte) []byte {
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	w.Write(body)
	w.Close()
	return compressed.Bytes()
}
