package client

import (
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// httpClient is a client that leaves HTTP/2, if the handler speaks it, and proxies to net/http.
type httpClient struct {
	pool      *Pool
	transport *http.Transport
	sender    *delivery.Sender
}

// idempotencyKey is a header that is not sent. It tells net/http that a request may be sent
// again if a kept connection was closed before a response: see rawClient.send.
const idempotencyKey = "X-Idempotency-Key"

func newHTTPClient(of *Pool) *httpClient {
	o := of.options
	transport := o.Route.Transport()
	if o.Proxy != nil {
		transport.Proxy = http.ProxyURL(o.Proxy)
	}
	sender := delivery.NewSender(delivery.SenderOptions{Timeout: o.Timeout, Route: o.Route, Transport: transport})
	return &httpClient{of, transport, sender}
}

func (s *httpClient) Do(p *Request) Result {
	to, secrets := s.pool.options.To, s.pool.options.Secrets
	// net/http may go on reading the body of a request that is answered early, when the
	// request's text belongs to its owner again.
	m := delivery.Message{ID: string(p.ID), Body: append([]byte{}, p.Text[p.BodyStart:]...)}
	attempt := to.Attempt(m, secrets[min(p.Webhook, len(secrets)-1)])
	if !delivery.HasHeader(attempt.Header, idempotencyKey) {
		attempt.Header[idempotencyKey] = nil
	}
	var used, opened atomic.Int32 // connections
	x := s.sender.Send(httptrace.WithClientTrace(s.pool.running, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			used.Add(1)
			if !got.Reused {
				opened.Add(1)
			}
		},
	}), attempt)
	o := Result{Resent: used.Load() > 1, Opened: int(opened.Load())}
	if o.Err = s.fault(x); o.Err != nil {
		o.Err = s.pool.mask.wrap(o.Err, p.Webhook)
		return o
	}
	o.Status = x.Response.Status
	return o
}

// fault returns why there is no complete response, or nil.
func (s *httpClient) fault(x delivery.Exchange) error {
	switch {
	case x.Err != nil && s.pool.running.Err() != nil && !errors.Is(x.Err, delivery.ErrTimeout):
		return ErrAborted
	case x.Err == nil && x.Response.Status < minStatus:
		return invalidStatus(x.Response.Status)
	}
	return x.Err
}

func (s *httpClient) Close() { s.transport.CloseIdleConnections() }
