package delivery

import (
	"context"
	"net"
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
