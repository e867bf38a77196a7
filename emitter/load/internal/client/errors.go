package client

import (
	"net/url"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

// errorMask hides what is secret in the texts of faults. net/http repeats what it cannot
// read, and a handler may have sent back what it got.
type errorMask struct {
	secrets []string // of the webhooks, or one for all
	others  []string
}

func newErrorMask(o Options) *errorMask {
	m := &errorMask{secrets: o.Secrets}
	for _, values := range o.To.Header {
		for _, value := range values {
			m.others = append(m.others, redact.HeaderParts(value)...)
		}
	}
	for _, u := range []*url.URL{o.To.URL, o.Proxy} {
		if u != nil && u.User != nil {
			password, _ := u.User.Password()
			m.others = append(m.others, password, strings.TrimPrefix(basicCredentials(u.User), basicScheme))
		}
	}
	return m
}

// wrap returns an error whose text may be shown.
func (m *errorMask) wrap(err error, webhook int) error {
	if err == nil {
		return nil
	}
	return maskedError{err, m, webhook}
}

// maskedError masks its text only when that is asked for, which it seldom is.
type maskedError struct {
	error
	mask    *errorMask
	webhook int
}

func (e maskedError) Unwrap() error { return e.error }

func (e maskedError) Error() string {
	var mask redact.Mask
	mask.HideLong(e.mask.others...)
	mask.HideLong(e.mask.secrets[min(e.webhook, len(e.mask.secrets)-1)])
	return delivery.ShortText(mask.Text(e.error.Error()))
}
