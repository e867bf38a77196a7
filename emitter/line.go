package emitter

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

// Line is a connection that is held, and over which requests are written by hand,
// one after another (see Wire). Only Close is safe for concurrent use.
type Line struct {
	sender  *Sender
	conn    net.Conn
	limit   *headReader
	reader  *bufio.Reader
	answers int
	begun   *begun
	resting chan error // what the handler did while the line was idle
	over    error      // why it cannot be used any more
	closed  atomic.Bool
}

// begun is a request of which a part is written.
type begun struct {
	attempt Attempt
	script  *script
	written int
}

// Open opens a connection to a target, and holds it until it is closed. The error
// is as Route.Dial has it, and does not repeat the URL.
func (s *Sender) Open(ctx context.Context, targetURL string) (*Line, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	l, err := s.connect(ctx, targetURL)
	if err != nil {
		return nil, s.explain(ctx, err)
	}
	l.rest()
	return l, nil
}

func (s *Sender) connect(ctx context.Context, targetURL string) (*Line, error) {
	target, err := url.Parse(targetURL)
	if err != nil {
		return nil, err
	}
	conn, err := s.route.Dial(ctx, target)
	if err != nil {
		return nil, err
	}
	return newLine(s, conn), nil
}

func newLine(s *Sender, conn net.Conn) *Line {
	limit := &headReader{from: conn}
	return &Line{sender: s, conn: conn, limit: limit, reader: bufio.NewReader(limit)}
}

// sendByHand makes one attempt over a connection of its own.
func (s *Sender) sendByHand(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, ErrTimeout)
	defer cancel()
	began := time.Now()
	l, err := s.connect(ctx, a.URL)
	if err != nil {
		return Exchange{Attempt: a, Started: began, Duration: time.Since(began), Err: s.explain(ctx, err)}
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
func (l *Line) Send(ctx context.Context, a Attempt) Exchange {
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	x := l.send(ctx, a)
	l.rest()
	return x
}

func (l *Line) send(ctx context.Context, a Attempt) Exchange {
	x := Exchange{Attempt: a, Started: time.Now()}
	s, err := newScript(a)
	if err == nil {
		err = l.wake()
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
// Wire.CutAfter and Wire.GiveUp do not count.
func (l *Line) Begin(ctx context.Context, a Attempt, bodyBytes int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	s, err := newScript(a)
	if err != nil {
		return err
	}
	if err := l.wake(); err != nil {
		return err
	}
	defer l.guard(ctx)()
	b := &begun{a, s, s.after(bodyBytes)}
	if err := l.write(ctx, s, stretch{to: b.written}, signals{}); err != nil {
		return l.fail(ctx, l.unanswered(err))
	}
	l.begun = b
	return nil
}

// Finish writes the rest of what was begun, and waits for its answer. Started and
// Duration are those of Finish: the stall before is none of the handler's.
func (l *Line) Finish(ctx context.Context) Exchange {
	b := l.begun
	if b == nil {
		return Exchange{Started: time.Now(), Err: errors.New("nothing was begun on this line")}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, l.sender.timeout, ErrTimeout)
	defer cancel()
	x := Exchange{Attempt: b.attempt, Started: time.Now()}
	l.begun = nil
	l.finish(ctx, &x, b)
	l.rest()
	return x
}

// Close closes the connection, whatever is under way on it.
func (l *Line) Close() error {
	if l.closed.Swap(true) {
		return nil
	}
	return l.conn.Close()
}

// end closes the connection, and keeps why.
func (l *Line) end(why error) {
	l.over = why
	l.conn.Close()
}

// fail closes the connection after an error, and explains that.
func (l *Line) fail(ctx context.Context, err error) error {
	err = l.explain(ctx, err)
	if errors.Is(err, ErrClosedIdle) {
		l.end(err)
	} else {
		l.end(net.ErrClosed)
	}
	return err
}

// rest watches for what a handler does to the connection, where that is idle.
func (l *Line) rest() {
	if l.over != nil || l.begun != nil || l.resting != nil {
		return
	}
	idle := make(chan error, 1)
	l.resting, l.limit.left = idle, headLimit
	go func() {
		_, err := l.reader.Peek(1)
		idle <- err
	}()
}

// wake ends the rest. The error says why the line cannot be used.
func (l *Line) wake() error {
	switch {
	case l.closed.Load():
		return net.ErrClosed
	case l.over != nil:
		return l.over
	case l.begun != nil:
		return errBegun
	case l.resting == nil:
		return nil
	}
	l.conn.SetReadDeadline(past)
	err := <-l.resting
	l.resting = nil
	l.conn.SetReadDeadline(time.Time{})
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case l.closed.Load():
		return net.ErrClosed
	case err == nil:
		// Whatever it is, it would be taken for the next answer. A server that
		// closes an idle connection may say 408 first (RFC 9110, 15.5.9).
		l.end(fmt.Errorf("%w, or said something unasked on it", ErrClosedIdle))
	default:
		l.end(ErrClosedIdle)
	}
	return l.over
}

// past is a deadline that is over.
var past = time.Unix(1, 0)

// guard has what the line waits for end when ctx does, until it is called off.
func (l *Line) guard(ctx context.Context) (off func()) {
	stop := context.AfterFunc(ctx, func() { l.conn.SetDeadline(past) })
	return func() {
		if !stop() && l.over == nil {
			l.end(net.ErrClosed) // the deadline may be set at any time now
		}
	}
}

// explain says in the sender's words why there is no complete answer.
func (l *Line) explain(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrGivenUp), errors.Is(err, ErrClosedIdle):
		return err
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return l.sender.explain(ctx, err)
}

// tls is the state of the connection; nil where it is a plain one.
func (l *Line) tls() *tls.ConnectionState {
	secured, ok := l.conn.(*tls.Conn)
	if !ok {
		return nil
	}
	state := secured.ConnectionState()
	return &state
}
