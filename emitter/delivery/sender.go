// Package delivery sends deliveries as the Hub does, and requests that no client would
// send.
//
// A [Destination] turns a [Message] into an [Attempt], with the secret where it belongs. A
// [Sender] makes one attempt and returns the [Exchange]; a [Series] makes one after another.
// A [RawRequest] is written byte for byte, and a [Conn] holds a connection for several.
//
// It makes no payloads and judges no response.
package delivery

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
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

// SecretIn says where the secret stands.
type SecretIn string

// The places for a secret.
const (
	InHeader SecretIn = "header" // X-Webhook-Secret
	InQuery  SecretIn = "query"  // ?secret=…, in the URL
	InNone   SecretIn = "none"   // nowhere: the handler is open to everybody
)

// AttemptTimeout is how long the Hub waits for an answer (Hub staff, 2024).
const AttemptTimeout = 30 * time.Second

// ResponseLimit is how much of an answer's body is read. A longer one is no
// complete answer: a handler that streams for ever must not hold its sender.
const ResponseLimit = 1 << 20

// HeadLimit is how much of a response's head is read, in bytes, interim responses before
// it included.
const HeadLimit = 64 << 10

// NewWebhookID makes the Webhook-Id of a new delivery: a random UUID (RFC 9562,
// version 4). Its form is an assumption; only its uniqueness is documented.
func NewWebhookID() string {
	var b [16]byte
	rand.Read(b[:])
	return formatUUID(b)
}

// Attempt is one HTTP request of a delivery.
type Attempt struct {
	Method string // POST where empty
	URL    string // absolute, of http or https
	// Header is sent as it stands, names included: they are not put into their
	// usual case. net/http adds a User-Agent where there is none.
	Header http.Header
	Body   []byte // the payload, or whatever else is to be sent; none where empty
	// Chunked sends the body in chunks, without Content-Length.
	Chunked bool
	// NewConnection keeps the attempt from using a connection of an earlier one,
	// and later ones from using its own.
	NewConnection bool
	// Raw, where it is not nil, has the request written by hand, over a
	// connection of its own.
	Raw *RawRequest
}

// NewAttempt is an attempt as the Hub makes it for a webhook without secret.
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

// Exchange is an attempt and what came of it.
type Exchange struct {
	Attempt  Attempt       // as it was asked for
	Started  time.Time     // when it was begun, before a connection was opened
	Duration time.Duration // until the end of the answer, or until it was given up
	// Response is nil where no answer came. Where its body broke off, it holds
	// what came of it: see Err.
	Response *Response
	// Err says why there is no complete answer; it is nil where there is one.
	Err error
}

// Response is an answer as it came.
type Response struct {
	Status int         // of HTTP, such as 202
	Header http.Header // names in their usual case
	Body   []byte      // up to ResponseLimit
	// Proto is the version of HTTP that it came in: "HTTP/1.1", "HTTP/2.0".
	Proto string
	// TLS is the state of the connection that it came on; nil for http.
	TLS *tls.ConnectionState
	// Reused tells that it came on a connection of an earlier attempt.
	Reused bool
	// Continued tells that an interim answer, 100, came before it. Without Wire, it
	// does so only where the attempt has a body and an Expect header.
	Continued bool
}

// Errors that keep an answer from being complete. That of an Exchange wraps them.
var (
	// ErrTimeout: the end of the answer did not come within the sender's timeout, or a
	// step on the way to it took too long, such as the TLS handshake.
	ErrTimeout = errors.New("no complete answer in time")
	// ErrLongHead: the head, interim responses included, has more than HeadLimit. net/http
	// has an error of its own for that.
	ErrLongHead = fmt.Errorf("the answer's head is longer than %d KiB", HeadLimit>>10)
	// ErrEndless: the body has more than ResponseLimit.
	ErrEndless = fmt.Errorf("the answer's body is longer than %d KiB", ResponseLimit>>10)
)

// Sender sends attempts. It is safe for concurrent use.
type Sender struct {
	client  *http.Client
	fresh   *http.Client // opens a connection for each attempt, and closes it
	route   Route
	timeout time.Duration
}

// SenderOptions say how attempts are sent. The zero value sends as the Hub does.
type SenderOptions struct {
	Timeout time.Duration // AttemptTimeout where zero
	// Route is how the target is reached.
	Route Route
	// Transport, where it is not nil, sends instead of one made of Route, which
	// rules only what is written by hand (Attempt.Wire, Open) then. A copy of it
	// opens the new connections that attempts ask for.
	Transport *http.Transport
}

// NewSender makes a sender.
func NewSender(o SenderOptions) *Sender {
	if o.Timeout == 0 {
		o.Timeout = AttemptTimeout
	}
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
		// What the Hub does with a redirect is published nowhere; that one is no
		// 2xx answer is.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Timeout is how long an attempt waits for its answer.
func (s *Sender) Timeout() time.Duration { return s.timeout }

// Close closes the connections that nothing uses.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// Send makes one attempt. That no answer came is no error but an exchange that
// says so.
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

func (s *Sender) exchange(ctx context.Context, a Attempt) (*Response, error) {
	ctx, seen := trace(ctx)
	request, err := newRequest(ctx, a)
	if err != nil {
		return nil, err
	}
	client := s.client
	if a.NewConnection {
		client = s.fresh
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	r := newResponse(answer)
	r.Reused, r.Continued = seen.reused.Load(), seen.continued.Load()
	r.Body, err = readBody(answer.Body)
	if r.Status == http.StatusInternalServerError {
		// Some servers, uvicorn among them, close the connection after an error of their
		// application without saying so. The next attempt would meet that, and be taken
		// for one that was dropped.
		client.CloseIdleConnections()
	}
	return r, err
}

// newResponse is the head of an answer.
func newResponse(answer *http.Response) *Response {
	return &Response{Status: answer.StatusCode, Header: answer.Header, Proto: answer.Proto, TLS: answer.TLS}
}

// readBody reads the body of an answer. What came of a broken one comes with the
// error.
func readBody(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, ResponseLimit+1))
	if err == nil && len(body) > ResponseLimit {
		return body[:ResponseLimit], ErrEndless
	}
	return body, err
}

// newRequest makes the request of an attempt.
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

// wrapError says in the sender's words why no complete answer came.
func (s *Sender) wrapError(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		return fmt.Errorf("%w: waited %v", ErrTimeout, s.timeout)
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err // the URL, which can hold a secret, is not repeated
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the connection was closed before the answer was complete: %w", err)
	}
	if ctx.Err() == nil && stepTimedOut(err) {
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return shortError(certificateError(err))
}

// stepTimedOut tells whether a step on the way took too long, such as the TLS
// handshake. That nobody can be dialled is another matter: see unreachable.
func stepTimedOut(err error) bool {
	var waiting net.Error
	return errors.As(err, &waiting) && waiting.Timeout() && unreachable(err) == nil
}

// CheckSecret tells whether a secret can stand in a header: printable ASCII, as
// the Hub's settings demand (hub docs, "Webhook secret").
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
