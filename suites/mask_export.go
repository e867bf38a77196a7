package suites

import (
	"net/url"

	"github.com/hubhook/hubhook/emitter/redact"
)

// Mask hides secrets in what is shown of a handler's answers, in whatever
// encoding they appear. A text is to be masked once. A mask may be used by
// several goroutines.
type Mask struct{ masker *masker }

// NewMask hides the webhook's secret, which is shown as $HUBHOOK_SECRET; where it
// is empty there is none to hide.
func NewMask(secret string) *Mask { return &Mask{newMasker(secret)} }

// HideURL hides the password of a URL, too.
func (m *Mask) HideURL(u *url.URL) { m.masker.learnURL(u.String()) }

// Hide hides another value, too. One of under 4 bytes is not hidden: that would
// take half of every text away.
func (m *Mask) Hide(value string) {
	if len(value) < redact.MinEncoded {
		return
	}
	m.masker.hide(value)
}

// Text masks a whole text.
func (m *Mask) Text(text string) string { return m.masker.text(text) }

// Cut masks the beginning of a text, the end of which may have cut a secret in
// two.
func (m *Mask) Cut(text string) string { return string(m.masker.truncated([]byte(text))) }
