package suites

import (
	"cmp"
	"fmt"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// ByHand has the request written as it stands, over a connection of its own: a client
// would refuse what no client sends.
func ByHand() Change {
	return func(d *Delivery) { d.byHand() }
}

func (d *Delivery) byHand() *delivery.RawRequest {
	d.wire = cmp.Or(d.wire, &delivery.RawRequest{})
	return d.wire
}

// InPieces writes the body in pieces of so many bytes, with a pause before each.
func InPieces(bytes int, pause time.Duration) Change {
	return func(d *Delivery) {
		wire := d.byHand()
		wire.PieceBytes, wire.Pause = bytes, pause
		d.say(fmt.Sprintf("in pieces of %d bytes", bytes))
	}
}

// Expecting asks for leave before the body is sent.
func Expecting() Change {
	return func(d *Delivery) {
		d.byHand().Expect = true
		d.say("with Expect: 100-continue")
	}
}

// cutOff is an attempt at a delivery the connection of which is closed in the middle
// of the body.
func cutOff(d Delivery) Delivery {
	d.wire = &delivery.RawRequest{CutAfter: len(d.body) / 2}
	d.what = append(append([]string{}, d.what...), "cut off in the middle of its body")
	return d
}

// givenUp is an attempt at a delivery the answer to which is not awaited.
func givenUp(d Delivery) Delivery {
	d.wire = &delivery.RawRequest{SkipResponse: true}
	d.what = append(append([]string{}, d.what...), "left before its answer came")
	return d
}
