package client

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// response is what matters of one.
type response struct {
	status int
	body   int64 // bytes
	keep   bool  // the connection may be used again
}

// responseReader reads answers off a connection, and skips their bodies. Those that are as
// most are it reads by itself; the rest it leaves to net/http.
type responseReader struct {
	from io.Reader
	buf  []byte
	// What net/http reads; made when it is needed, for most connections never need it.
	prefixed *prefixReader
	reader   *bufio.Reader // of rest
}

const (
	// readSize is how much is read at once: what most answers fit in.
	readSize = 4 << 10
	// headLimit is how much of an answer's head is read, in bytes, interim answers
	// before it included.
	headLimit = 64 << 10
)

// Why an answer is not complete. Where a connection itself failed, that is why.
var (
	errNoResponse = errors.New("the connection was closed before an answer came")
	errTruncated  = errors.New("the connection was closed before the answer was complete")
	errMalformed  = errors.New("what came is no HTTP answer")
	errLongHead   = fmt.Errorf("the answer's head is longer than %d KiB", headLimit>>10)
)

func newResponseReader() *responseReader { return &responseReader{buf: make([]byte, readSize)} }

// read reads an answer whose first bytes are in buf.
func (a *responseReader) read(n int) (response, error) {
	if p, ok := parseSimple(a.buf[:n]); ok {
		return a.readSimple(p, n)
	}
	return a.readGeneral(n)
}

// readSimple skips what is still to come of an answer.
func (a *responseReader) readSimple(p simpleResponse, n int) (response, error) {
	head := p.size - p.body
	got := int64(n)
	for got < p.size && got-head <= delivery.ResponseLimit {
		n, err := a.from.Read(a.buf)
		got += int64(n)
		if err != nil && got < p.size {
			return response{}, truncatedError(err)
		}
	}
	if p.body > delivery.ResponseLimit {
		return response{}, delivery.ErrEndless
	}
	// What is left over was not asked for, and would be taken for the next answer.
	return response{p.status, p.body, p.keep && got == p.size}, nil
}

// readGeneral reads an answer as net/http does, but for two things. A status below 100 is
// none: RFC 9110, 15, knows no such class, and 0 says that no answer came. And a
// limit holds for all interim answers together, as it does for net/http's client.
func (a *responseReader) readGeneral(n int) (response, error) {
	if a.reader == nil {
		a.prefixed = &prefixReader{}
		a.reader = bufio.NewReaderSize(a.prefixed, readSize)
	}
	a.prefixed.begin(a.buf[:n], a.from)
	a.reader.Reset(a.prefixed)
	head, err := a.readHead()
	if err != nil {
		return response{}, a.prefixed.headError(err)
	}
	a.prefixed.left = unlimited
	// The body is not closed: to close it would be to read all of it.
	body, err := io.Copy(io.Discard, io.LimitReader(head.Body, delivery.ResponseLimit+1))
	switch {
	case body > delivery.ResponseLimit:
		return response{}, delivery.ErrEndless
	case err != nil:
		return response{}, a.prefixed.bodyError(err)
	}
	more := a.reader.Buffered() > 0 || len(a.prefixed.prefix) > 0
	// Another protocol begins after 101 (RFC 9110, 15.2.2).
	keep := !head.Close && head.StatusCode != http.StatusSwitchingProtocols && !more && a.prefixed.failed == nil
	return response{head.StatusCode, body, keep}, nil
}

// readHead reads up to the head of the final answer.
func (a *responseReader) readHead() (*http.Response, error) {
	for {
		head, err := http.ReadResponse(a.reader, &http.Request{Method: http.MethodPost})
		switch {
		case err != nil:
			return nil, err
		case head.StatusCode < minStatus:
			return nil, invalidStatus(head.StatusCode)
		case head.StatusCode/100 != 1, head.StatusCode == http.StatusSwitchingProtocols:
			return head, nil
		}
	}
}

// minStatus is the least status of all classes.
const minStatus = 100

func invalidStatus(status int) error { return fmt.Errorf("malformed HTTP status code %03d", status) }

// prefixReader reads what was read of a connection already, then the connection. It
// remembers what came of that, for net/http tells its failures and those of an answer
// alike.
type prefixReader struct {
	prefix []byte
	from   io.Reader
	left   int64 // how many bytes may be read
	failed error // the connection's
	isHTTP bool  // as far as what was read already tells
	inLine bool  // what was read so far ends within a line
}

const (
	unlimited = 1<<63 - 1
	httpName  = "HTTP/"
)

func (r *prefixReader) begin(had []byte, from io.Reader) {
	start := string(had[:min(len(had), len(httpName))])
	*r = prefixReader{prefix: had, from: from, left: headLimit, isHTTP: strings.HasPrefix(httpName, start), inLine: endsInLine(had)}
}

func endsInLine(text []byte) bool { return len(text) > 0 && text[len(text)-1] != '\n' }

func (r *prefixReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongHead
	}
	p = p[:min(int64(len(p)), r.left)]
	if len(r.prefix) > 0 {
		n := copy(p, r.prefix)
		r.prefix, r.left = r.prefix[n:], r.left-int64(n)
		return n, nil
	}
	n, err := r.from.Read(p)
	r.left -= int64(n)
	if n > 0 {
		r.inLine = endsInLine(p[:n])
	}
	if err != nil {
		r.failed = err
	}
	return n, err
}

// headError is why a head cannot be read.
func (r *prefixReader) headError(err error) error {
	// Of a line that the end cut off, net/http says that it is wrong.
	cut := errors.Is(err, io.ErrUnexpectedEOF) || r.isHTTP && r.inLine
	switch {
	case r.left <= 0:
		return errLongHead // whatever is wrong with what was read of it
	case r.failed == nil, r.failed == io.EOF && !cut:
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return truncatedError(r.failed)
}

// bodyError is why a body cannot be read.
func (r *prefixReader) bodyError(err error) error {
	if r.failed == nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return truncatedError(r.failed)
}

// truncatedError says what the end of a connection means in the middle of an answer.
func truncatedError(err error) error {
	if err == io.EOF {
		return errTruncated
	}
	return err
}
