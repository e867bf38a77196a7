package suites

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
)

// masker hides the secret, and values derived from it, in what is shown. Each
// appearance, in whatever encoding, is replaced with the shell form of the value.
//
// A text is to be masked once: a secret such as "HOOK" would be found again in
// what stands for it. A masker may be used by several goroutines.
type masker struct {
	mu     sync.RWMutex
	secret SecretForm
	learnt []SecretForm
	mask   redact.Mask // has shell forms stand for values
}

// newMasker hides secret; where it is empty there is nothing to hide.
func newMasker(secret string) *masker {
	m := &masker{secret: theSecret(secret)}
	m.learn(m.secret)
	return m
}

// learn makes the masker hide a derived value too: a handler that echoes one
// gives the secret away just as well. Literals, and whatever is derived from an
// empty secret, are no news.
func (m *masker) learn(form SecretForm) {
	if form.literal || form.value() == "" || m.secret.value() == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	known := func(other SecretForm) bool { return !form.differs(other) }
	if slices.ContainsFunc(m.learnt, known) {
		return
	}
	m.learnt = append(m.learnt, form)
	m.mask.Hide(form.value(), form.shell)
}

// learnURL makes the masker hide the password of a URL, which a handler would
// echo as part of an Authorization header. One of under 4 bytes is not hidden:
// that would take half of every text away.
func (m *masker) learnURL(rawURL string) {
	parsed, err := url.Parse(rawURL)
	if err != nil {
		return
	}
	password, _ := parsed.User.Password()
	if len(password) < redact.MinEncoded {
		return
	}
	m.hide(password)
}

// hide makes the masker hide a value that has nothing to do with the secret.
func (m *masker) hide(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mask.Hide(value, redacted)
}

// text masks a whole text.
func (m *masker) text(s string) string { return shown(m.split(s, false)) }

// bytes masks a whole body.
func (m *masker) bytes(b []byte) []byte { return []byte(m.text(string(b))) }

// truncated masks the beginning of a body, the end of which may have cut the
// secret in two: 4 characters or more of it at the very end are masked as well.
func (m *masker) truncated(b []byte) []byte { return []byte(shown(m.split(string(b), true))) }

// split takes a text apart into what may be shown and what may not. Where cut is set,
// the text goes on where we do not see it.
func (m *masker) split(s string, cut bool) []segment {
	m.mu.RLock()
	pieces := m.mask.Split(s, cut)
	m.mu.RUnlock()
	segments := make([]segment, len(pieces))
	for i, p := range pieces {
		segments[i] = segment{text: p.Text, shell: p.StandIn}
	}
	return segments
}

// exchange masks all of an exchange in place, but for Curl, which is built
// without secrets, and the numbers.
func (m *masker) exchange(e *reports.Exchange) {
	cut := e.Error != "" // a connection lost on the way cuts a body as well
	e.What = m.text(e.What)
	e.Error = m.text(e.Error)
	e.Request.Method = m.text(e.Request.Method)
	e.Request.URL = m.text(redactURL(e.Request.URL))
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
		masked[i] = reports.Header{Name: m.text(header.Name), Value: m.text(header.Value)}
	}
	return masked
}

func (m *masker) body(body reports.Body, cut bool) reports.Body {
	mask := m.bytes
	if cut || body.Truncated {
		mask = m.truncated
	}
	decoded, err := base64.StdEncoding.DecodeString(body.Text)
	if body.Base64 && err == nil {
		body.Text = base64.StdEncoding.EncodeToString(mask(decoded))
		return body
	}
	body.Text = string(mask([]byte(body.Text)))
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

// shown is the text of segments as it may be read by anyone.
func shown(segments []segment) string {
	var out strings.Builder
	for _, s := range segments {
		if s.shell != "" {
			out.WriteString(readable(s.shell))
		} else {
			out.WriteString(s.text)
		}
	}
	return out.String()
}
