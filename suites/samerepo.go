package suites

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// repoSequence makes deliveries that all tell of one repo, but each of another commit,
// discussion or comment. They are made when they are sent: a thousand payloads at
// once would take memory for nothing.
type repoSequence struct {
	first Delivery
	ids   []string // in its payload, that are others in each delivery
}

// newSequence makes deliveries of a shape about the repo with this index.
func (h *Handler) newSequence(shape string, index uint64, changes ...DeliveryOption) repoSequence {
	s := repoSequence{first: h.New(append([]DeliveryOption{WithShape(shape), WithIndex(index)}, changes...)...)}
	for _, path := range []string{"repo.headSha", "updatedRefs.0.newSha", "discussion.id", "comment.id"} {
		if id := gjson.GetBytes(s.first.body, path).String(); len(id) > 0 && len(id) <= 2*sha256.Size {
			s.ids = append(s.ids, id)
		}
	}
	return s
}

// at is the ith delivery.
func (s repoSequence) at(i int) Delivery {
	d := s.first
	d.id = delivery.NewWebhookID()
	for _, id := range s.ids {
		digest := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, i))
		d.body = bytes.ReplaceAll(d.body, []byte(id), []byte(hex.EncodeToString(digest[:])[:len(id)]))
	}
	return d
}

// from hands over the deliveries from the ith to before the nth, to several
// goroutines.
func (s repoSequence) from(i, n int) func() (Delivery, bool) {
	var next atomic.Int64
	next.Store(int64(i))
	return func() (Delivery, bool) {
		at := int(next.Add(1)) - 1
		if at >= n {
			return Delivery{}, false
		}
		return s.at(at), true
	}
}
