package delivery

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// DefaultHandlerURL is where a handler is looked for unless told otherwise.
const DefaultHandlerURL = "http://127.0.0.1:8000/webhook"

// SecretParameter is the query parameter that holds the secret (hub docs,
// "Webhook secret").
const SecretParameter = "secret"

// HandlerURLName is whose the URL of a destination is, for errors.
const HandlerURLName = "the handler's URL"

// ParseURL reads the URL of a handler, or of something else that is asked over
// HTTP; whose it is stands in errors. Its text does not, for it may hold a secret.
func ParseURL(whose, text string) (*url.URL, error) {
	parsed, err := url.Parse(text)
	switch {
	case !strings.Contains(text, "://"):
		return nil, fmt.Errorf("%s is not one of http://host/path or https://host/path: does it lack http:// at its beginning?", whose)
	case err != nil:
		// What net/url says quotes the text: a password with a # or / in it reads as a port.
		return nil, fmt.Errorf("%s cannot be read: a port is a number, and a # or / in a password is written as %%23 or %%2F", whose)
	case parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "":
		return nil, fmt.Errorf("%s is not one of http://host/path or https://host/path", whose)
	}
	parsed.Fragment, parsed.RawFragment = "", "" // is for browsers, and never sent
	return parsed, nil
}

// CutSecret takes ?secret=… out of a URL. It is empty where there is none.
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

// Destination is the handler that deliveries go to, and how it is given the
// secret.
type Destination struct {
	URL      *url.URL    // of http or https; it must be set
	SecretIn SecretIn    // nowhere where empty
	Header   http.Header // more headers; one takes the place of ours of the same name
}

// Attempt is an attempt at a delivery, with the secret where it belongs.
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

// WithoutSecret is an attempt without the secret.
func (d Destination) WithoutSecret(m Message) Attempt {
	d.SecretIn = InNone
	return d.Attempt(m, "")
}

// addHeaders adds the headers. One that takes the place of ours takes over its
// spelling: net/http knows its own User-Agent by that.
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

// WithQuery is the URL with ?secret=…, escaped already, as its last parameter.
func (d Destination) WithQuery(secret string) string {
	u := *d.URL
	if u.RawQuery != "" && !strings.HasSuffix(u.RawQuery, "&") {
		u.RawQuery += "&"
	}
	u.RawQuery += SecretParameter + "=" + secret
	return u.String()
}

// CheckNoSecret finds a secret in a URL that is to be written down.
func (d Destination) CheckNoSecret() error {
	if _, has := d.URL.User.Password(); has {
		return errors.New("the handler's URL holds a password, which would be written down: leave it out")
	}
	if d.URL.Query().Has(SecretParameter) {
		return errors.New("the handler's URL holds a secret, which would be written down: leave ?secret=… out, and say --secret-in query")
	}
	return nil
}

// Check finds a place in which no secret can stand.
func (in SecretIn) Check() error {
	switch in {
	case InHeader, InQuery, InNone:
		return nil
	}
	return fmt.Errorf("unknown place for the secret %q: it is header, query or none", string(in))
}
