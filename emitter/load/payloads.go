package load

import (
	"sync"

	"github.com/hubhook/hubhook/emitter"
)

// Payloads makes what is sent. It is safe for concurrent use.
type Payloads interface {
	// Append appends the payload of a delivery to dst, and its Webhook-Id to id.
	Append(dst, id []byte, to emitter.Recipient) (payload, webhookID []byte, err error)
	// Again tells whether the same delivery can be asked for once more. Where not, what
	// may be sent again is kept.
	Again() bool
}

// Numbered are payloads each made alone.
func Numbered(n *emitter.Indexed) Payloads { return numbered{n} }

type numbered struct{ *emitter.Indexed }

func (n numbered) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	dst, err := n.Indexed.Append(dst, to)
	return dst, n.AppendID(id, to.Index), err
}

func (numbered) Again() bool { return true }

// Told are payloads of a feed, such as a story, each told once, in the order in which
// they are asked for.
func Told(f *emitter.Feed) Payloads { return &told{feed: f} }

type told struct {
	mu   sync.Mutex
	feed *emitter.Feed
}

func (t *told) Append(dst, id []byte, to emitter.Recipient) ([]byte, []byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.feed.SetWebhook(to.Webhook)
	dst, err := t.feed.Append(dst)
	return dst, t.feed.AppendID(id), err
}

func (*told) Again() bool { return false }
