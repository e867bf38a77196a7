// Package client sends requests over connections that are kept, and measures nothing: it is
// the part of a load generator that must cost little.
//
// A [Pool] has the clients of one target. Each [Client] sends one [Request] after another
// over a connection of its own, and gives a [Result]: a status, or why no complete response
// came, which [FaultKind] sorts. HTTP/1.1 is written and read by hand; net/http does HTTP/2
// and proxies.
//
// It never decides when a request is sent, nor whether one is sent again later.
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

// Request is what one attempt sends. It may be used again once do has returned.
type Request struct {
	Text      []byte // room for a head, then the payload
	BodyStart int    // where in text the payload begins: clients.room, or more
	ID        []byte // the Webhook-Id
	Webhook   int    // whose secret it carries
}

// Result is what came of a parcel.
type Result struct {
	Status int   // of a complete answer, 100 to 999; 0 where none came
	Err    error // why none came: see FaultKind
	Resent bool  // it was sent again on a new connection, as the handler had closed the kept one
	Opened int   // connections opened for it
}

// Client sends one parcel after another, over a connection of its own that it
// keeps. It is not safe for concurrent use.
type Client interface {
	Do(p *Request) Result
	Close()
}

// Options say how parcels are sent. URL is all that must be there.
type Options struct {
	To delivery.Destination
	// Secrets are those of the webhooks; one alone is for all of them.
	Secrets []string
	Route   delivery.Route
	Proxy   *url.URL      // nil: none
	Timeout time.Duration // from the dialling to the end of the answer; emitter.AttemptTimeout where zero
}

// Pool are all that send to one target. Each has a connection of its own, over
// HTTP/2 too: so a connection is the same in every protocol, and the load is spread as
// that of many senders would be. The streams of one connection are all served by one
// process, or one loop, of many a server.
type Pool struct {
	options Options
	heads   requestHeads
	sweeper *deadlineSweeper
	mask    *errorMask
	dial    func(context.Context) (net.Conn, error)
	// running ends at cut, and is what those wait by that are ended by a context.
	running context.Context
	abort   context.CancelCauseFunc
	mu      sync.Mutex
	clients []Client
}

// ErrAborted is why an attempt has no answer that an interrupt ended.
var ErrAborted = errors.New("ended by hand before its answer came")

// NewPool makes the clients of a target. The error is the user's.
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

// Room is how many bytes a parcel has to leave free before its payload.
func (c *Pool) Room() int { return c.heads.room }

// NewClient makes a client. HTTP/1.1 it writes and reads by hand, which takes a third of
// the processor time of net/http, over TLS too. That is left HTTP/2, and what may turn
// out to be HTTP/2, and proxies.
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

// Abort ends what is under way, and what is still to be done, each with ErrAborted. It may
// be called at any time.
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
