package delivery

import (
	"context"
	"errors"
	"net"
	"time"
)

// ConnOver is a line over a connection that a test made.
func ConnOver(s *Sender, conn net.Conn) *Conn {
	l := newConn(s, conn)
	l.watchIdle()
	return l
}

// UnwatchedConnOver is one whose connection is not read before a request is
// written.
var UnwatchedConnOver = newConn

// Secure makes a TLS connection of one that a test made.
func (r Route) Secure(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	return r.secure(ctx, conn, host)
}

// Finish writes the rest of what Begin began, and waits for the response. Started and Duration are those of Finish:
// the stall before is not the handler's.
func (c *Conn) Finish(ctx context.Context) Exchange {
	b := c.begun
	if b == nil {
		return Exchange{Started: time.Now(), Err: errors.New("nothing was begun on this line")}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.sender.timeout, ErrTimeout)
	defer cancel()
	x := Exchange{Attempt: b.attempt, Started: time.Now()}
	c.begun = nil
	c.finish(ctx, &x, b)
	c.watchIdle()
	return x
}

// Timeout is how long an attempt waits for its response.
func (s *Sender) Timeout() time.Duration { return s.timeout }
