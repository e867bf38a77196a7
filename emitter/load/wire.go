package load

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"os"
	"time"
)

// wire is a client that writes HTTP/1.1 by hand.
type wire struct {
	of      *clients
	watched *watched
	answers *answers
	line    *line // nil: there is none
	began   int64 // the moment at which the last request began
}

func newWire(of *clients) *wire {
	return &wire{of: of, watched: of.watch.add(), answers: newAnswers()}
}

// restLimit is how long a connection rests before it is looked at.
const restLimit = 50 * time.Millisecond

func (w *wire) do(p *parcel) outcome {
	moment, err := w.watched.begin()
	if err != nil {
		return outcome{err: err}
	}
	rested := time.Duration(moment-w.began) > restLimit
	w.began = moment
	o := w.send(w.of.heads.put(p), rested)
	if ended := w.watched.finish(moment); ended != nil {
		w.drop()
		o.status, o.err = 0, ended
	}
	o.err = w.of.mask.over(o.err, p.webhook)
	return o
}

// send sends a request over the connection that was kept, and once more over a new
// one where the handler closed that before it answered: the end may have been on its
// way when the request was written (RFC 9112, 9.3.1). The request may be repeated,
// though it is a POST: its Webhook-Id tells that it is the same. If a new connection
// is closed like that, it is the handler's answer.
func (w *wire) send(request []byte, rested bool) outcome {
	o := outcome{}
	if w.line != nil && w.line.doubtful(rested) && !w.line.quiet() {
		w.drop()
	}
	if w.line != nil {
		o.status, o.err = w.exchange(request)
		if !isStale(o.err) {
			return o
		}
		o.resent = true
	}
	if o.err = w.connect(); o.err != nil {
		return o
	}
	o.opened = 1
	o.status, o.err = w.exchange(request)
	return o
}

// isStale tells whether a kept connection ended before an answer came.
func isStale(err error) bool {
	return err != nil && errors.As(err, new(unanswered)) && !errors.Is(err, os.ErrDeadlineExceeded)
}

// connect opens a connection.
func (w *wire) connect() error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if !w.watched.waitBy(w.began, stop) {
		return context.Canceled
	}
	conn, err := w.of.dial(ctx)
	if err != nil {
		return err
	}
	w.line = newLine(conn)
	w.answers.from = conn
	if !w.watched.waitBy(w.began, func() { conn.SetDeadline(past()) }) {
		w.drop()
		return context.Canceled
	}
	return nil
}

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// drop closes the connection at once. Over TLS, nothing is said before: that would wait
// for a handler that does not read.
func (w *wire) drop() {
	if w.line == nil {
		return
	}
	if secured, ok := w.line.conn.(*tls.Conn); ok {
		secured.NetConn().Close()
	} else {
		w.line.conn.Close()
	}
	w.line = nil
}

// close closes the connection, which nothing is under way on.
func (w *wire) close() {
	if w.line != nil {
		w.line.conn.Close()
		w.line = nil
	}
}

// exchange sends a request, reads its answer, and keeps the connection or closes it.
func (w *wire) exchange(request []byte) (status int, err error) {
	a := answer{}
	if len(request) < uploadFrom {
		a, err = w.ask(request)
	} else {
		a, err = w.askAtLength(request)
	}
	w.line.uses++
	if err != nil || !a.keep || w.of.heads.closes {
		w.drop()
	}
	return a.status, err
}

// ask sends a request at once, then reads its answer.
func (w *wire) ask(request []byte) (answer, error) {
	n, failed := w.line.ask(request, w.answers.buf)
	if n == 0 {
		return answer{}, unheard(failed)
	}
	// A handler may refuse what it has not read to the end, and close the connection:
	// its answer counts.
	a, err := w.answers.read(n)
	a.keep = a.keep && failed == nil
	return a, err
}

// askAtLength sends a request while it reads its answer.
func (w *wire) askAtLength(request []byte) (answer, error) {
	a, upload := answer{}, newUpload(w.line.conn, request)
	n, err := w.line.conn.Read(w.answers.buf)
	if n == 0 {
		err = unheard(err)
	} else {
		a, err = w.answers.read(n)
	}
	// A handler that answers early may still want the rest, as it does where it works on
	// that after its answer. One that refuses and closes does not (RFC 9112, 9.5).
	wanted := err == nil && (a.keep || a.status/100 == 2)
	a.keep = upload.finish(wanted) && a.keep
	return a, err
}

// unanswered is why not a byte of an answer came.
type unanswered struct{ error }

func (u unanswered) Unwrap() error { return u.error }

func unheard(err error) error {
	if err == nil || err == io.EOF {
		return unanswered{errUnanswered}
	}
	return unanswered{err}
}
