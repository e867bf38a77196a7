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

func (c *Conn) finish(ctx context.Context, x *Exchange, b *partialRequest) {
	defer c.closeOnDone(ctx)()
	sent, signals := make(chan error, 1), newResponseSignals()
	go func() { sent <- c.write(ctx, b.request, b.written, len(b.request.text), signals) }()
	keep, err := c.read(x, b.request.method, signals)
	x.Duration = time.Since(x.Started)
	// A handler that responds early may still want the rest, as one does that works after its response. One that
	// rejects and closes does not (RFC 9112, 9.5).
	if err != nil || !keep && x.Response.Status/100 != 2 {
		close(signals.stop)
		c.conn.SetWriteDeadline(past)
	}
	if unsent := <-sent; unsent != nil {
		keep = false
	}
	c.finishExchange(ctx, x, keep, err)
}

// finishExchange keeps the connection for the next request, or closes it.
func (c *Conn) finishExchange(ctx context.Context, x *Exchange, keep bool, err error) {
	if err != nil {
		x.Err = c.fail(ctx, err)
		return
	}
	c.responses++
	if !keep {
		c.closeWith(ErrClosedIdle)
	}
}

// abandon writes a request, or a part of it, and closes the connection. If that fails, the handler was the first to
// close it: its response, if any, is read.
func (c *Conn) abandon(ctx context.Context, x *Exchange, s *rawRequest) {
	defer c.closeOnDone(ctx)()
	err := c.write(ctx, s, 0, s.end, responseSignals{})
	switch {
	case err == nil:
		c.closeGracefully()
		err = ErrAbandoned
	case ctx.Err() == nil:
		_, err = c.read(x, s.method, newResponseSignals())
	}
	x.Duration = time.Since(x.Started)
	c.finishExchange(ctx, x, false, err)
}

// flushWait is how long a connection that is abandoned is kept half open.
const flushWait = 100 * time.Millisecond

// closeGracefully closes the connection so that the handler reads all that was written, then the end of the stream:
// EOF, which is unexpected in the middle of a body; over TLS a close_notify before it. What it writes from then on
// goes nowhere, and its later writes fail with a reset.
//
// Closing a socket at once that holds an unread response would send a reset instead, and could discard what is still
// to be sent. So the connection is half closed first and read for a while, in which all arrives that the handler
// takes.
func (c *Conn) closeGracefully() {
	raw := c.conn
	if secured, ok := raw.(*tls.Conn); ok {
		secured.CloseWrite()
		raw = secured.NetConn()
	}
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
		raw.SetReadDeadline(time.Now().Add(flushWait))
		io.Copy(io.Discard, raw)
	}
	c.closeWith(net.ErrClosed)
}

// responseSignals tell a writer about the response. Those of the zero value never come.
type responseSignals struct {
	continued chan struct{} // an interim response, 100, came
	final     chan struct{} // a final one came, or none will
	stop      chan struct{} // nobody reads the request any more
}

func newResponseSignals() responseSignals {
	return responseSignals{make(chan struct{}), make(chan struct{}), make(chan struct{})}
}

// write writes a request from one offset up to another, in pieces and with pauses as its options say.
func (c *Conn) write(ctx context.Context, s *rawRequest, at, to int, signals responseSignals) error {
	for ends := s.writes(); at < to; ends = ends[1:] {
		end := min(ends[0], to)
		if end <= at {
			continue
		}
		if at >= s.head {
			if err := s.waitBefore(ctx, at, signals); err != nil {
				return err
			}
		}
		if _, err := c.conn.Write(s.text[at:end]); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// waitBefore waits for what must happen before a piece is written.
func (s *rawRequest) waitBefore(ctx context.Context, at int, signals responseSignals) error {
	if s.options.Expect && at == s.head {
		select {
		case <-signals.continued:
		case <-signals.final:
			select {
			case <-signals.continued: // the body was asked for before
			default:
				return errors.New("the answer came before the body")
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
	case <-signals.stop:
		return net.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read reads a response, and reports whether the connection is kept after it. If the body broke off, the exchange has
// what came of it.
func (c *Conn) read(x *Exchange, method string, signals responseSignals) (keep bool, err error) {
	response, continued, err := c.readHead(method, signals)
	close(signals.final)
	if err != nil {
		return false, err
	}
	r := newResponse(response)
	r.Reused, r.Continued = c.responses > 0, continued
	if secured, ok := c.conn.(*tls.Conn); ok {
		state := secured.ConnectionState()
		r.TLS = &state
	}
	x.Response = r
	r.Body, err = readBody(response.Body) // which is not closed: to close it would be to read all of it
	return !response.Close && response.StatusCode != http.StatusSwitchingProtocols, err
}

func (c *Conn) readHead(method string, signals responseSignals) (response *http.Response, continued bool, err error) {
	c.limit.left = HeadLimit
	defer func() { c.limit.left = unlimited }()
	if _, err := c.reader.Peek(1); err != nil {
		return nil, false, c.noResponse(err)
	}
	for {
		response, err := http.ReadResponse(c.reader, &http.Request{Method: method})
		if err != nil && c.limit.left <= 0 {
			err = ErrLongHead // whatever is wrong with what was read of it
		}
		// 101 is final: another protocol begins after it (RFC 9110, 15.2.2).
		if err != nil || response.StatusCode/100 != 1 || response.StatusCode == http.StatusSwitchingProtocols {
			return response, continued, err
		}
		if response.StatusCode == http.StatusContinue && !continued {
			continued = true
			if signals.continued != nil {
				close(signals.continued)
			}
		}
	}
}

// noResponse returns why not a byte of a response came. On a connection that was used before, its end may have been on
// the way when the request was written.
func (c *Conn) noResponse(err error) error {
	if c.responses > 0 && !errors.Is(err, os.ErrDeadlineExceeded) && !c.closed.Load() {
		return ErrClosedIdle
	}
	return err
}

// headReader reads no more of a connection than the head of a response may have.
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
