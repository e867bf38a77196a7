package delivery

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"
)

// Message is one delivery, to be sent or written to a file.
type Message struct {
	Shape string // of the payload: "discussion.comment.create", "repo.config.dois.minted"
	ID    string // its Webhook-Id
	Body  []byte // the payload, compact JSON without a newline
}

// ShapeOf returns the shape that a payload's event names; empty if it names none.
func ShapeOf(body []byte) string {
	scope, action := gjson.GetBytes(body, "event.scope"), gjson.GetBytes(body, "event.action")
	if scope.Type != gjson.String || action.Type != gjson.String || scope.Str == "" || action.Str == "" {
		return ""
	}
	return scope.Str + "." + action.Str
}

// ResolvedShape returns the message's shape or, if that stands for many ("repo.config.*") or is empty, the payload's.
func (m Message) ResolvedShape() string {
	if m.Shape == "" || strings.HasSuffix(m.Shape, "*") {
		return ShapeOf(m.Body)
	}
	return m.Shape
}

// NewWebhookID returns the Webhook-Id of a new delivery: a random UUID (RFC 9562, version 4). Its form is an
// assumption; only its uniqueness is documented.
func NewWebhookID() string {
	var b [16]byte
	rand.Read(b[:])
	return string(AppendUUID(nil, b))
}

// AppendUUID appends a UUID of version 4 to dst, made of random bytes.
func AppendUUID(dst []byte, b [16]byte) []byte {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	dst = append(hex.AppendEncode(dst, b[:4]), '-')
	dst = append(hex.AppendEncode(dst, b[4:6]), '-')
	dst = append(hex.AppendEncode(dst, b[6:8]), '-')
	dst = append(hex.AppendEncode(dst, b[8:10]), '-')
	return hex.AppendEncode(dst, b[10:])
}

// DefaultHandlerURL is the handler's URL if none is given.
const DefaultHandlerURL = "http://127.0.0.1:8000/webhook"

// SecretParameter is the query parameter that holds the secret (hub docs, "Webhook secret").
const SecretParameter = "secret"

// ParseURL parses the URL of a handler, or of something else that HTTP reaches. Errors name it by whose, and never
// repeat it, for it may hold a secret.
func ParseURL(whose, text string) (*url.URL, error) {
	parsed, err := url.Parse(text)
	switch {
	case !strings.Contains(text, "://"):
		return nil, fmt.Errorf(
			"%s is not one of http://host/path or https://host/path: does it lack http:// at its beginning?",
			whose)
	case err != nil:
		// What net/url says quotes the text: a password with a # or / in it reads as a port.
		return nil, fmt.Errorf(
			"%s cannot be read: a port is a number, and a # or / in a password is written as %%23 or %%2F",
			whose)
	case parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "":
		return nil, fmt.Errorf("%s is not one of http://host/path or https://host/path", whose)
	}
	parsed.Fragment, parsed.RawFragment = "", "" // never sent
	return parsed, nil
}

// CutSecret removes ?secret=… from a URL and returns the secret; empty if there is none.
func CutSecret(u *url.URL) string {
	query := u.Query()
	if !query.Has(SecretParameter) {
		return ""
	}
	secret := query.Get(SecretParameter)
	query.Del(SecretParameter)
	u.RawQuery = query.Encode()
	return secret
}

// Destination is the handler that deliveries go to, and where it expects the secret.
type Destination struct {
	URL      *url.URL    // http or https; it must be set
	SecretIn SecretIn    // nowhere if empty
	Header   http.Header // more headers; they replace ours of the same name
}

// Attempt returns an attempt at a delivery, with the secret where it belongs.
func (d Destination) Attempt(m Message, secret string) Attempt {
	a := NewAttempt(d.URL.String(), m.ID, m.Body)
	switch d.SecretIn {
	case InHeader:
		a.Header[SecretHeader] = []string{secret}
	case InQuery:
		a.URL = d.WithQuery(url.QueryEscape(secret))
	}
	d.addHeaders(a.Header)
	return a
}

// WithoutSecret returns an attempt without the secret.
func (d Destination) WithoutSecret(m Message) Attempt {
	d.SecretIn = InNone
	return d.Attempt(m, "")
}

// HasHeader reports whether a header has a name, in whatever case.
func HasHeader(header http.Header, name string) bool {
	for other := range header {
		if strings.EqualFold(other, name) {
			return true
		}
	}
	return false
}

// addHeaders adds the headers. One that replaces ours takes over its spelling, by which net/http knows its User-Agent.
func (d Destination) addHeaders(to http.Header) {
	for added, values := range d.Header {
		name := added
		for ours := range to {
			if strings.EqualFold(ours, added) {
				name = ours
			}
		}
		to[name] = values
	}
}

// WithQuery returns the URL with ?secret=… as its last parameter; the secret is already escaped.
func (d Destination) WithQuery(secret string) string {
	u := *d.URL
	if u.RawQuery != "" && !strings.HasSuffix(u.RawQuery, "&") {
		u.RawQuery += "&"
	}
	u.RawQuery += SecretParameter + "=" + secret
	return u.String()
}

// CheckNoSecret returns an error if the URL, which is to be written to a file, has a secret.
func (d Destination) CheckNoSecret() error {
	if _, has := d.URL.User.Password(); has {
		return errors.New("the handler's URL holds a password, which would be written down: leave it out")
	}
	if d.URL.Query().Has(SecretParameter) {
		return errors.New("the handler's URL holds a secret, which would be written down: leave ?secret=… out, and say --secret-in query")
	}
	return nil
}

// Check returns an error if the place is unknown.
func (in SecretIn) Check() error {
	switch in {
	case InHeader, InQuery, InNone:
		return nil
	}
	return fmt.Errorf("unknown place for the secret %q: it is header, query or none", string(in))
}
