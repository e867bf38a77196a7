package emitter

import (
	"context"
	"net"
)

// LineOver is a line over a connection that a test made.
func LineOver(s *Sender, conn net.Conn) *Line {
	l := newLine(s, conn)
	l.rest()
	return l
}

// UnwatchedLineOver is one whose connection is not read before a request is
// written.
var UnwatchedLineOver = newLine

// Secure makes a TLS connection of one that a test made.
func (r Route) Secure(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	return r.secure(ctx, conn, host)
}

// Tales is how many shapes are kept compiled.
func (g *Generator) Tales() int {
	n := 0
	for _, kept := range []*tales{&g.tales, &g.told.tales} {
		kept.Range(func(any, any) bool {
			n++
			return true
		})
	}
	return n
}

// MostTales is how many can be, of either kind.
const MostTales = mostTales
