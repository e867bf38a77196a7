package k6

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/schemas"
)

// maker makes deliveries by number. All VUs of a process share one, so that shapes are
// compiled once.
type maker struct {
	*emitter.Indexed
	webhooks []string // their ids; at least one
	schemas  *schemas.Set
	shapes   map[string]bool // all known ones
}

func newMaker(o *options, seed uint64) (*maker, error) {
	wanted := emitter.Options{Seed: seed, WebhookIDs: emitter.WebhookIDs(seed, max(o.Webhooks, 1))}
	feed := emitter.FeedOptions{Shapes: o.Shapes}
	var err error
	if o.Future != "" {
		if wanted.Future, err = emitter.ParseFuture(o.Future); err != nil {
			return nil, fmt.Errorf("future: %w", err)
		}
	}
	if o.Mix != "" {
		if feed.Mix, err = emitter.ParseMix(o.Mix); err != nil {
			return nil, fmt.Errorf("mix: %w", err)
		}
	}
	generator, err := emitter.New(wanted)
	if err != nil {
		return nil, err
	}
	m := &maker{webhooks: wanted.WebhookIDs, schemas: generator.Schemas(), shapes: map[string]bool{}}
	for _, shape := range m.schemas.Shapes() {
		m.shapes[shape.Name] = true
	}
	m.Indexed, err = generator.Indexed(feed)
	return m, err
}

// make makes a delivery in room, which it uses again.
func (m *maker) make(room *[]byte, to emitter.Recipient) (made, error) {
	body, err := m.Append((*room)[:0], to)
	if err != nil {
		return made{}, err
	}
	*room = body
	var id [36]byte
	shape := delivery.ShapeOf(body)
	return made{
		to: to, id: string(m.AppendID(id[:0], to.Index)), webhook: m.webhooks[to.Webhook],
		shape: shape, tag: m.tag(shape), body: string(body),
	}, nil
}

// tag returns a shape as a tag of metrics. There is no end of future shapes, and a metrics
// store has a time series for each value: so they share the name of the nearest known
// scope, "repo.config.*".
func (m *maker) tag(shape string) string {
	if m.shapes[shape] {
		return shape
	}
	scope := shape[:strings.LastIndexByte(shape, '.')]
	nearest, _ := schemas.Nearest(scope, m.schemas.KnowsScope)
	return nearest + ".*"
}

// streamSeed returns the seed of a stream. That of the stream without a name is seed itself,
// so that the command line makes the same payloads.
func streamSeed(seed uint64, stream string) uint64 {
	if stream == "" {
		return seed
	}
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), stream...))
	return binary.BigEndian.Uint64(sum[:])
}
