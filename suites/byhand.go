package suites

import (
	"cmp"
	"fmt"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// WithRawRequest has the request written as it stands, over a connection of its own: a client
// would refuse what no client sends.
func WithRawRequest() DeliveryOption {
	return func(d *Delivery) { d.rawRequest() }
}

func (d *Delivery) rawRequest() *delivery.RawRequest {
	d.raw = cmp.Or(d.raw, &delivery.RawRequest{})
	return d.raw
}

// WithPieces writes the body in pieces of so many bytes, with a pause before each.
func WithPieces(bytes int, pause time.Duration) DeliveryOption {
	return func(d *Delivery) {
		wire := d.rawRequest()
		wire.PieceBytes, wire.Pause = bytes, pause
		d.describe(fmt.Sprintf("in pieces of %d bytes", bytes))
	}
}

// WithExpect100 asks for leave before the body is sent.
func WithExpect100() DeliveryOption {
	return func(d *Delivery) {
		d.rawRequest().Expect = true
		d.describe("with Expect: 100-continue")
	}
}

// cutOff is an attempt at a delivery the connection of which is closed in the middle
// of the body.
func cutOff(d Delivery) Delivery {
	d.raw = &delivery.RawRequest{CutAfter: len(d.body) / 2}
	d.what = append(append([]string{}, d.what...), "cut off in the middle of its body")
	return d
}

// givenUp is an attempt at a delivery the answer to which is not awaited.
func givenUp(d Delivery) Delivery {
	d.raw = &delivery.RawRequest{SkipResponse: true}
	d.what = append(append([]string{}, d.what...), "left before its answer came")
	return d
}
