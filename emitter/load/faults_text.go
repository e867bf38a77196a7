package load

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/redact"
)

// mask hides what is secret in what is said of faults. net/http repeats what it cannot
// read, and a handler may have sent back what it got.
type mask struct {
	secrets []string // of the webhooks; one alone is for all of them
	others  []string
}

func newMask(o clientOptions) *mask {
	m := &mask{secrets: o.Secrets}
	for _, values := range o.To.Header {
		for _, value := range values {
			m.add(redact.HeaderParts(value)...)
		}
	}
	for _, u := range []*url.URL{o.To.URL, o.Proxy} {
		if u != nil && u.User != nil {
			password, _ := u.User.Password()
			m.add(password, strings.TrimPrefix(basic(u.User), basicScheme))
		}
	}
	return m
}

func (m *mask) add(values ...string) {
	m.others = append(m.others, values...)
}

// over is an error whose text is fit to be shown.
func (m *mask) over(err error, webhook int) error {
	if err == nil {
		return nil
	}
	return masked{err, m, webhook}
}

// masked is an error with a mask, which is put on when it is looked at: most never are.
type masked struct {
	error
	mask    *mask
	webhook int
}

func (e masked) Unwrap() error { return e.error }

func (e masked) Error() string {
	var hidden redact.Mask
	hidden.HideLong(e.mask.others...)
	hidden.HideLong(e.mask.secrets[min(e.webhook, len(e.mask.secrets)-1)])
	return shortened(hidden.Text(e.error.Error()))
}

// textLimit is how long the text of an error may be, in bytes: what a handler sent may
// be as long as it likes.
const textLimit = 400

func shortened(text string) string {
	if len(text) <= textLimit {
		return text
	}
	end := textLimit
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
