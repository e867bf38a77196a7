package suites

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

// masker hides the secret, and values derived from it, in what is shown. It replaces
// each with its shell form.
type masker struct {
	redact.Mask
	secret Variant
	mu     sync.RWMutex
	learnt []Variant
}

// newMasker hides secret; where it is empty there is nothing to hide.
func newMasker(secret string) *masker {
	m := &masker{secret: theSecret(secret)}
	m.learn(m.secret)
	return m
}

// learn hides a derived value too: a handler that echoes one gives the secret away just
// as well. Literals, and whatever is derived from an empty secret, are no news.
func (m *masker) learn(form Variant) {
	if form.literal || form.value() == "" || m.secret.value() == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := func(other Variant) bool { return !form.differs(other) }
	if slices.ContainsFunc(m.learnt, known) {
		return
	}
	m.learnt = append(m.learnt, form)
	m.HideForm(form.value(), readable(form.shell), form.shell)
}

// exchange masks all of an exchange in place, but for Curl, which is built
// without secrets, and the numbers.
func (m *masker) exchange(e *reports.Exchange) {
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
func (m *masker) headers(headers []reports.Header) []reports.Header {
	masked := slices.Clone(headers)
	for i, header := range masked {
		masked[i] = reports.Header{Name: m.Text(header.Name), Value: m.Text(header.Value)}
	}
	return masked
}

func (m *masker) body(body reports.Body, cut bool) reports.Body {
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

// readable is a shell form as a person reads it. A filter would look like what a
// handler had answered.
func readable(shell string) string {
	if strings.HasPrefix(shell, "$(") {
		return "<a wrong secret>"
	}
	return shell
}

// tellingValue is from how many bytes on the value of any header that a user adds
// is hidden wherever it appears, for it may be a secret under a name of its own.
// Shorter ones, such as "1" or "test", would take half of every text away.
const tellingValue = 8

// learnHeaders makes the masker hide what may be secret in headers that a user adds.
func (m *masker) learnHeaders(header http.Header) {
	m.HideHeader(header)
	for _, values := range header {
		for _, value := range values {
			for _, part := range redact.HeaderParts(value) {
				if len(part) >= tellingValue && !slices.Contains(sentAnyway(), part) {
					m.HideLong(part)
				}
			}
		}
	}
}

// sentAnyway are values that every delivery has, and that say nothing.
func sentAnyway() []string { return []string{delivery.ContentType, delivery.UserAgent} }

// given tells whether a header has a value that the user gave it.
func (t Target) given(name, value string) bool { return slices.Contains(t.Header[name], value) }

// withoutGiven leaves the values out that the user gave headers. In their own place
// they are hidden however short they are.
func (t Target) withoutGiven(headers []reports.Header) []reports.Header {
	for i, header := range headers {
		if t.given(header.Name, header.Value) {
			headers[i].Value = redact.Placeholder
		}
	}
	return headers
}

// spelledAsOurs spells the names of headers as a delivery has them, so that one
// which a user adds takes the place of ours.
func spelledAsOurs(header http.Header) http.Header {
	spelled := http.Header{}
	for name, values := range header {
		for ours := range delivery.NewAttempt("", "", nil).Header {
			if strings.EqualFold(name, ours) {
				name = ours
			}
		}
		spelled[name] = append(spelled[name], values...)
	}
	return spelled
}
