package emitter

import (
	"fmt"
)

// Feed makes payloads one after another. It is not safe for concurrent use.
type Feed struct {
	generator *Generator
	shapes    []string
	next      uint64
}

// FeedOptions say what a feed makes. The zero value makes every shape that the
// Hub sends today, in turn.
type FeedOptions struct {
	Shapes []string // taken in turn
}

// Message is one delivery, to be sent or to be written down.
type Message struct {
	Shape string // of the payload: "discussion.comment.create", "repo.config.dois.minted"
	ID    string // its Webhook-Id
	Body  []byte // the payload, compact JSON without a newline
}

// Feed makes a feed. An unknown shape is an error.
func (g *Generator) Feed(o FeedOptions) (*Feed, error) {
	if len(o.Shapes) == 0 {
		o.Shapes = g.today()
	}
	for _, shape := range o.Shapes {
		if _, _, _, err := g.schemas.Named(shape); err != nil {
			return nil, err
		}
	}
	return &Feed{generator: g, shapes: o.Shapes}, nil
}

// Append appends the next payload to dst.
func (f *Feed) Append(dst []byte) ([]byte, error) {
	shape := f.shapes[f.next%uint64(len(f.shapes))]
	dst, err := f.generator.Append(dst, Request{Shape: shape, Index: f.next})
	f.next++
	return dst, err
}

// Next makes the next payload as a delivery of its own. The same seed gives the
// same Webhook-Id.
func (f *Feed) Next() (Message, error) {
	shape := f.shapes[f.next%uint64(len(f.shapes))]
	id := fmt.Sprintf("00000000-0000-4000-8000-%012x", f.next)
	body, err := f.Append(nil)
	return Message{Shape: shape, ID: id, Body: body}, err
}
