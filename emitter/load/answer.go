package load

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// answer is what matters of one.
type answer struct {
	status int
	body   int64 // bytes
	keep   bool  // the connection may be used again
}

// answers reads answers off a connection, and skips their bodies. Those that are as
// most are it reads by itself; the rest it leaves to net/http.
type answers struct {
	from io.Reader
	buf  []byte
	// What net/http reads; made when it is needed, for most connections never need it.
	rest   *restReader
	reader *bufio.Reader // of rest
}

const (
	// readAtOnce is how much is read at once: what most answers fit in.
	readAtOnce = 4 << 10
	// headLimit is how much of an answer's head is read, in bytes, interim answers
	// before it included.
	headLimit = 64 << 10
)

// Why an answer is not complete. Where a connection itself failed, that is why.
var (
	errUnanswered = errors.New("the connection was closed before an answer came")
	errBroken     = errors.New("the connection was closed before the answer was complete")
	errMalformed  = errors.New("what came is no HTTP answer")
	errLongHead   = fmt.Errorf("the answer's head is longer than %d KiB", headLimit>>10)
)

func newAnswers() *answers { return &answers{buf: make([]byte, readAtOnce)} }

// read reads an answer whose first bytes are in buf.
func (a *answers) read(n int) (answer, error) {
	if p, ok := parsePlain(a.buf[:n]); ok {
		return a.readPlain(p, n)
	}
	return a.readAny(n)
}

// readPlain skips what is still to come of an answer.
func (a *answers) readPlain(p plain, n int) (answer, error) {
	head := p.size - p.body
	got := int64(n)
	for got < p.size && got-head <= delivery.ResponseLimit {
		n, err := a.from.Read(a.buf)
		got += int64(n)
		if err != nil && got < p.size {
			return answer{}, broken(err)
		}
	}
	if p.body > delivery.ResponseLimit {
		return answer{}, delivery.ErrEndless
	}
	// What is left over was not asked for, and would be taken for the next answer.
	return answer{p.status, p.body, p.keep && got == p.size}, nil
}

// readAny reads an answer as net/http does, but for two things. A status below 100 is
// none: RFC 9110, 15, knows no such class, and 0 says that no answer came. And a
// limit holds for all interim answers together, as it does for net/http's client.
func (a *answers) readAny(n int) (answer, error) {
	if a.reader == nil {
		a.rest = &restReader{}
		a.reader = bufio.NewReaderSize(a.rest, readAtOnce)
	}
	a.rest.begin(a.buf[:n], a.from)
	a.reader.Reset(a.rest)
	head, err := a.readHead()
	if err != nil {
		return answer{}, a.rest.headFault(err)
	}
	a.rest.left = unlimited
	// The body is not closed: to close it would be to read all of it.
	body, err := io.Copy(io.Discard, io.LimitReader(head.Body, delivery.ResponseLimit+1))
	switch {
	case body > delivery.ResponseLimit:
		return answer{}, delivery.ErrEndless
	case err != nil:
		return answer{}, a.rest.bodyFault(err)
	}
	more := a.reader.Buffered() > 0 || len(a.rest.had) > 0
	// Another protocol begins after 101 (RFC 9110, 15.2.2).
	keep := !head.Close && head.StatusCode != http.StatusSwitchingProtocols && !more && a.rest.failed == nil
	return answer{head.StatusCode, body, keep}, nil
}

// readHead reads up to the head of the final answer.
func (a *answers) readHead() (*http.Response, error) {
	for {
		head, err := http.ReadResponse(a.reader, &http.Request{Method: http.MethodPost})
		switch {
		case err != nil:
			return nil, err
		case head.StatusCode < leastStatus:
			return nil, noStatus(head.StatusCode)
		case head.StatusCode/100 != 1, head.StatusCode == http.StatusSwitchingProtocols:
			return head, nil
		}
	}
}

// leastStatus is the least status of all classes.
const leastStatus = 100

func noStatus(status int) error { return fmt.Errorf("malformed HTTP status code %03d", status) }

// restReader reads what was read of a connection already, then the connection. It
// remembers what came of that, for net/http tells its failures and those of an answer
// alike.
type restReader struct {
	had    []byte
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

func (r *restReader) begin(had []byte, from io.Reader) {
	start := string(had[:min(len(had), len(httpName))])
	*r = restReader{had: had, from: from, left: headLimit, isHTTP: strings.HasPrefix(httpName, start), inLine: endsInLine(had)}
}

func endsInLine(text []byte) bool { return len(text) > 0 && text[len(text)-1] != '\n' }

func (r *restReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongHead
	}
	p = p[:min(int64(len(p)), r.left)]
	if len(r.had) > 0 {
		n := copy(p, r.had)
		r.had, r.left = r.had[n:], r.left-int64(n)
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

// headFault is why a head cannot be read.
func (r *restReader) headFault(err error) error {
	// Of a line that the end cut off, net/http says that it is wrong.
	cut := errors.Is(err, io.ErrUnexpectedEOF) || r.isHTTP && r.inLine
	switch {
	case r.left <= 0:
		return errLongHead // whatever is wrong with what was read of it
	case r.failed == nil, r.failed == io.EOF && !cut:
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return broken(r.failed)
}

// bodyFault is why a body cannot be read.
func (r *restReader) bodyFault(err error) error {
	if r.failed == nil {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return broken(r.failed)
}

// broken says what the end of a connection means in the middle of an answer.
func broken(err error) error {
	if err == io.EOF {
		return errBroken
	}
	return err
}
