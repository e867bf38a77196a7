// Package delivery sends deliveries as the Hub does, and requests that no client would send.
//
// A [Destination] turns a [Message] into an [Attempt], with the secret where it belongs. A [Sender] makes one attempt
// and returns the [Exchange]; a [Series] makes one after another. A [RawRequest] is written byte for byte, and a
// [Conn] holds a connection for several.
//
// It makes no payloads and judges no response.
package delivery

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// The headers of a delivery.
const (
	SecretHeader = "X-Webhook-Secret" // the secret, verbatim (hub docs, "Webhook secret")
	IDHeader     = "Webhook-Id"       // the same on all attempts of a delivery (hub docs, August 2026)
	// ContentType is an assumption: the documentation says JSON and no more.
	ContentType = "application/json"
	// UserAgent is an assumption too: what the Hub says is published nowhere.
	UserAgent = "hubhook"
)

// SecretIn is where the secret is.
type SecretIn string

// The places for a secret.
const (
	InHeader SecretIn = "header" // X-Webhook-Secret
	InQuery  SecretIn = "query"  // ?secret=…, in the URL
	InNone   SecretIn = "none"   // nowhere: the handler is open to everybody
)

// AttemptTimeout is how long the Hub waits for a response (Hub staff, 2024).
const AttemptTimeout = 30 * time.Second

// DailyQuota is how many triggers a webhook gets in 24 hours (hub docs, "Rate limit").
const DailyQuota = 1000

// Limits of a response, in bytes. A longer one is not complete: a handler that streams for ever must not hold its
// sender.
const (
	ResponseLimit = 1 << 20  // of the body
	HeadLimit     = 64 << 10 // of the head, interim responses before it included
)

// Attempt is one HTTP request of a delivery.
type Attempt struct {
	Method string // POST if empty
	URL    string // absolute, of http or https
	// Header is sent as it is: names are not put into their usual case. net/http adds a User-Agent if there is none.
	Header http.Header
	Body   []byte // the payload, or whatever else is to be sent; none if empty
	// Chunked sends the body in chunks, without Content-Length.
	Chunked bool
	// NewConnection keeps the attempt from using a connection of an earlier one, and later ones from using its own.
	NewConnection bool
	// Raw, if not nil, says how to write the request byte for byte, over a connection of its own.
	Raw *RawRequest
}

// NewAttempt returns an attempt as the Hub makes it for a webhook without secret.
func NewAttempt(target, webhookID string, body []byte) Attempt {
	return Attempt{
		Method: http.MethodPost,
		URL:    target,
		Header: http.Header{
			"Content-Type": {ContentType},
			"User-Agent":   {UserAgent},
			IDHeader:       {webhookID},
		},
		Body: body,
	}
}

// Exchange is an attempt and its result.
type Exchange struct {
	Attempt  Attempt       // as it was asked for
	Started  time.Time     // before a connection was opened
	Duration time.Duration // until the end of the response, or until it was given up
	// Response is nil if none came. If its body broke off, it has what came of it: see Err.
	Response *Response
	// Err says why there is no complete response; it is nil if there is one.
	Err error
}

// Response is a response as it came.
type Response struct {
	Status int         // such as 202
	Header http.Header // names in their usual case
	Body   []byte      // up to ResponseLimit
	Proto  string      // the version of HTTP: "HTTP/1.1", "HTTP/2.0"
	// TLS is the state of the connection; nil for http.
	TLS *tls.ConnectionState
	// Reused says that it came on a connection of an earlier attempt.
	Reused bool
	// Continued says that an interim response, 100, came before it. Without Attempt.Raw, it does so only if the
	// attempt has a body and an Expect header.
	Continued bool
}

// Sender sends attempts. It is safe for concurrent use.
type Sender struct {
	client  *http.Client
	fresh   *http.Client // opens a connection for each attempt, and closes it
	route   Route
	timeout time.Duration
}

// SenderOptions say how attempts are sent. The zero value sends as the Hub does.
type SenderOptions struct {
	Timeout time.Duration // AttemptTimeout if zero
	Route   Route         // how the target is reached
	// Transport, if not nil, sends instead of one made of Route, which then is used only for raw requests
	// (Attempt.Raw, Open). A copy of it opens the new connections that attempts ask for.
	Transport *http.Transport
}

