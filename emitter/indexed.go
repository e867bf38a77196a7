package emitter

import (
	"errors"

	"github.com/hubhook/hubhook/emitter/internal/payload"
	"github.com/hubhook/hubhook/emitter/internal/world"
)

// Indexed makes each payload by its index: whoever makes the payload of an index, on whatever machine, makes the same
// bytes and the same Webhook-Id, and no two indexes have the same Webhook-Id. It is safe for concurrent use.
type Indexed struct {
	generator *Generator
	entries
}

// Indexed returns the payloads that FeedOptions ask for. There is no such story, for what happens in one follows from
// what happened before.
func (g *Generator) Indexed(o FeedOptions) (*Indexed, error) {
	if o.Story {
		return nil, errors.New("a story is told in order: no payload of it can be made alone")
	}
	f, err := g.Feed(o)
	if err != nil {
		return nil, err
	}
	if g.options.Future.Scopes > 0 {
		for _, e := range f.list {
			if err := f.prepare(e); err != nil {
				return nil, err
			}
		}
	}
	return &Indexed{g, f.entries}, nil
}

// Recipient says which delivery a payload is for, and who receives it.
type Recipient struct {
	Index   uint64 // of the delivery, as in Request.Index
	Webhook int    // the index in Options.WebhookIDs
}

// Append appends the payload of a delivery to dst, as compact JSON.
func (n *Indexed) Append(dst []byte, to Recipient) ([]byte, error) {
	return n.generator.Append(dst, Request{Shape: n.shape(to.Index), Index: to.Index, Webhook: to.Webhook})
}

// AppendID appends the Webhook-Id of a delivery to dst: a UUID (RFC 9562, version 4), as delivery.NewWebhookID makes
// them. The same seed gives the same one.
func (n *Indexed) AppendID(dst []byte, index uint64) []byte {
	return appendUUID(dst, world.Hash64(n.generator.seed)^0x3c6ef372fe94f82b, world.Hash64(index))
}

// shape returns the shape of an index.
func (n *Indexed) shape(index uint64) string {
	future := payload.NewFutureRNG(n.generator.options.Future, world.Hash64(n.generator.seed)+4, world.Hash64(index))
	e := n.pick(index, &future.RNG)
	if e.below != nil && future.Hits(future.Scopes) {
		e = e.below
	}
	return e.name
}
