package delivery

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"sync/atomic"
	"time"
)

// ErrClosedIdle is why a line cannot be used any more: the handler closed it after
// an earlier answer, or before the first request, as handlers may. Clients open
// another connection then and send the request over that.
var ErrClosedIdle = errors.New("the handler closed the connection while it was idle")

var errBegun = errors.New("a request was begun on this line and is not finished")

// Conn is a connection that is held, and over which requests are written by hand,
// one after another (see Wire). Only Close is safe for concurrent use.
type Conn struct {
	sender  *Sender
	conn    net.Conn
	limit   *headReader
	reader  *bufio.Reader
	answers int
	begun   *begun
	idle    chan error // what the handler did while the line was idle
	broken  error      // why it cannot be used any more
	closed  atomic.Bool
}

// begun is a request of which a part is written.
type begun struct {
	attempt Attempt
	script  *rawRequest
	written int
}

// Open opens a connection to a target, and holds it until it is closed. The error
// is as Route.Dial has it, and does not repeat the URL.
func (s *Sender) Open(ctx context.Context, targetURL string) (*Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	l, err := s.connect(ctx, targetURL)
	if err != nil {
		return nil, s.wrapError(ctx, err)
	}
	l.watchIdle()
	return l, nil
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

// sendRaw makes one attempt over a connection of its own.
func (s *Sender) sendRaw(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	began := time.Now()
	l, err := s.connect(ctx, a.URL)
	if err != nil {
		return Exchange{Attempt: a, Started: began, Duration: time.Since(began), Err: s.wrapError(ctx, err)}
	}
	defer l.Close()
	dialled := time.Since(began)
	x := l.send(ctx, a)
	x.Started, x.Duration = began, x.Duration+dialled
	return x
}

// Send makes one attempt over the line. It leaves the line closed unless the
// answer is complete and the handler keeps the connection open. The exchange's
// error is an ErrClosedIdle where the handler has closed it before.
func (l *Conn) Send(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	x := l.send(ctx, a)
	l.watchIdle()
	return x
}

func (l *Conn) send(ctx context.Context, a Attempt) Exchange {
	x := Exchange{Attempt: a, Started: time.Now()}
	s, err := newRawRequest(a)
	if err == nil {
		err = l.stopWatch()
	}
	if err != nil {
		x.Err = err
		return x
	}
	l.exchange(ctx, &x, s)
	return x
}

// Begin writes the head of an attempt and so many bytes of its body, then nothing
// more: a sender that stalls. Finish goes on, Close drops the connection.
// Wire.CutAfter and Wire.SkipResponse do not count.
func (l *Conn) Begin(ctx context.Context, a Attempt, bodyBytes int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	s, err := newRawRequest(a)
	if err != nil {
		return err
	}
	if err := l.stopWatch(); err != nil {
		return err
	}
	defer l.closeOnDone(ctx)()
	b := &begun{a, s, s.after(bodyBytes)}
	if err := l.write(ctx, s, span{to: b.written}, responseSignals{}); err != nil {
		return l.fail(ctx, l.unanswered(err))
	}
	l.begun = b
	return nil
}

// Finish writes the rest of what was begun, and waits for its answer. Started and
// Duration are those of Finish: the stall before is none of the handler's.
func (l *Conn) Finish(ctx context.Context) Exchange {
	b := l.begun
	if b == nil {
		return Exchange{Started: time.Now(), Err: errors.New("nothing was begun on this line")}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	x := Exchange{Attempt: b.attempt, Started: time.Now()}
	l.begun = nil
	l.finish(ctx, &x, b)
	l.watchIdle()
	return x
}

// Close closes the connection, whatever is under way on it.
func (l *Conn) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	return l.conn.Close()
}

// closeWith closes the connection, and keeps why.
func (l *Conn) closeWith(why error) {
	l.broken = why
	l.conn.Close()
}

// fail closes the connection after an error, and explains that.
func (l *Conn) fail(ctx context.Context, err error) error {
	err = l.wrapError(ctx, err)
	if errors.Is(err, ErrClosedIdle) {
		l.closeWith(err)
	} else {
		l.closeWith(net.ErrClosed)
	}
	return err
}

// watchIdle watches for what a handler does to the connection, where that is idle.
func (l *Conn) watchIdle() {
	if l.broken != nil || l.begun != nil || l.idle != nil {
		return
	}
	idle := make(chan error, 1)
	l.idle, l.limit.left = idle, HeadLimit
	go func() {
		_, err := l.reader.Peek(1)
		idle <- err
	}()
}

// stopWatch ends the rest. The error says why the line cannot be used.
func (l *Conn) stopWatch() error {
	switch {
	case l.closed.Load():
		return net.ErrClosed
	case l.broken != nil:
		return l.broken
	case l.begun != nil:
		return errBegun
	case l.idle == nil:
		return nil
	}
	l.conn.SetReadDeadline(past)
	err := <-l.idle
	l.idle = nil
	l.conn.SetReadDeadline(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case l.closed.Load():
		return net.ErrClosed
	case err == nil:
		// Whatever it is, it would be taken for the next answer. A server that
		// closes an idle connection may say 408 first (RFC 9110, 15.5.9).
		l.closeWith(fmt.Errorf("%w, or said something unasked on it", ErrClosedIdle))
	default:
		l.closeWith(ErrClosedIdle)
	}
	return l.broken
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// closeOnDone has what the line waits for end when ctx does, until it is called off.
func (l *Conn) closeOnDone(ctx context.Context) (off func()) {
	stop := context.AfterFunc(ctx, func() { l.conn.SetDeadline(past) })
	return func() {
		if !stop() && l.broken == nil {
			l.closeWith(net.ErrClosed) // the deadline may be set at any time now
		}
	}
}

// wrapError says in the sender's words why there is no complete answer.
func (l *Conn) wrapError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrAbandoned), errors.Is(err, ErrClosedIdle):
		return err
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return l.sender.wrapError(ctx, err)
}

// tls is the state of the connection; nil where it is a plain one.
func (l *Conn) tls() *tls.ConnectionState {
	secured, ok := l.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	state := secured.ConnectionState()
	return &state
}
