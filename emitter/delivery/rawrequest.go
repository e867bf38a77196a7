package delivery

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// RawRequest says how a request is written in HTTP/1.1, byte for byte, where net/http would refuse or normalize it.
// The zero value writes head and body at once and adds Host, and Content-Length or Transfer-Encoding, unless the
// header has them; it adds nothing else.
//
// Nothing is checked: a line break in a value ends its line, as it would on the way to a real handler.
type RawRequest struct {
	// Header is sent in this order; Attempt.Header, sorted by name, if nil.
	Header []HeaderField
	// RequestTarget is sent in the first line instead of the URL's path and query.
	RequestTarget string
	// PieceBytes writes the head first, then the body in pieces of this size, each a chunk of its own if
	// Attempt.Chunked.
	PieceBytes int
	// Pause is how long to wait before each piece.
	Pause time.Duration
	// Expect adds "Expect: 100-continue" and holds the body back until a 100 or a final response came, or ExpectWait
	// has passed. After a final response it is not sent.
	Expect bool
	// CutAfter, if above zero, closes the connection after this many bytes of the body, though the head, or the chunk,
	// promises more. The exchange's error is ErrAbandoned.
	CutAfter int
	// SkipResponse closes the connection when all is sent, without waiting for the response. The exchange's error is
	// ErrAbandoned.
	SkipResponse bool
}

// HeaderField is a line of a head, "Name: Value". Neither part is changed nor checked.
type HeaderField struct{ Name, Value string }

// ExpectWait is how long a body is held back for a handler that does not respond to "Expect: 100-continue" (RFC 9110,
// 10.1.1, demands that the wait be bounded).
const ExpectWait = time.Second

// ErrAbandoned is the error of an attempt that was meant to be cut off, or abandoned before its response came. It is
// not the handler's fault.
var ErrAbandoned = errors.New("the sender closed the connection, as it was meant to")

// AppendRequest appends to dst the bytes that a raw attempt sends, up to where it is cut off. The error of a wrong URL
// does not repeat it.
func AppendRequest(dst []byte, a Attempt) ([]byte, error) {
	r, err := newRawRequest(a)
	if err != nil {
		return dst, err
	}
	return append(dst, r.text[:r.end]...), nil
}

type rawRequest struct {
	method  string
	options RawRequest
	text    []byte
	head    int // where in text the body begins
	pieces  []bodyPiece
	end     int // where in text it is cut off
}

// bodyPiece is a part of the body that is written at once. Offsets are those in text.
type bodyPiece struct {
	at, bytes int // the data, without what frames a chunk
	end       int // where the write ends
}

func newRawRequest(a Attempt) (*rawRequest, error) {
	target, err := url.Parse(a.URL)
	if err != nil {
		return nil, withoutURL(err)
	}
	host, err := httpguts.PunycodeHostPort(target.Host)
	if err != nil || host == "" {
		return nil, errors.New("the URL names no host")
	}
	r := &rawRequest{method: cmp.Or(a.Method, http.MethodPost)}
	if a.Raw != nil {
		r.options = *a.Raw
	}
	r.writeHead(a, cmp.Or(r.options.RequestTarget, target.RequestURI()), withoutZone(host))
	r.writeBody(a)
	r.end = len(r.text)
	if r.options.CutAfter > 0 {
		r.end = r.after(r.options.CutAfter)
	}
	return r, nil
}

func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func (r *rawRequest) writeHead(a Attempt, target, host string) {
	fields := r.options.Header
	if fields == nil {
		fields = HeaderFields(a.Header)
	}
	r.text = fmt.Appendf(r.text, "%s %s HTTP/1.1\r\n", r.method, target)
	if !hasField(fields, "Host") {
		r.field(HeaderField{"Host", host})
	}
	for _, f := range fields {
		r.field(f)
	}
	framed := hasField(fields, "Content-Length") || hasField(fields, "Transfer-Encoding")
	if framing := r.framing(a); framing.Name != "" && !framed {
		r.field(framing)
	}
	if r.options.Expect && !hasField(fields, "Expect") {
		r.field(HeaderField{"Expect", "100-continue"})
	}
	r.text = append(r.text, "\r\n"...)
	r.head = len(r.text)
}

func (r *rawRequest) field(f HeaderField) {
	r.text = append(append(append(append(r.text, f.Name...), ": "...), f.Value...), "\r\n"...)
}

// framing returns the field that gives the body's length. As with net/http, a request without a body says so only if
// its method expects one.
func (r *rawRequest) framing(a Attempt) HeaderField {
	expected := []string{http.MethodPost, http.MethodPut, http.MethodPatch}
	switch {
	case a.Chunked:
		return HeaderField{"Transfer-Encoding", "chunked"}
	case len(a.Body) > 0 || slices.Contains(expected, r.method):
		return HeaderField{"Content-Length", strconv.Itoa(len(a.Body))}
	}
	return HeaderField{}
}

// HeaderFields returns the lines of a header, sorted by name.
func HeaderFields(header http.Header) []HeaderField {
	fields := []HeaderField{}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fields = append(fields, HeaderField{name, value})
		}
	}
	return fields
}

func hasField(fields []HeaderField, name string) bool {
	return slices.ContainsFunc(fields, func(f HeaderField) bool { return strings.EqualFold(f.Name, name) })
}

func (r *rawRequest) writeBody(a Attempt) {
	size := r.options.PieceBytes
	if size <= 0 {
		size = max(1, len(a.Body))
	}
	for data := range slices.Chunk(a.Body, size) {
		if a.Chunked {
			r.text = fmt.Appendf(r.text, "%x\r\n", len(data))
		}
		p := bodyPiece{at: len(r.text), bytes: len(data)}
		r.text = append(r.text, data...)
		if a.Chunked {
			r.text = append(r.text, "\r\n"...)
		}
		p.end = len(r.text)
		r.pieces = append(r.pieces, p)
	}
	if a.Chunked {
		r.text = append(r.text, "0\r\n\r\n"...)
	}
}

// after returns the offset in text at which a number of bytes of the body are written.
func (r *rawRequest) after(bodyBytes int) int {
	if bodyBytes <= 0 {
		return r.head
	}
	for _, p := range r.pieces {
		if bodyBytes <= p.bytes {
			return p.at + bodyBytes
		}
		bodyBytes -= p.bytes
	}
	return len(r.text)
}

// writes returns the offsets in text at which each write ends.
func (r *rawRequest) writes() []int {
	ends := []int{}
	if r.options.PieceBytes > 0 || r.options.Expect {
		ends = append(ends, r.head)
		for _, p := range r.pieces {
			ends = append(ends, p.end)
		}
	}
	if len(ends) > 1 {
		ends = ends[:len(ends)-1] // the last chunk, which is empty, goes with the one before
	}
	return append(ends, len(r.text))
}
