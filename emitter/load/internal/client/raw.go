package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"time"
)

// rawClient is a client that writes HTTP/1.1 by hand.
type rawClient struct {
	pool      *Pool
	deadline  *deadline
	responses *responseReader
	conn      *rawConn // nil: there is none
	began     int64    // the moment at which the last request began
}

func newRawClient(of *Pool) *rawClient {
	return &rawClient{pool: of, deadline: of.sweeper.add(), responses: newResponseReader()}
}

// probeAfter is how long a connection rests before it is looked at.
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

// send sends a request over the connection that was kept, and once more over a new
// one where the handler closed that before it answered: the end may have been on its
// way when the request was written (RFC 9112, 9.3.1). The request may be repeated,
// though it is a POST: its Webhook-Id tells that it is the same. If a new connection
// is closed like that, it is the handler's answer.
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

// isStale tells whether a kept connection ended before an answer came.
func isStale(err error) bool {
	return err != nil && errors.As(err, new(noResponse)) && !errors.Is(err, os.ErrDeadlineExceeded)
}

// connect opens a connection.
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

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// drop closes the connection at once. Over TLS, nothing is said before: that would wait
// for a handler that does not read.
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

// Close closes the connection, which nothing is under way on.
func (w *rawClient) Close() {
	if w.conn != nil {
		w.conn.conn.Close()
		w.conn = nil
	}
}

// exchange sends a request, reads its answer, and keeps the connection or closes it.
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

// roundTrip sends a request at once, then reads its answer.
func (w *rawClient) roundTrip(request []byte) (response, error) {
	n, failed := w.conn.roundTrip(request, w.responses.buf)
	if n == 0 {
		return response{}, noResponseError(failed)
	}
	// A handler may refuse what it has not read to the end, and close the connection:
	// its answer counts.
	a, err := w.responses.read(n)
	a.keep = a.keep && failed == nil
	return a, err
}

// roundTripLarge sends a request while it reads its answer.
func (w *rawClient) roundTripLarge(request []byte) (response, error) {
	a, upload := response{}, newUpload(w.conn.conn, request)
	n, err := w.conn.conn.Read(w.responses.buf)
	if n == 0 {
		err = noResponseError(err)
	} else {
		a, err = w.responses.read(n)
	}
	// A handler that answers early may still want the rest, as it does where it works on
	// that after its answer. One that refuses and closes does not (RFC 9112, 9.5).
	wanted := err == nil && (a.keep || a.status/100 == 2)
	a.keep = upload.finish(wanted) && a.keep
	return a, err
}

// noResponse is why not a byte of an answer came.
type noResponse struct{ error }

func (u noResponse) Unwrap() error { return u.error }

func noResponseError(err error) error {
	if err == nil || err == io.EOF {
		return noResponse{errNoResponse}
	}
	return noResponse{err}
}
