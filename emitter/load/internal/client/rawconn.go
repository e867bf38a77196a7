package client

import (
	"cmp"
	"fmt"
	"net"
)

// rawConn is a connection.
type rawConn struct {
	conn   net.Conn
	uses   int // how many requests went over it
	poller poller
}

func newRawConn(conn net.Conn) *rawConn {
	l := &rawConn{conn: conn}
	l.poller.init(conn)
	return l
}

// roundTrip writes a request, then reads the first of what comes back. The error is of either;
// what came counts in spite of it.
func (l *rawConn) roundTrip(request, into []byte) (n int, err error) {
	if l.poller.available() {
		written, n, err := l.poller.roundTrip(request, into)
		if n > 0 || err != nil {
			return n, err
		}
		request = request[written:]
	}
	_, unsent := l.conn.Write(request)
	n, err = l.conn.Read(into)
	if unsent != nil && err != nil {
		err = fmt.Errorf("%w: %w", unsent, err)
	}
	return n, cmp.Or(err, unsent)
}

// needsProbe tells whether a line is worth a look before it is used. That costs a system
// call: so only after a rest, in which handlers close connections, and ever more seldom
// where there is none. A handler that answers twice, or before it is asked, has each
// answer taken for that of the next request until then.
func (l *rawConn) needsProbe(rested bool) bool { return rested || l.uses&(l.uses-1) == 0 }

// isQuiet tells that nothing came over a line that was not asked for, nor its end. Where
// that cannot be seen it is taken to be so.
func (l *rawConn) isQuiet() bool { return !l.poller.available() || l.poller.isQuiet() }
