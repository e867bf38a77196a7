package client

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/redact"
)

// errorMask hides what is secret in what is said of faults. net/http repeats what it cannot
// read, and a handler may have sent back what it got.
type errorMask struct {
	secrets []string // of the webhooks; one alone is for all of them
	others  []string
}

func newErrorMask(o Options) *errorMask {
	m := &errorMask{secrets: o.Secrets}
	for _, values := range o.To.Header {
		for _, value := range values {
			m.add(redact.HeaderParts(value)...)
		}
	}
	for _, u := range []*url.URL{o.To.URL, o.Proxy} {
		if u != nil && u.User != nil {
			password, _ := u.User.Password()
			m.add(password, strings.TrimPrefix(basicCredentials(u.User), basicScheme))
		}
	}
	return m
}

func (m *errorMask) add(values ...string) {
	m.others = append(m.others, values...)
}

// wrap is an error whose text is fit to be shown.
func (m *errorMask) wrap(err error, webhook int) error {
	if err == nil {
		return nil
	}
	return maskedError{err, m, webhook}
}

// maskedError is an error with a mask, which is put on when it is looked at: most never are.
type maskedError struct {
	error
	mask    *errorMask
	webhook int
}

func (e maskedError) Unwrap() error { return e.error }

func (e maskedError) Error() string {
	var hidden redact.Mask
	hidden.HideLong(e.mask.others...)
	hidden.HideLong(e.mask.secrets[min(e.webhook, len(e.mask.secrets)-1)])
	return shorten(hidden.Text(e.error.Error()))
}

// maxErrorText is how long the text of an error may be, in bytes: what a handler sent may
// be as long as it likes.
const maxErrorText = 400

func shorten(text string) string {
	if len(text) <= maxErrorText {
		return text
	}
	end := maxErrorText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
