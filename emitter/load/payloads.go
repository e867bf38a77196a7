package load

import (
	"sync"

	"github.com/hubhook/hubhook/emitter"
)

// Payloads makes what is sent. It must be safe for concurrent use.
type Payloads interface {
	// Append appends the payload of a delivery to dst, and its Webhook-Id to id.
	Append(dst, id []byte, to emitter.Recipient) (payload, webhookID []byte, err error)
	// Repeatable reports whether the same delivery can be made again. If not, what may have
	// to be sent again is kept.
	Repeatable() bool
}

// FromIndexed returns payloads that depend only on their index.
func FromIndexed(n *emitter.Indexed) Payloads { return indexedPayloads{n} }

type indexedPayloads struct{ *emitter.Indexed }

func (n indexedPayloads) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	dst, err := n.Indexed.Append(dst, to)
	return dst, n.AppendID(id, to.Index), err
}

func (indexedPayloads) Repeatable() bool { return true }

// FromFeed returns the payloads of a feed, such as a scenario, each made once, in the order in
// which they are asked for.
func FromFeed(f *emitter.Feed) Payloads { return &feedPayloads{feed: f} }

type feedPayloads struct {
	mu   sync.Mutex
	feed *emitter.Feed
}

func (t *feedPayloads) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.feed.SetWebhook(to.Webhook)
	dst, err := t.feed.Append(dst)
	return dst, t.feed.AppendID(id), err
}

func (*feedPayloads) Repeatable() bool { return false }
