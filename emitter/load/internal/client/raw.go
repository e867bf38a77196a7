package client

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// rawClient is a client that writes and reads HTTP/1.1 by hand.
type rawClient struct {
	pool      *Pool
	deadline  *deadline
	responses *responseReader
	conn      *rawConn // nil: none
	began     int64    // when the last request began
}

func newRawClient(of *Pool) *rawClient {
	return &rawClient{pool: of, deadline: of.sweeper.add(), responses: newResponseReader()}
}

// probeAfter is how long a connection may rest before it is probed.
const probeAfter = 50 * time.Millisecond

func (w *rawClient) Do(p *Request) Result {
	moment, err := w.deadline.begin()
	if err != nil {
		return Result{Err: err}
	}
	rested := time.Duration(moment-w.began) > probeAfter
	w.began = moment
	o := w.send(w.pool.heads.prepend(p), rested)
	if ended := w.deadline.finish(moment); ended != nil {
		w.drop()
		o.Status, o.Err = 0, ended
	}
	o.Err = w.pool.mask.wrap(o.Err, p.Webhook)
	return o
}

// send sends a request over the kept connection, and again over a new one if the handler
// closed that one before it answered: the end may have been on its way when the request
// was written (RFC 9112, 9.3.1). A POST may be repeated here, because its Webhook-Id shows
// that it is the same. A new connection closed like that is the handler's answer.
func (w *rawClient) send(request []byte, rested bool) Result {
	o := Result{}
	if w.conn != nil && w.conn.needsProbe(rested) && !w.conn.isQuiet() {
		w.drop()
	}
	if w.conn != nil {
		o.Status, o.Err = w.exchange(request)
		if !isStale(o.Err) {
			return o
		}
		o.Resent = true
	}
	if o.Err = w.connect(); o.Err != nil {
		return o
	}
	o.Opened = 1
	o.Status, o.Err = w.exchange(request)
	return o
}

// isStale reports whether a kept connection ended before a response came.
func isStale(err error) bool {
	return err != nil && errors.As(err, new(noResponse)) && !errors.Is(err, os.ErrDeadlineExceeded)
}

func (w *rawClient) connect() error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if !w.deadline.onExpiry(w.began, stop) {
		return context.Canceled
	}
	conn, err := w.pool.dial(ctx)
	if err != nil {
		return err
	}
	w.conn = newRawConn(conn)
	w.responses.from = conn
	if !w.deadline.onExpiry(w.began, func() { conn.SetDeadline(past()) }) {
		w.drop()
		return context.Canceled
	}
	return nil
}

func past() time.Time { return time.Unix(1, 0) }

// drop closes the connection at once. Over TLS it sends no close_notify, which would wait
// for a handler that doesn't read.
func (w *rawClient) drop() {
	if w.conn == nil {
		return
	}
	if secured, ok := w.conn.conn.(*tls.Conn); ok {
		secured.NetConn().Close()
	} else {
		w.conn.conn.Close()
	}
	w.conn = nil
}

func (w *rawClient) Close() {
	if w.conn != nil {
		w.conn.conn.Close()
		w.conn = nil
	}
}

// exchange sends a request, reads its response, and keeps or closes the connection.
func (w *rawClient) exchange(request []byte) (status int, err error) {
	a := response{}
	if len(request) < uploadThreshold {
		a, err = w.roundTrip(request)
	} else {
		a, err = w.roundTripLarge(request)
	}
	w.conn.uses++
	if err != nil || !a.keep || w.pool.heads.closes {
		w.drop()
	}
	return a.status, err
}

func (w *rawClient) roundTrip(request []byte) (response, error) {
	n, failed := w.conn.roundTrip(request, w.responses.buf)
	if n == 0 {
		return response{}, noResponseError(failed)
	}
	// A handler may reject what it has not read to the end, and close the connection:
	// its response counts.
	a, err := w.responses.read(n)
	a.keep = a.keep && failed == nil
	return a, err
}

// roundTripLarge sends a request while it reads its response.
func (w *rawClient) roundTripLarge(request []byte) (response, error) {
	a, upload := response{}, newUpload(w.conn.conn, request)
	n, err := w.conn.conn.Read(w.responses.buf)
	if n == 0 {
		err = noResponseError(err)
	} else {
		a, err = w.responses.read(n)
	}
	// A handler that answers early may still want the rest, to work on it after its
	// response. One that rejects and closes does not (RFC 9112, 9.5).
	wanted := err == nil && (a.keep || a.status/100 == 2)
	a.keep = upload.finish(wanted) && a.keep
	return a, err
}

// noResponse is why not a byte of a response came.
type noResponse struct{ error }

func (u noResponse) Unwrap() error { return u.error }

func noResponseError(err error) error {
	if err == nil || err == io.EOF {
		return noResponse{errNoResponse}
	}
	return noResponse{err}
}

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

// roundTrip writes a request, then reads the first of what comes back. The error is of
// either; what came counts in spite of it.
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

// needsProbe reports whether a connection is worth a look before it is used. A look costs a
// system call: so only after a rest, in which handlers close connections, and ever more
// seldom without one. Until then, the responses of a handler that answers twice, or
// unasked, are taken for those of later requests.
func (l *rawConn) needsProbe(rested bool) bool { return rested || l.uses&(l.uses-1) == 0 }

// isQuiet reports whether nothing came unasked, nor the end, as far as that can be seen.
func (l *rawConn) isQuiet() bool { return !l.poller.available() || l.poller.isQuiet() }
