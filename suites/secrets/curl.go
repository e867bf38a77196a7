package secrets

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
)

// A CurlRequest is a request that a curl command shall send without showing the secret.
type CurlRequest struct {
	Method string
	// URL is the handler's, without the secret. A password in it is not shown.
	URL string
	// QuerySecret, if set, is the last parameter of the URL, secret.
	QuerySecret Variant
	// Headers keep order and repetition; "Transfer-Encoding: chunked" is listed like any
	// other.
	Headers []CurlHeader
	Body    []byte
	Options []string // of curl, such as how the URL is reached
}

// A CurlHeader is one header field as it was sent.
type CurlHeader struct {
	Name  string
	Value string
	// Secret, if set, is sent instead of Value.
	Secret Variant
}

// Command returns a command for a POSIX shell that has $HUBHOOK_SECRET in its environment.
// What m hides in the URL, a header or the body stands there as its shell form.
func (r CurlRequest) Command(m *Mask) string {
	target, _, _ := strings.Cut(redact.Password(r.URL), "#")
	request := curl.Request{
		Options: curl.URLFlags(r.URL), Method: r.Method, URL: m.Shell(target),
		QuerySecret: r.QuerySecret.text(), Body: r.body(m),
	}
	for _, option := range r.Options {
		request.Options = append(request.Options, m.Shell(option))
	}
	for _, h := range r.Headers {
		value := h.Secret.text()
		if h.Secret.IsZero() {
			value = m.Shell(h.Value)
		}
		request.Headers = append(request.Headers, curl.Header{Name: m.Shell(h.Name), Value: value})
	}
	return request.String()
}

// text returns the variant as part of a command; nil if it was never set. A literal is
// shown.
func (v Variant) text() curl.Text {
	switch {
	case v.IsZero():
		return nil
	case v.literal:
		return curl.Literal(v.Value())
	}
	return curl.Text{{Text: v.Value(), Shown: v.shown(), Command: v.shell}}
}

const (
	// maxCurlText is the size in bytes of the longest body written as text.
	maxCurlText = 16 << 10
	// maxCurlBase64 is the size in bytes of the longest body written as base64.
	maxCurlBase64 = 64 << 10
)

// body writes the body as text if it can be read and copied, otherwise as base64 if that
// is short and shows no secret; the reader has to supply any other.
func (r CurlRequest) body(m *Mask) curl.Body {
	if len(r.Body) == 0 && !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, r.Method) {
		return curl.Body{}
	}
	if len(r.Body) > maxCurlBase64 {
		return r.missing("it is too long for a command line")
	}
	text := m.Shell(string(r.Body))
	switch {
	case len(r.Body) <= maxCurlText && curl.IsCopyable(r.Body):
		if !m.restores(text) {
			return r.missing("it holds the secret, encoded")
		}
		return curl.TextBody(text)
	case text.Hides():
		return r.missing("it holds the secret, which base64 would not hide")
	}
	return curl.Base64Body(r.Body)
}

func (r CurlRequest) missing(why string) curl.Body {
	return curl.FileBody(len(r.Body), why+". check --save DIR keeps this attempt, hubhook replay makes it again")
}
