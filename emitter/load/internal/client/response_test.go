package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// answersKnown are answers, and what is to be made of them. plain says that they are
// read without net/http.
var answersKnown = []struct {
	name, text string
	status     int // 0: there is no answer
	body       int64
	keep       bool
	plain      bool
	err        error
}{
	{"with a length", "HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nfine", 202, 4, true, true, nil},
	{"without a body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, 0, true, true, nil},
	{"without a reason", "HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", 200, 0, true, true, nil},
	{"204", "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n", 204, 0, true, true, nil},
	{"304 that tells a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, 0, true, true, nil},
	{"204 and more", "HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\nx", 204, 0, false, true, nil},
	{"a redirect", "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", 307, 0, true, true, nil},
	{"kept, it says", "HTTP/1.1 200 OK\r\nCONNECTION: Keep-Alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 1\r\n\r\nx", 200, 1, true, true, nil},
	{"closed, it says", "HTTP/1.1 413 Too Large\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx", 413, 1, false, true, nil},
	{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nfi\r\n00A\r\n0123456789\r\n0\r\n\r\n", 200, 12, true, true, nil},
	{"an empty body in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, 0, true, true, nil},
	{"chunks and more", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nmore", 200, 1, false, true, nil},
	{"two answers", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 404 Not Found\r\n\r\n", 200, 1, false, true, nil},
	{"a tab, and Latin-1", "HTTP/1.1 200 \xe9\r\nX:\t\xe9\t\r\nContent-Length: \t1 \r\n\r\nx", 200, 1, true, true, nil},

	{"closed, among others", "HTTP/1.1 200 OK\r\nConnection: keep-alive, CLOSE\r\nContent-Length: 1\r\n\r\nx", 200, 1, false, false, nil},
	{"closed, in another field", "HTTP/1.1 200 OK\r\nConnection: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, 1, false, false, nil},
	{"kept, then closed", "HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, 1, false, false, nil},
	{"until the end", "HTTP/1.1 403 Forbidden\r\n\r\nno", 403, 2, false, false, nil},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, 2, false, false, nil},
	{"HTTP/1.0, kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 200, 2, true, false, nil},
	{"HTTP/1.0, until the end", "HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, 13, false, false, nil},
	{"extensions and trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2;x=\"y\"\r\nfi\r\n0;z\r\nX: 1\r\n\r\n", 200, 2, true, false, nil},
	{"chunks and a length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, 1, true, false, nil},
	{"a length, twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 200, 1, true, false, nil},
	{"interim ones", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, 1, true, false, nil},
	{"another protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 101, 0, false, false, nil},
	{"a folded line", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length:\r\n 1\r\n\r\nx", 200, 1, true, false, nil},
	{"bare line ends", "HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 200, 1, true, false, nil},
	{"a status of no class", "HTTP/1.1 999 Whatever\r\nContent-Length: 0\r\n\r\n", 999, 0, true, false, nil},
	{"a head of many fields", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Field: of some length\r\n", 1000) + "Content-Length: 1\r\n\r\nx", 200, 1, true, false, nil},

	{"nothing", "", 0, 0, false, false, errTruncated},
	{"half a name", "HTT", 0, 0, false, false, errTruncated},
	{"half a status", "HTTP/1.1 2", 0, 0, false, false, errTruncated},
	{"half a head", "HTTP/1.1 200 OK\r\nX: y\r\n", 0, 0, false, false, errTruncated},
	{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun", 0, 0, false, true, errTruncated},
	{"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbegun", 0, 0, false, false, errTruncated},
	{"chunks without an end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", 0, 0, false, false, errTruncated},
	{"half a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", 0, 0, false, false, errTruncated},
	{"interim ones alone", "HTTP/1.1 100 Continue\r\n\r\n", 0, 0, false, false, errTruncated},
	{"HTTP/0.9", "<html>fine</html>", 0, 0, false, false, errMalformed},
	{"another protocol's", "SSH-2.0-OpenSSH_9.6\r\n", 0, 0, false, false, errMalformed},
	{"TLS", "\x15\x03\x01\x00\x02\x02\x50", 0, 0, false, false, errMalformed},
	{"a field without a colon", "HTTP/1.1 200 OK\r\nrubbish\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a field without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a control character", "HTTP/1.1 200 OK\r\nX: \x00\r\nContent-Length: 0\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a status that is none", "HTTP/1.1 2000 OK\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a status of 0", "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", 0, 0, false, false, errMalformed},
	{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 0, 0, false, false, errMalformed},
	{"a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a length of nothing", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", 0, 0, false, false, errMalformed},
	{"an encoding that nobody knows", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a chunk of another length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n", 0, 0, false, false, errMalformed},
	{"a chunk of no length", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 0, 0, false, false, errMalformed},
	{"a long head", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: 1234567890\r\n", 10000), 0, 0, false, false, delivery.ErrLongHead},
	{"a long line", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("1234567890", 10000), 0, 0, false, false, delivery.ErrLongHead},
	{"interim ones for ever", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 10000), 0, 0, false, false, delivery.ErrLongHead},
	{"a long body", "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n" + strings.Repeat("x", 1<<20+1), 0, 0, false, true, delivery.ErrEndless},
	{"a long body in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("8000\r\n"+strings.Repeat("x", 1<<15)+"\r\n", 33), 0, 0, false, false, delivery.ErrEndless},
	{"a body without an end", "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 1<<20+1), 0, 0, false, false, delivery.ErrEndless},
	{"a body as long as may be", "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("x", 1<<20), 200, 1 << 20, true, true, nil},
}

// pieces is a connection on which a text comes in pieces, then nothing more.
type pieces struct {
	text  []byte
	sizes []int // of the pieces, in turn; what is read at once where empty
	given int   // bytes that were read
}

func (p *pieces) Read(into []byte) (int, error) {
	rest := p.text[p.given:]
	if len(rest) == 0 {
		return 0, io.EOF
	}
	if len(p.sizes) > 0 {
		rest = rest[:min(len(rest), max(1, p.sizes[0]))]
		p.sizes = append(p.sizes[1:], p.sizes[0])
	}
	n := copy(into, rest)
	p.given += n
	return n, nil
}

// readFrom reads the answer that comes on a connection.
func readFrom(p *pieces) (response, error) {
	a := newResponseReader()
	a.from = p
	n, _ := p.Read(a.buf)
	return a.read(n)
}

func TestResponsesAreRead(t *testing.T) {
	for _, c := range answersKnown {
		for _, sizes := range [][]int{nil, {1}, {20, 1, 3000}} {
			if len(c.text) > 100<<10 && len(sizes) == 1 {
				continue // byte by byte, it would take a while
			}
			p := &pieces{text: []byte(c.text), sizes: sizes}
			a, err := readFrom(p)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%s, in pieces of %d: %v, want %v", c.name, sizes, err, c.err)
			}
			want := response{c.status, c.body, c.keep}
			if more := p.given < len(c.text); more {
				want.keep = a.keep // what has not come yet cannot be seen
			}
			if a != want {
				t.Errorf("%s, in pieces of %d: %+v, want %+v", c.name, sizes, a, want)
			}
		}
	}
}

func TestSimpleResponsesAreReadWithoutNetHTTP(t *testing.T) {
	for _, c := range answersKnown {
		text := []byte(c.text)
		if _, plain := parseSimple(text[:min(len(text), readSize)]); plain != c.plain {
			t.Errorf("%s: %v", c.name, plain)
		}
	}
}

func TestSimpleResponsesCostNoAllocation(t *testing.T) {
	for _, c := range answersKnown {
		if !c.plain || c.err != nil {
			continue
		}
		a, p := newResponseReader(), &pieces{text: []byte(c.text)}
		a.from = p
		if n := testing.AllocsPerRun(10, func() {
			p.given = 0
			n, _ := p.Read(a.buf)
			a.read(n)
		}); n > 0 {
			t.Errorf("%s: %v", c.name, n)
		}
	}
}

// asNetHTTP is what net/http makes of an answer, and how many bytes it takes for it.
func asNetHTTP(text []byte) (a response, taken int, err error) {
	source := bytes.NewReader(text)
	reader := bufio.NewReader(source)
	for {
		head, err := http.ReadResponse(reader, &http.Request{Method: http.MethodPost})
		if err != nil {
			return response{}, 0, err
		}
		if head.StatusCode/100 == 1 && head.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		body, err := io.Copy(io.Discard, head.Body)
		keep := !head.Close && head.StatusCode != http.StatusSwitchingProtocols
		return response{head.StatusCode, body, keep}, len(text) - source.Len() - reader.Buffered(), err
	}
}

// compareToNetHTTP reads an answer that comes in pieces, and as net/http does.
func compareToNetHTTP(t *testing.T, text []byte, sizes ...int) {
	t.Helper()
	p := &pieces{text: text, sizes: sizes}
	got, err := readFrom(p)
	want, taken, wantErr := asNetHTTP(text)
	if wantErr == nil && want.status < 100 {
		wantErr = errMalformed // on purpose: see responseReader.readGeneral
	}
	// What is left over can be seen only where it was read.
	want.keep = want.keep && p.given == taken
	switch {
	case (err == nil) != (wantErr == nil):
		t.Errorf("%q in pieces of %d: %v; net/http: %v", text, sizes, err, wantErr)
	case err != nil && (got != (response{}) || FaultKind(err) != "broken" && FaultKind(err) != "malformed"):
		t.Errorf("%q in pieces of %d: %+v, %s: %v", text, sizes, got, FaultKind(err), err)
	case err == nil && got != want:
		t.Errorf("%q in pieces of %d: %+v; net/http: %+v", text, sizes, got, want)
	}
}

// Answers made of these parts are many, right ones and wrong ones.
var (
	firstLines = []string{"HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 No Content\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 304\r\n", "HTTP/1.1  200 OK\n", "HTTP/1.1 2oo OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1 600 \r\r\n", "HTTP/1.1 200OK\r\n", "HTTP/1.1 101 X\r\n", "HTTP/1.1 100 X\r\n\r\nHTTP/1.1 200 OK\r\n"}
	fieldLines = []string{
		"", "X: y\r\n", "X:y\n", " X: y\r\n", "X : y\r\n", "X\r\n", ": y\r\n", "X: \x01\r\n", "X: y\r\r\n", "X(: y\r\n", "X!: \xff\r\n", "X: y\r\n\tz\r\n",
		"Content-Length: 3\r\n", "CONTENT-LENGTH:\t03 \r\n", "Content-Length: 0\r\n", "Content-Length: 03\n", "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Content-Length: \r\n", "Content-Length: 18446744073709551619\r\n", "Content-Length : 3\r\n",
		"Transfer-Encoding: chunked\r\n", "transfer-encoding:CHUNKED \r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: \r\n",
		"Connection: close\r\n", "connection:KEEP-ALIVE\r\n", "Connection: x, close\r\n", "Connection: \r\n", "Trailer: X\r\n", "Trailer: Content-Length\r\n",
	}
	bodies = []string{"", "x", "xyz", "wxyz", "3\r\nxyz\r\n0\r\n\r\n", "3\r\nxyz\r\n0\r\n\r\nmore", "03 \r\nxyz\r\n0;a\r\nX: y\r\n\r\n", "3\nxyz\n0\n\n", "3\rZxyz\r\n0\r\n\r\n", "3\r\nxyz\r\n0\r\n", "3\r\nxyzz\r\n0\r\n\r\n", "\r\n", "ffffffffffffffff\r\nx"}
)

func TestResponsesAreReadAsByNetHTTP(t *testing.T) {
	for _, first := range firstLines {
		for i, one := range fieldLines {
			for _, other := range fieldLines[i:] {
				for _, body := range bodies {
					text := []byte(first + one + other + "\r\n" + body)
					compareToNetHTTP(t, text)
					compareToNetHTTP(t, text, len(first)+len(one)+len(other)+2, 1)
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

func FuzzResponse(f *testing.F) {
	for _, c := range answersKnown {
		if len(c.text) < 1000 {
			f.Add([]byte(c.text), 0, 0)
			f.Add([]byte(c.text), 40, 3)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, first, next int) {
		switch {
		case len(text) > delivery.HeadLimit: // net/http would read all of a longer head
		case first > 0:
			compareToNetHTTP(t, text, first, max(1, next))
		default:
			compareToNetHTTP(t, text)
		}
	})
}
