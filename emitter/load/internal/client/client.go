// Package client sends requests over connections that are kept, and measures nothing: it is
// the part of a load generator that must cost little.
//
// A [Pool] has the clients of one target. Each [Client] sends one [Request] after another
// over a connection of its own, and returns a [Result]: a status, or why no complete
// response came, which [FaultKind] sorts. HTTP/1.1 is written and read by hand; HTTP/2
// and proxies are left to net/http.
//
// It never decides when a request is sent, nor whether it is sent again later.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Request is what one attempt sends. It may be used again once Do has returned.
type Request struct {
	Text      []byte // room for a head, then the payload
	BodyStart int    // where in Text the payload begins: Pool.Room, or more
	ID        []byte // the Webhook-Id
	Webhook   int    // whose secret it carries
}

// Result is what came of a request.
type Result struct {
	Status int   // of a complete response, 100 to 999; 0 if none came
	Err    error // why none came: see FaultKind
	Resent bool  // over a new connection, because the handler had closed the kept one
	Opened int   // connections opened for it
}

// Client sends one request after another, over a connection of its own that it keeps. It
// is not safe for concurrent use.
type Client interface {
	// Do sends a request and reads its response.
	Do(p *Request) Result
	// Close closes the connection.
	Close()
}

// Options say how requests are sent. To.URL must be set.
type Options struct {
	To      delivery.Destination // the handler, and where it wants the secret
	Secrets []string             // of the webhooks, or one for all
	Route   delivery.Route       // how the handler is reached
	Proxy   *url.URL             // nil: none
	Timeout time.Duration        // from dialing to the end of the response; zero means delivery.AttemptTimeout
}

// Pool has all clients of one target. Each has a connection of its own, over HTTP/2 too:
// so a connection is the same in every protocol, and the load is spread as that of many
// senders would be. Many a server serves all streams of one connection by one process, or
// one loop.
type Pool struct {
	options Options
	heads   requestHeads
	sweeper *deadlineSweeper
	mask    *errorMask
	dial    func(context.Context) (net.Conn, error)
	running context.Context // ends with Abort
	abort   context.CancelCauseFunc
	mu      sync.Mutex
	clients []Client
}

// ErrAborted is the error of a request that Abort ended.
var ErrAborted = errors.New("ended by hand before its answer came")

// NewPool returns the clients of a target. The error is the user's.
func NewPool(o Options) (*Pool, error) {
	if o.Timeout <= 0 {
		o.Timeout = delivery.AttemptTimeout
	}
	if len(o.Secrets) == 0 {
		o.Secrets = []string{""}
	}
	if o.To.SecretIn == delivery.InHeader {
		for i, secret := range o.Secrets {
			if err := delivery.CheckSecret(secret); err != nil {
				return nil, fmt.Errorf("the secret of webhook %d: %w", i+1, err)
			}
		}
	}
	heads, err := newRequestHeads(o.To, o.Secrets)
	if err != nil {
		return nil, fmt.Errorf("the handler's URL: %w", err)
	}
	c := &Pool{options: o, heads: heads, sweeper: newSweeper(o.Timeout), mask: newErrorMask(o)}
	c.dial = func(ctx context.Context) (net.Conn, error) { return o.Route.Dial(ctx, o.To.URL) }
	c.running, c.abort = context.WithCancelCause(context.Background())
	return c, nil
}

// Room returns how many bytes a request must leave free before its payload.
func (c *Pool) Room() int { return c.heads.room }

// NewClient adds a client. It writes and reads HTTP/1.1 by hand, which takes a third of
// the processor time of net/http, over TLS too. What may turn out to be HTTP/2, and
// proxies, it leaves to net/http.
func (c *Pool) NewClient() Client {
	var made Client
	if o := c.options; o.Proxy == nil && (o.To.URL.Scheme == "http" || o.Route.HTTP1) {
		made = newRawClient(c)
	} else {
		made = newHTTPClient(c)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clients = append(c.clients, made)
	return made
}

// Abort ends all requests under way and to come with ErrAborted. It may be called at any
// time.
func (c *Pool) Abort() {
	c.abort(ErrAborted)
	c.sweeper.abort()
}

// Close closes all clients, none of which may be in use any more.
func (c *Pool) Close() {
	c.sweeper.close()
	c.abort(ErrAborted)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, made := range c.clients {
		made.Close()
	}
}
