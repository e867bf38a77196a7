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

// response is what matters of one here.
type response struct {
	status int
	body   int64 // bytes
	keep   bool  // the connection can be used again
}

// responseReader reads responses off a connection and skips their bodies. Those that are
// like most it reads itself; it leaves the others to net/http.
type responseReader struct {
	from io.Reader
	buf  []byte
	// What net/http reads; made on demand, since most connections never need it.
	prefixed *prefixReader
	reader   *bufio.Reader // of rest
}

// readSize is how much is read at once: most responses fit in it.
const readSize = 4 << 10

// Why a response is not complete, unless the connection failed: then that error says it.
var (
	errNoResponse = errors.New("the connection was closed before an answer came")
	errTruncated  = errors.New("the connection was closed before the answer was complete")
	errMalformed  = errors.New("what came is no HTTP answer")
)

func newResponseReader() *responseReader { return &responseReader{buf: make([]byte, readSize)} }

// read reads a response whose first n bytes are in buf.
func (a *responseReader) read(n int) (response, error) {
	if p, ok := parseSimple(a.buf[:n]); ok {
		return a.readSimple(p, n)
	}
	return a.readGeneral(n)
}

// readSimple skips the rest of a response.
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

// readGeneral reads a response as net/http does, with two differences. A status below 100 is
// invalid: RFC 9110, 15, knows no such class, and 0 means that no response came. And one
// limit holds for all interim responses together, as it does for net/http's client.
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
	// The body is not closed, which would read all of it.
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

const minStatus = 100

func invalidStatus(status int) error { return fmt.Errorf("malformed HTTP status code %03d", status) }

// prefixReader reads what was read of a connection before, then the connection. It remembers
// the connection's failure, for net/http words that and a malformed response alike.
type prefixReader struct {
	prefix []byte
	from   io.Reader
	left   int64 // how many bytes may be read
	failed error // the connection's
	isHTTP bool  // as far as the prefix shows
	inLine bool  // what was read so far ends within a line
}

const (
	unlimited = 1<<63 - 1
	httpName  = "HTTP/"
)

func (r *prefixReader) begin(had []byte, from io.Reader) {
	start := string(had[:min(len(had), len(httpName))])
	*r = prefixReader{prefix: had, from: from, left: delivery.HeadLimit, inLine: endsInLine(had)}
	r.isHTTP = strings.HasPrefix(httpName, start)
}

func endsInLine(text []byte) bool { return len(text) > 0 && text[len(text)-1] != '\n' }

func (r *prefixReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, delivery.ErrLongHead
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

func (r *prefixReader) headError(err error) error {
	// net/http calls a line malformed that the end of the connection cut off.
	cut := errors.Is(err, io.ErrUnexpectedEOF) || r.isHTTP && r.inLine
	switch {
	case r.left <= 0:
		return delivery.ErrLongHead // whatever is wrong with its beginning
	case r.failed == nil, r.failed == io.EOF && !cut:
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return truncatedError(r.failed)
}

func (r *prefixReader) bodyError(err error) error {
	if r.failed == nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return truncatedError(r.failed)
}

func truncatedError(err error) error {
	if err == io.EOF {
		return errTruncated
	}
	return err
}
