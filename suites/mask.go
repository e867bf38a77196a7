package suites

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hubhook/hubhook/emitter/delivery"
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
	secret Variant
	learnt []Variant
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

// ConfidentialHeader tells whether the value of a header is secret by its name.
func ConfidentialHeader(name string) bool {
	confidential := []string{"Authorization", "Proxy-Authorization", "Cookie", delivery.SecretHeader, "X-Api-Key"}
	return slices.Contains(confidential, http.CanonicalHeaderKey(name))
}

// tellingValue is from how many bytes on the value of any header that a user adds
// is hidden wherever it appears, for it may be a secret under a name of its own.
// Shorter ones, such as "1" or "test", would take half of every text away.
const tellingValue = 8

// learnHeaders makes the masker hide what may be secret in headers that a user adds.
func (m *masker) learnHeaders(header http.Header) {
	for name, values := range header {
		least := tellingValue
		if ConfidentialHeader(name) {
			least = redact.MinEncoded
		}
		for _, value := range values {
			for _, part := range parts(value) {
				if len(part) >= least && !slices.Contains(sentAnyway(), part) {
					m.hide(part)
				}
			}
		}
	}
}

// parts are a header's value and what of it a handler may show alone: the token of
// "Bearer TOKEN", the password of "Basic …" (RFC 7617, section 2).
func parts(value string) []string {
	scheme, token, _ := strings.Cut(value, " ")
	list := []string{value, token}
	if strings.EqualFold(scheme, "Basic") {
		pair, _ := base64.StdEncoding.DecodeString(token)
		_, password, _ := strings.Cut(string(pair), ":")
		list = append(list, password)
	}
	return list
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
			headers[i].Value = redacted
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

// redacted stands for the password of a URL.
const redacted = "***"

// redactURL hides the password in http://user:password@host and changes nothing
// else, not even in what is no valid URL.
func redactURL(rawURL string) string {
	scheme, rest, found := strings.Cut(rawURL, "//")
	if !found || strings.ContainsAny(scheme, "/?#") || scheme != "" && !strings.HasSuffix(scheme, ":") {
		return rawURL
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	at := strings.LastIndexByte(rest[:end], '@')
	if at < 0 {
		return rawURL
	}
	user, _, hasPassword := strings.Cut(rest[:at], ":")
	if !hasPassword {
		return rawURL
	}
	return scheme + "//" + user + ":" + redacted + rest[at:]
}
