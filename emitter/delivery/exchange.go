package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// exchange writes a request and reads its answer, where it is awaited.
func (l *Conn) exchange(ctx context.Context, x *Exchange, s *rawRequest) {
	if s.options.abandons() {
		l.abandon(ctx, x, s)
		return
	}
	l.finish(ctx, x, &begun{script: s})
}

// finish writes a request from where it stands, and reads its answer.
func (l *Conn) finish(ctx context.Context, x *Exchange, b *begun) {
	defer l.closeOnDone(ctx)()
	sent, heard := make(chan error, 1), newResponseSignals()
	go func() { sent <- l.write(ctx, b.script, span{b.written, len(b.script.text)}, heard) }()
	keep, err := l.read(x, b.script.method, heard)
	x.Duration = time.Since(x.Started)
	// A handler that answers early may still want the rest, as it does where it
	// works after its answer. One that refuses and closes does not (RFC 9112, 9.5).
	if err != nil || !keep && x.Response.Status/100 != 2 {
		close(heard.enough)
		l.conn.SetWriteDeadline(past)
	}
	if unsent := <-sent; unsent != nil {
		keep = false
	}
	l.finishExchange(ctx, x, keep, err)
}

// finishExchange keeps the line for the next request, or closes it.
func (l *Conn) finishExchange(ctx context.Context, x *Exchange, keep bool, err error) {
	if err != nil {
		x.Err = l.fail(ctx, err)
		return
	}
	l.answers++
	if !keep {
		l.closeWith(ErrClosedIdle)
	}
}

// abandon writes a request, or a part of it, and closes the connection. Where that
// fails, the handler was the first to close it: its answer, if any, is read.
func (l *Conn) abandon(ctx context.Context, x *Exchange, s *rawRequest) {
	defer l.closeOnDone(ctx)()
	err := l.write(ctx, s, span{to: s.end}, responseSignals{})
	switch {
	case err == nil:
		l.closeGracefully()
		err = ErrAbandoned
	case ctx.Err() == nil:
		_, err = l.read(x, s.method, newResponseSignals())
	}
	x.Duration = time.Since(x.Started)
	l.finishExchange(ctx, x, false, err)
}

// flushWait is how long a connection that is given up is kept half open.
const flushWait = 100 * time.Millisecond

// closeGracefully closes the connection in order. The handler reads all that was written,
// then the end of the stream: EOF, which is unexpected in the middle of a body; over
// TLS a close_notify before it. What it writes from then on goes nowhere, and its
// later writes fail with a reset.
//
// To close a socket at once that holds an unread answer would send a reset instead,
// and could discard what is still to be sent. So the connection is half closed first
// and what comes is read for a while, in which all arrives that the handler takes.
func (l *Conn) closeGracefully() {
	raw := l.conn
	if secured, ok := raw.(*tls.Conn); ok {
		secured.CloseWrite()
		raw = secured.NetConn()
	}
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
		raw.SetReadDeadline(time.Now().Add(flushWait))
		io.Copy(io.Discard, raw)
	}
	l.closeWith(net.ErrClosed)
}

// responseSignals are what a writer hears of the answer. Those of the zero value never
// come.
type responseSignals struct {
	continued chan struct{} // an interim answer, 100, came
	answered  chan struct{} // a final one came, or none will
	enough    chan struct{} // there is nobody to write for any more
}

func newResponseSignals() responseSignals {
	return responseSignals{make(chan struct{}), make(chan struct{}), make(chan struct{})}
}

// span is a part of a text: two places in it.
type span struct{ from, to int }

// errHeldBack is why a body was not written.
var errHeldBack = errors.New("the answer came before the body")

// write writes a part of a request, in pieces and with pauses as told.
func (l *Conn) write(ctx context.Context, s *rawRequest, part span, heard responseSignals) error {
	for at, ends := part.from, s.writes(); at < part.to; ends = ends[1:] {
		end := min(ends[0], part.to)
		if end <= at {
			continue
		}
		if at >= s.head {
			if err := s.waitBefore(ctx, at, heard); err != nil {
				return err
			}
		}
		if _, err := l.conn.Write(s.text[at:end]); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// waitBefore waits for what must pass before a piece is written.
func (s *rawRequest) waitBefore(ctx context.Context, at int, heard responseSignals) error {
	if s.options.Expect && at == s.head {
		select {
		case <-heard.continued:
		case <-heard.answered:
			select {
			case <-heard.continued: // the body was asked for before
			default:
				return errHeldBack
			}
		case <-time.After(ExpectWait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.options.Pause <= 0 {
		return nil
	}
	select {
	case <-time.After(s.options.Pause):
		return nil
	case <-heard.enough:
		return net.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read reads an answer, and tells whether the connection is kept after it. Where
// the body broke off, the exchange has what came of it.
func (l *Conn) read(x *Exchange, method string, heard responseSignals) (keep bool, err error) {
	answer, continued, err := l.readHead(method, heard)
	close(heard.answered)
	if err != nil {
		return false, err
	}
	r := newResponse(answer)
	r.TLS, r.Reused, r.Continued = l.tls(), l.answers > 0, continued
	x.Response = r
	r.Body, err = readBody(answer.Body) // which is not closed: to close it would be to read all of it
	return !answer.Close && answer.StatusCode != http.StatusSwitchingProtocols, err
}

// readHead reads up to the head of the final answer.
func (l *Conn) readHead(method string, heard responseSignals) (answer *http.Response, continued bool, err error) {
	l.limit.left = HeadLimit
	defer func() { l.limit.left = unlimited }()
	if _, err := l.reader.Peek(1); err != nil {
		return nil, false, l.unanswered(err)
	}
	for {
		answer, err := http.ReadResponse(l.reader, &http.Request{Method: method})
		if err != nil && l.limit.left <= 0 {
			err = ErrLongHead // whatever is wrong with what was read of it
		}
		// 101 is final: another protocol begins after it (RFC 9110, 15.2.2).
		if err != nil || answer.StatusCode/100 != 1 || answer.StatusCode == http.StatusSwitchingProtocols {
			return answer, continued, err
		}
		if answer.StatusCode == http.StatusContinue && !continued {
			continued = true
			if heard.continued != nil {
				close(heard.continued)
			}
		}
	}
}

// unanswered is why not a byte of an answer came. On a connection that was used
// before, its end may have been on the way when the request was written.
func (l *Conn) unanswered(err error) error {
	if l.answers > 0 && !errors.Is(err, os.ErrDeadlineExceeded) && !l.closed.Load() {
		return ErrClosedIdle
	}
	return err
}

// headReader reads no more of a connection than the head of an answer may hold.
type headReader struct {
	from io.Reader
	left int64 // bytes
}

const unlimited = 1<<63 - 1

func (r *headReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, ErrLongHead
	}
	n, err := r.from.Read(p[:min(int64(len(p)), r.left)])
	r.left -= int64(n)
	return n, err
}
