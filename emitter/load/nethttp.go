package load

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// sender is a client that leaves HTTP to net/http: HTTP/2, where the handler speaks it,
// and what goes by way of a proxy.
type sender struct {
	of        *clients
	transport *http.Transport
	sender    *delivery.Sender
}

// replayable is a header that is not sent, and tells net/http that a request may be
// sent again where a kept connection was closed before it was answered: see wire.send.
const replayable = "X-Idempotency-Key"

func newSender(of *clients) *sender {
	o := of.options
	transport := o.Route.Transport()
	if o.Proxy != nil {
		transport.Proxy = http.ProxyURL(o.Proxy)
	}
	return &sender{of, transport, delivery.NewSender(delivery.SenderOptions{Timeout: o.Timeout, Route: o.Route, Transport: transport})}
}

func (s *sender) do(p *parcel) outcome {
	to, secrets := s.of.options.To, s.of.options.Secrets
	// net/http may go on reading the body of a request that is answered early, whereas
	// a parcel's text is its owner's again.
	m := delivery.Message{ID: string(p.id), Body: append([]byte{}, p.text[p.body:]...)}
	attempt := to.Attempt(m, secrets[min(p.webhook, len(secrets)-1)])
	if !given(attempt.Header, replayable) {
		attempt.Header[replayable] = nil
	}
	used := &connections{}
	x := s.sender.Send(used.watch(s.of.running), attempt)
	o := outcome{resent: used.all.Load() > 1, opened: int(used.opened.Load())}
	if o.err = s.fault(x); o.err != nil {
		o.err = s.of.mask.over(o.err, p.webhook)
		return o
	}
	o.status = x.Response.Status
	return o
}

// fault is why there is no complete answer; nil where there is one.
func (s *sender) fault(x delivery.Exchange) error {
	switch {
	case x.Err != nil && s.of.running.Err() != nil && !errors.Is(x.Err, delivery.ErrTimeout):
		return errCut
	case x.Err == nil && x.Response.Status < leastStatus:
		return noStatus(x.Response.Status)
	}
	return x.Err
}

func (s *sender) close() { s.transport.CloseIdleConnections() }

// connections are those that a request went over.
type connections struct{ all, opened atomic.Int32 }

// watch counts them. A context that is done already is of a run that was cut.
func (c *connections) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) {
		c.all.Add(1)
		if !got.Reused {
			c.opened.Add(1)
		}
	}})
}
