package load

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

// parcel is what one attempt sends. It may be used again once do has returned.
type parcel struct {
	text    []byte // room for a head, then the payload
	body    int    // where in text the payload begins: clients.room, or more
	id      []byte // the Webhook-Id
	webhook int    // whose secret it carries
}

// outcome is what came of a parcel.
type outcome struct {
	status int   // of a complete answer, 100 to 999; 0 where none came
	err    error // why none came: see kindOf
	resent bool  // it was sent again on a new connection, as the handler had closed the kept one
	opened int   // connections opened for it
}

// client sends one parcel after another, over a connection of its own that it
// keeps. It is not safe for concurrent use.
type client interface {
	do(p *parcel) outcome
	close()
}

// clientOptions say how parcels are sent. URL is all that must be there.
type clientOptions struct {
	To delivery.Destination
	// Secrets are those of the webhooks; one alone is for all of them.
	Secrets []string
	Route   delivery.Route
	Proxy   *url.URL      // nil: none
	Timeout time.Duration // from the dialling to the end of the answer; emitter.AttemptTimeout where zero
}

// clients are all that send to one target. Each has a connection of its own, over
// HTTP/2 too: so a connection is the same in every protocol, and the load is spread as
// that of many senders would be. The streams of one connection are all served by one
// process, or one loop, of many a server.
type clients struct {
	options clientOptions
	heads   heads
	watch   *watch
	mask    *mask
	dial    func(context.Context) (net.Conn, error)
	// running ends at cut, and is what those wait by that are ended by a context.
	running context.Context
	end     context.CancelCauseFunc
	mu      sync.Mutex
	made    []client
}

// errCut is why an attempt has no answer that an interrupt ended.
var errCut = errors.New("ended by hand before its answer came")

// newClients makes the clients of a target. The error is the user's.
func newClients(o clientOptions) (*clients, error) {
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
	heads, err := newHeads(o.To, o.Secrets)
	if err != nil {
		return nil, fmt.Errorf("the handler's URL: %w", err)
	}
	c := &clients{options: o, heads: heads, watch: newWatch(o.Timeout), mask: newMask(o)}
	c.dial = func(ctx context.Context) (net.Conn, error) { return o.Route.Dial(ctx, o.To.URL) }
	c.running, c.end = context.WithCancelCause(context.Background())
	return c, nil
}

// room is how many bytes a parcel has to leave free before its payload.
func (c *clients) room() int { return c.heads.room }

// client makes a client. HTTP/1.1 it writes and reads by hand, which takes a third of
// the processor time of net/http, over TLS too. That is left HTTP/2, and what may turn
// out to be HTTP/2, and proxies.
func (c *clients) client() client {
	var made client
	if o := c.options; o.Proxy == nil && (o.To.URL.Scheme == "http" || o.Route.HTTP1) {
		made = newWire(c)
	} else {
		made = newSender(c)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = append(c.made, made)
	return made
}

// cut ends what is under way, and what is still to be done, each with errCut. It may
// be called at any time.
func (c *clients) cut() {
	c.end(errCut)
	c.watch.cut()
}

// close closes all clients, none of which may be in use any more.
func (c *clients) close() {
	c.watch.close()
	c.end(errCut)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, made := range c.made {
		made.close()
	}
}
