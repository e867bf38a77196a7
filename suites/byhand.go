package suites

import (
	"cmp"
	"fmt"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// ByHand has the request written as it stands, over a connection of its own: a client
// would refuse what no client sends.
func ByHand() Change {
	return func(d *Delivery) { d.byHand() }
}

func (d *Delivery) byHand() *emitter.Wire {
	d.wire = cmp.Or(d.wire, &emitter.Wire{})
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
	d.wire = &emitter.Wire{CutAfter: len(d.body) / 2}
	d.what = append(append([]string{}, d.what...), "cut off in the middle of its body")
	return d
}

// givenUp is an attempt at a delivery the answer to which is not awaited.
func givenUp(d Delivery) Delivery {
	d.wire = &emitter.Wire{GiveUp: true}
	d.what = append(append([]string{}, d.what...), "left before its answer came")
	return d
}
