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

// RawRequest says how a request is written by hand, in HTTP/1.1 and byte for byte as
// told, where net/http would refuse or tidy up. The zero value writes head and
// body at once and adds Host, and Content-Length or Transfer-Encoding, where the
// header does not name them; nothing else is added.
//
// Nothing is checked: a line break in a value ends its line, as it would on the
// way to a real handler.
type RawRequest struct {
	// Header is sent in this order; Attempt.Header, sorted by name, where nil.
	Header []HeaderField
	// RequestTarget stands in the first line instead of the URL's path and query.
	RequestTarget string
	// PieceBytes has the head written first, then the body in pieces of so many
	// bytes, of which each is a chunk of its own where Attempt.Chunked.
	PieceBytes int
	// Pause passes before each piece.
	Pause time.Duration
	// Expect adds "Expect: 100-continue" and holds the body back until a 100 or a
	// final answer came, or ExpectWait has passed. After a final one it is not sent
	// at all.
	Expect bool
	// CutAfter, where above zero, closes the connection after so many bytes of the
	// body, though the head, or the chunk, promises more. The exchange's error is
	// an ErrAbandoned.
	CutAfter int
	// SkipResponse closes the connection when all is sent, without waiting for the
	// answer. The exchange's error is an ErrAbandoned.
	SkipResponse bool
}

// HeaderField is a line of a head, "Name: Value". Neither part is changed nor checked.
type HeaderField struct{ Name, Value string }

// ExpectWait is how long a body is held back for a handler that says nothing to
// "Expect: 100-continue" (RFC 9110, 10.1.1, demands that the wait be bounded).
const ExpectWait = time.Second

// ErrAbandoned is the error of an attempt that was meant to be cut off, or left
// before its answer came. It is no fault of the handler.
var ErrAbandoned = errors.New("the sender closed the connection, as it was meant to")

// abandons tells whether the connection is closed without an answer.
func (w RawRequest) abandons() bool { return w.CutAfter > 0 || w.SkipResponse }

// raw is how an attempt is written by hand.
func (a Attempt) raw() RawRequest {
	if a.Raw == nil {
		return RawRequest{}
	}
	return *a.Raw
}

// AppendRequest appends an attempt as Wire has it written: the head and the body,
// up to where it is cut off. The error, of a URL that is none, does not repeat it.
func AppendRequest(dst []byte, a Attempt) ([]byte, error) {
	s, err := newRawRequest(a)
	if err != nil {
		return dst, err
	}
	return append(dst, s.text[:s.end]...), nil
}

// rawRequest is a request, ready to be written.
type rawRequest struct {
	method  string
	options RawRequest
	text    []byte
	head    int         // where in text the body begins
	pieces  []bodyPiece // of the body
	end     int         // where in text it is cut off
}

// bodyPiece is a part of the body that is written at once. Places are in text.
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
	s := &rawRequest{method: cmp.Or(a.Method, http.MethodPost), options: a.raw()}
	s.writeHead(a, cmp.Or(s.options.RequestTarget, target.RequestURI()), withoutZone(host))
	s.writeBody(a)
	s.end = len(s.text)
	if s.options.CutAfter > 0 {
		s.end = s.after(s.options.CutAfter)
	}
	return s, nil
}

func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func (s *rawRequest) writeHead(a Attempt, target, host string) {
	fields := s.options.Header
	if fields == nil {
		fields = headerFields(a.Header)
	}
	s.text = fmt.Appendf(s.text, "%s %s HTTP/1.1\r\n", s.method, target)
	if !hasField(fields, "Host") {
		s.field(HeaderField{"Host", host})
	}
	for _, f := range fields {
		s.field(f)
	}
	if framing := s.framing(a); framing.Name != "" && !hasField(fields, "Content-Length") && !hasField(fields, "Transfer-Encoding") {
		s.field(framing)
	}
	if s.options.Expect && !hasField(fields, "Expect") {
		s.field(HeaderField{"Expect", "100-continue"})
	}
	s.text = append(s.text, "\r\n"...)
	s.head = len(s.text)
}

func (s *rawRequest) field(f HeaderField) {
	s.text = append(append(append(append(s.text, f.Name...), ": "...), f.Value...), "\r\n"...)
}

// framing says how long the body is. As with net/http, a request that has none is
// said to have none only where its method expects one.
func (s *rawRequest) framing(a Attempt) HeaderField {
	expected := []string{http.MethodPost, http.MethodPut, http.MethodPatch}
	switch {
	case a.Chunked:
		return HeaderField{"Transfer-Encoding", "chunked"}
	case len(a.Body) > 0 || slices.Contains(expected, s.method):
		return HeaderField{"Content-Length", strconv.Itoa(len(a.Body))}
	}
	return HeaderField{}
}

func headerFields(header http.Header) []HeaderField {
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

func (s *rawRequest) writeBody(a Attempt) {
	size := s.options.PieceBytes
	if size <= 0 {
		size = max(1, len(a.Body))
	}
	for data := range slices.Chunk(a.Body, size) {
		if a.Chunked {
			s.text = fmt.Appendf(s.text, "%x\r\n", len(data))
		}
		p := bodyPiece{at: len(s.text), bytes: len(data)}
		s.text = append(s.text, data...)
		if a.Chunked {
			s.text = append(s.text, "\r\n"...)
		}
		p.end = len(s.text)
		s.pieces = append(s.pieces, p)
	}
	if a.Chunked {
		s.text = append(s.text, "0\r\n\r\n"...)
	}
}

// after is the place in text where so many bytes of the body are written.
func (s *rawRequest) after(bodyBytes int) int {
	if bodyBytes <= 0 {
		return s.head
	}
	for _, p := range s.pieces {
		if bodyBytes <= p.bytes {
			return p.at + bodyBytes
		}
		bodyBytes -= p.bytes
	}
	return len(s.text)
}

// writes are the places in text where each write ends.
func (s *rawRequest) writes() []int {
	ends := []int{}
	if s.options.PieceBytes > 0 || s.options.Expect {
		ends = append(ends, s.head)
		for _, p := range s.pieces {
			ends = append(ends, p.end)
		}
	}
	if len(ends) > 1 {
		ends = ends[:len(ends)-1] // the last chunk, which is empty, goes with the one before
	}
	return append(ends, len(s.text))
}
