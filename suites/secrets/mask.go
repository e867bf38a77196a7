package secrets

import (
	"encoding/base64"
	"net/http"
	"slices"
	"sync"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

// A Mask hides the secret, its variants and other values. A command line shows each
// variant as its shell form.
type Mask struct {
	redact.Mask
	secret  Variant
	mu      sync.RWMutex
	learned []Variant
}

// NewMask returns a mask that hides a secret; there is none if it is empty.
func NewMask(secret string) *Mask {
	m := &Mask{secret: Of(secret)}
	m.Learn(m.secret)
	return m
}

// Learn hides a variant of the secret too: a handler that echoes one gives the secret
// away just as well. Literals, and variants of an empty secret, need no hiding.
func (m *Mask) Learn(v Variant) {
	if v.literal || v.Value() == "" || m.secret.Value() == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := func(other Variant) bool { return !v.Differs(other) }
	if slices.ContainsFunc(m.learned, known) {
		return
	}
	m.learned = append(m.learned, v)
	m.HideForm(v.Value(), v.shown(), v.shell)
}

// shown returns the variant as a person reads it. The filter of a shell form would look as
// if the handler had answered it.
func (v Variant) shown() string {
	if v.filtered {
		return "<a wrong secret>"
	}
	return v.shell
}

// minHeaderValue is the size in bytes of the shortest value of a header of the user's that
// is hidden wherever it appears, since it may be a secret under a name of its own. Shorter
// ones, such as "1" or "test", would hide half of every text.
const minHeaderValue = 8

// HideHeaders hides what may be confidential in headers that a user adds.
func (m *Mask) HideHeaders(header http.Header) {
	m.HideHeader(header)
	always := []string{delivery.ContentType, delivery.UserAgent} // every delivery has these
	for _, values := range header {
		for _, value := range values {
			for _, part := range redact.HeaderParts(value) {
				if len(part) >= minHeaderValue && !slices.Contains(always, part) {
					m.HideLong(part)
				}
			}
		}
	}
}

// Shell returns a text as a word of a command line that shows no secret.
func (m *Mask) Shell(text string) curl.Text { return m.Split(text, false) }

// restores reports whether a shell turns a text of Shell back into the original. It does
// not if an encoding of a variant is hidden.
func (m *Mask) restores(text curl.Text) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return !slices.ContainsFunc(text, func(p redact.Piece) bool {
		exact := func(v Variant) bool { return v.shell == p.Command && v.Value() == p.Text }
		return p.Command != "" && !slices.ContainsFunc(m.learned, exact)
	})
}

// Exchange masks an exchange in place, except for Curl, which is built without secrets.
func (m *Mask) Exchange(e *reports.Exchange) {
	cut := e.Error != "" // a connection lost on the way cuts a body as well
	e.What = m.Text(e.What)
	e.Error = m.Text(e.Error)
	e.Request.Method = m.Text(e.Request.Method)
	e.Request.URL = m.Text(redact.Password(e.Request.URL))
	e.Request.Headers = m.headers(e.Request.Headers)
	e.Request.Body = m.body(e.Request.Body, false)
	if e.Response == nil {
		return
	}
	response := *e.Response
	response.Headers = m.headers(response.Headers)
	response.Body = m.body(response.Body, cut)
	e.Response = &response
}

// headers masks a copy, since exchanges may share one list.
func (m *Mask) headers(headers []reports.Header) []reports.Header {
	masked := slices.Clone(headers)
	for i, header := range masked {
		masked[i] = reports.Header{Name: m.Text(header.Name), Value: m.Text(header.Value)}
	}
	return masked
}

func (m *Mask) body(body reports.Body, cut bool) reports.Body {
	mask := m.Text
	if cut || body.Truncated {
		mask = m.Prefix
	}
	decoded, err := base64.StdEncoding.DecodeString(body.Text)
	if body.Base64 && err == nil {
		body.Text = base64.StdEncoding.EncodeToString([]byte(mask(string(decoded))))
		return body
	}
	body.Text = mask(body.Text)
	return body
}
