package delivery

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync/atomic"
	"time"
)

// ErrClosedIdle is the error of a connection that the handler closed after an earlier response, or before the first
// request, as handlers may. Clients then open another connection and send the request over that.
var ErrClosedIdle = errors.New("the handler closed the connection while it was idle")

// Conn is a connection that is held open for several raw requests, one after another (see RawRequest). Only Close is
// safe for concurrent use.
type Conn struct {
	sender    *Sender
	conn      net.Conn
	limit     *headReader
	reader    *bufio.Reader
	responses int
	begun     *partialRequest
	idle      chan error // what the handler did while it was idle
	broken    error      // why it cannot be used any more
	closed    atomic.Bool
}

type partialRequest struct {
	attempt Attempt
	request *rawRequest
	written int
}

// Open opens a connection to a target. Errors are those of Route.Dial, and do not repeat the URL.
func (s *Sender) Open(ctx context.Context, targetURL string) (*Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	c, err := s.connect(ctx, targetURL)
	if err != nil {
		return nil, s.wrapError(ctx, err)
	}
	c.watchIdle()
	return c, nil
}

func (s *Sender) connect(ctx context.Context, targetURL string) (*Conn, error) {
	target, err := url.Parse(targetURL)
	if err != nil {
		return nil, err
	}
	conn, err := s.route.Dial(ctx, target)
	if err != nil {
		return nil, err
	}
	return newConn(s, conn), nil
}

func newConn(s *Sender, conn net.Conn) *Conn {
	limit := &headReader{from: conn}
	return &Conn{sender: s, conn: conn, limit: limit, reader: bufio.NewReader(limit)}
}

func (s *Sender) sendRaw(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	began := time.Now()
	c, err := s.connect(ctx, a.URL)
	if err != nil {
		return Exchange{Attempt: a, Started: began, Duration: time.Since(began), Err: s.wrapError(ctx, err)}
	}
	defer c.Close()
	dialled := time.Since(began)
	x := c.send(ctx, a)
	x.Started, x.Duration = began, x.Duration+dialled
	return x
}

// Send makes one attempt. It closes the connection unless the response is complete and the handler keeps it open. The
// exchange's error is ErrClosedIdle if the handler closed it before.
func (c *Conn) Send(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, c.sender.timeout, ErrTimeout)
	defer cancel()
	x := c.send(ctx, a)
	c.watchIdle()
	return x
}

func (c *Conn) send(ctx context.Context, a Attempt) Exchange {
	x := Exchange{Attempt: a, Started: time.Now()}
	s, err := newRawRequest(a)
	if err == nil {
		err = c.stopWatch()
	}
	switch {
	case err != nil:
		x.Err = err
	case s.options.CutAfter > 0 || s.options.SkipResponse:
		c.abandon(ctx, &x, s)
	default:
		c.finish(ctx, &x, &partialRequest{request: s})
	}
	return x
}

// Begin writes the head of an attempt and the first bytes of its body, then nothing more: a sender that stalls, until
// Close drops the connection. RawRequest.CutAfter and RawRequest.SkipResponse are ignored.
func (c *Conn) Begin(ctx context.Context, a Attempt, bodyBytes int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, c.sender.timeout, ErrTimeout)
	defer cancel()
	s, err := newRawRequest(a)
	if err != nil {
		return err
	}
	if err := c.stopWatch(); err != nil {
		return err
	}
	defer c.closeOnDone(ctx)()
	b := &partialRequest{a, s, s.after(bodyBytes)}
	if err := c.write(ctx, s, 0, b.written, responseSignals{}); err != nil {
		return c.fail(ctx, c.noResponse(err))
	}
	c.begun = b
	return nil
}

// Close closes the connection, even during an attempt.
func (c *Conn) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	return c.conn.Close()
}

func (c *Conn) closeWith(why error) {
	c.broken = why
	c.conn.Close()
}

// fail closes the connection after an error, which it returns in the sender's words.
func (c *Conn) fail(ctx context.Context, err error) error {
	err, why := c.wrapError(ctx, err), net.ErrClosed
	if errors.Is(err, ErrClosedIdle) {
		why = err
	}
	c.closeWith(why)
	return err
}

// watchIdle watches what the handler does to the connection while it is idle.
func (c *Conn) watchIdle() {
	if c.broken != nil || c.begun != nil || c.idle != nil {
		return
	}
	idle := make(chan error, 1)
	c.idle, c.limit.left = idle, HeadLimit
	go func() {
		_, err := c.reader.Peek(1)
		idle <- err
	}()
}

// stopWatch ends watchIdle. The error says why the connection cannot be used.
func (c *Conn) stopWatch() error {
	switch {
	case c.closed.Load():
		return net.ErrClosed
	case c.broken != nil:
		return c.broken
	case c.begun != nil:
		return errors.New("a request was begun on this line and is not finished")
	case c.idle == nil:
		return nil
	}
	c.conn.SetReadDeadline(past)
	err := <-c.idle
	c.idle = nil
	c.conn.SetReadDeadline(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case c.closed.Load():
		return net.ErrClosed
	case err == nil:
		// Whatever it is, it would be taken for the next response. A server that closes an idle connection may say 408
		// first (RFC 9110, 15.5.9).
		c.closeWith(fmt.Errorf("%w, or said something unasked on it", ErrClosedIdle))
	default:
		c.closeWith(ErrClosedIdle)
	}
	return c.broken
}

var past = time.Unix(1, 0)

// closeOnDone ends what the connection waits for when ctx is done, until off is called.
func (c *Conn) closeOnDone(ctx context.Context) (off func()) {
	stop := context.AfterFunc(ctx, func() { c.conn.SetDeadline(past) })
	return func() {
		if !stop() && c.broken == nil {
			c.closeWith(net.ErrClosed) // the deadline may be set at any time now
		}
	}
}

// wrapError says in the sender's words why there is no complete response.
func (c *Conn) wrapError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrAbandoned), errors.Is(err, ErrClosedIdle):
		return err
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return c.sender.wrapError(ctx, err)
}