// NewSender returns a sender.
func NewSender(o SenderOptions) *Sender {
	o.Timeout = cmp.Or(o.Timeout, AttemptTimeout)
	if o.Transport == nil {
		o.Transport = o.Route.Transport()
	}
	fresh := o.Transport.Clone()
	fresh.DisableKeepAlives = true
	return &Sender{timeout: o.Timeout, route: o.Route, client: newClient(o.Transport), fresh: newClient(fresh)}
}

func newClient(transport *http.Transport) *http.Client {
	return &http.Client{
		Transport: transport,
		// What the Hub does with a redirect is published nowhere; that it is no success is.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close closes the connections that are idle.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send makes one attempt. That no response came is not an error but an exchange that says so.
func (s *Sender) Send(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	if a.Raw != nil {
		return s.sendRaw(ctx, a)
	}
	x := Exchange{Attempt: a, Started: time.Now()}
	x.Response, x.Err = s.exchange(ctx, a)
	x.Duration = time.Since(x.Started)
	if x.Err != nil {
		x.Err = s.wrapError(ctx, x.Err)
	}
	return x
}

// errKeptConnection is the error of an attempt whose connection, of an earlier one, broke before any byte of a
// response: mostly the server had closed it, and the attempt met that on its way.
var errKeptConnection = errors.New("the connection had been closed")

// exchange sends once more, on another connection, what was sent over one that the server had closed. Every HTTP
// client does so: net/http itself for requests without a body.
func (s *Sender) exchange(ctx context.Context, a Attempt) (*Response, error) {
	r, err := s.exchangeOnce(ctx, a)
	if errors.Is(err, errKeptConnection) {
		s.client.CloseIdleConnections()
		a.NewConnection = true
		r, err = s.exchangeOnce(ctx, a)
	}
	return r, err
}

func (s *Sender) exchangeOnce(ctx context.Context, a Attempt) (*Response, error) {
	var reused, continued, answered atomic.Bool // which net/http does not say in a response
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(info httptrace.GotConnInfo) { reused.Store(info.Reused) },
		GotFirstResponseByte: func() { answered.Store(true) },
		Got100Continue:       func() { continued.Store(true) },
	})
	request, err := newRequest(ctx, a)
	if err != nil {
		return nil, err
	}
	client := s.client
	if a.NewConnection {
		client = s.fresh
	}
	response, err := client.Do(request)
	if err != nil && reused.Load() && !answered.Load() && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: %w", errKeptConnection, err)
	}
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	r := newResponse(response)
	r.Reused, r.Continued = reused.Load(), continued.Load()
	r.Body, err = readBody(response.Body)
	return r, err
}

func newResponse(head *http.Response) *Response {
	return &Response{Status: head.StatusCode, Header: head.Header, Proto: head.Proto, TLS: head.TLS}
}

// readBody reads the body of a response. What came of a broken one is returned with the error.
func readBody(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, ResponseLimit+1))
	if err == nil && len(body) > ResponseLimit {
		return body[:ResponseLimit], ErrEndless
	}
	return body, err
}

func newRequest(ctx context.Context, a Attempt) (*http.Request, error) {
	var body io.Reader = bytes.NewReader(a.Body)
	if a.Chunked {
		body = struct{ io.Reader }{body} // whose length net/http cannot see
	}
	if a.Body == nil {
		body = http.NoBody
	}
	request, err := http.NewRequestWithContext(ctx, cmp.Or(a.Method, http.MethodPost), a.URL, body)
	if err != nil {
		return nil, err
	}
	if a.Header != nil {
		request.Header = a.Header.Clone()
	}
	return request, nil
}

// CheckSecret returns an error if a secret cannot be sent in a header: the Hub's settings demand printable ASCII (hub
// docs, "Webhook secret").
func CheckSecret(secret string) error {
	for i, c := range secret {
		if c < ' ' || c > '~' {
			return fmt.Errorf("character %d cannot stand in a header: the Hub takes printable ASCII only", i+1)
		}
	}
	if strings.TrimSpace(secret) != secret {
		return errors.New("a space at its beginning or end is lost in a header")
	}
	return nil
}
