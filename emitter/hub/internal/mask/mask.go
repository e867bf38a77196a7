// Package mask hides a webhook's secrets in what is shown: in responses, errors, URLs and
// the output of Jobs.
package mask

import (
	"net/url"
	"sync"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports/safetext"
)

// Placeholder replaces a secret in responses, errors, URLs and the output of Jobs. A command line
// to be run has $HUBHOOK_SECRET instead.
const Placeholder = "•••"

// Mask hides what is secret about a webhook in what is shown.
type Mask struct {
	redact.Mask
	URL string // the webhook's, without its secrets
}

// For hides a webhook's secret, the password or token in its URL, and the values in
// the query of that.
func For(w *activity.Webhook) *Mask {
	m := &Mask{}
	m.Hide(w.Secret, Placeholder)
	u, err := url.Parse(w.URL)
	if err != nil {
		return m
	}
	m.HideURL(u, Placeholder)
	m.URL = m.Text(redact.URL(u, Placeholder))
	return m
}

// TextPrefix masks a text, whose end may have cut a secret in two if it is cut.
func (m *Mask) TextPrefix(text string, isCut bool) string {
	if isCut {
		return m.Prefix(text)
	}
	return m.Text(text)
}

// URL returns the URL of a webhook without its secrets. It is empty if a Job is run.
func URL(w *activity.Webhook) string { return For(w).URL }

// Cache remembers masks, for it takes longer to make one than to use it.
type Cache struct {
	mu    sync.Mutex
	known map[maskKey]*Mask
}

type maskKey struct{ secret, url string }

func (m *Cache) For(w *activity.Webhook) *Mask {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := maskKey{w.Secret, w.URL}
	if made := m.known[key]; made != nil {
		return made
	}
	if m.known == nil || len(m.known) >= domain.MaxWebhooks {
		m.known = map[maskKey]*Mask{}
	}
	m.known[key] = For(w)
	return m.known[key]
}

// maxField is how much of a line of a head is kept, in bytes.
const maxField = 1024

// Field masks a text of a head, and cuts it if it is too long.
func (m *Mask) Field(text string) string {
	short := safetext.CutBytes(text, maxField)
	return m.TextPrefix(short, len(short) < len(text))
}
