package hub

import (
	"net/url"
	"sync"

	"github.com/hubhook/hubhook/emitter/redact"
)

// hidden stands for a secret wherever it is only looked at: in answers, errors, URLs,
// the output of Jobs. A command line that is to be run says $HUBHOOK_SECRET instead.
const hidden = "•••"

// mask hides what is secret about a webhook in what is shown.
type mask struct {
	redact.Mask
	url string // the webhook's, without its secrets
}

// maskOf hides a webhook's secret, the password or token in its URL, and the values in
// the query of that.
func maskOf(w *Webhook) *mask {
	m := &mask{}
	m.Hide(w.Secret, hidden)
	u, err := url.Parse(w.URL)
	if err != nil {
		return m
	}
	m.HideURL(u, hidden)
	m.url = m.Text(redact.URL(u, hidden))
	return m
}

// cut masks a text, whose end may have cut a secret in two where it is cut.
func (m *mask) cut(text string, isCut bool) string {
	if isCut {
		return m.Prefix(text)
	}
	return m.Text(text)
}

// shownURL is the URL of a webhook without its secrets. It is empty where a Job is run.
func shownURL(w *Webhook) string { return maskOf(w).url }

// masks remembers masks, for it takes longer to make one than to use it.
type masks struct {
	mu    sync.Mutex
	known map[maskKey]*mask
}

// maskKey is all that a mask depends on.
type maskKey struct{ secret, url string }

// of is the mask of a webhook.
func (m *masks) of(w *Webhook) *mask {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := maskKey{w.Secret, w.URL}
	if made := m.known[key]; made != nil {
		return made
	}
	if m.known == nil || len(m.known) >= mostWebhooks {
		m.known = map[maskKey]*mask{}
	}
	m.known[key] = maskOf(w)
	return m.known[key]
}

// longestField is how much of a line of a head is kept, in bytes.
const longestField = 1024

// field masks a text of a head, and cuts it where it is too long.
func (m *mask) field(text string) string {
	short := firstBytes(text, longestField)
	return m.cut(short, len(short) < len(text))
}
