package emitter

import (
	"errors"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// Indexed makes payloads each alone, by its number: whoever makes number n, on
// whatever machine, makes the same bytes and the same Webhook-Id, and of two numbers
// no Webhook-Id is the same. It is safe for concurrent use.
type Indexed struct {
	generator *Generator
	entries   []*entry
	total     int // of the weights; zero: the entries are taken in turn
}

// Indexed makes the payloads that FeedOptions ask for. A story cannot be told like
// this, for what it tells follows from what it told before.
func (g *Generator) Indexed(o FeedOptions) (*Indexed, error) {
	if o.Story {
		return nil, errors.New("a story is told in order: no payload of it can be made alone")
	}
	f, err := g.Feed(o)
	if err != nil {
		return nil, err
	}
	if g.future.Scopes > 0 {
		for _, e := range f.entries {
			if err := f.prepare(e); err != nil {
				return nil, err
			}
		}
	}
	return &Indexed{generator: g, entries: f.entries, total: f.total}, nil
}

// Recipient says which delivery a payload is for: its number, and which of
// Options.WebhookIDs receives it.
type Recipient struct {
	Index   uint64 // of the delivery, as in Request.Index
	Webhook int    // counted from zero
}

// Append appends the payload of a delivery to dst, as compact JSON.
func (n *Indexed) Append(dst []byte, to Recipient) ([]byte, error) {
	return n.generator.Append(dst, Request{Shape: n.shape(to.Index), Index: to.Index, Webhook: to.Webhook})
}

// AppendID appends the Webhook-Id of a delivery to dst: a UUID (RFC 9562, version
// 4), as those of NewWebhookID are. The same seed gives the same one.
func (n *Indexed) AppendID(dst []byte, number uint64) []byte {
	var random dice
	random.Seed(mix(n.generator.seed)^0x3c6ef372fe94f82b, mix(number))
	var b [16]byte
	random.fill(b[:])
	return delivery.AppendUUID(dst, b)
}

// shape is what the payload of a number tells of.
func (n *Indexed) shape(number uint64) string {
	omens := futureDice{Future: n.generator.future}
	omens.Seed(mix(n.generator.seed)+4, mix(number))
	e := n.pick(&omens.dice, number)
	if e.below != nil && omens.hits(omens.Scopes) {
		e = e.below
	}
	return e.name
}

func (n *Indexed) pick(d *dice, number uint64) *entry {
	if n.total == 0 {
		return n.entries[number%uint64(len(n.entries))]
	}
	return byWeight(n.entries, d.below(n.total))
}

// byWeight is the entry in whose share of the weights a place lies.
func byWeight(entries []*entry, place int) *entry {
	for _, e := range entries {
		if place -= e.weight; place < 0 {
			return e
		}
	}
	return entries[0]
}
