package hub

import "github.com/hubhook/hubhook/emitter/redact"

// hiding takes the webhooks' secrets out of what others wrote: a bot may have posted
// what it was sent.
type hiding struct{ mask redact.Mask }

// shortestHidden is how long a secret is that is taken out, in bytes. A shorter one is
// likely to be a word that stands there for itself: "test" would be gone from names,
// and thereby be told.
const shortestHidden = 8

func hidingFor(s *state) *hiding {
	h := &hiding{}
	for _, w := range s.Webhooks() {
		if len(w.Secret) >= shortestHidden {
			h.mask.HideExact(w.Secret, hidden)
		}
	}
	return h
}

func (h *hiding) text(text string) string { return h.mask.Text(text) }

func (h *hiding) bytes(text []byte) []byte { return []byte(h.mask.Text(string(text))) }
