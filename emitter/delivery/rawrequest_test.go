package delivery_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// byHand is a delivery that is written by hand.
func byHand(url string, w delivery.RawRequest) delivery.Attempt {
	return delivery.Attempt{URL: url, Body: []byte(`{"a":1}`), Raw: &w}
}

var wireForms = []struct {
	name    string
	attempt delivery.Attempt
	want    string
}{
	{"as told", delivery.Attempt{
		Body: []byte("{}"), Header: http.Header{"X-B": {"2", "1"}, "x-a": {"3"}},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nX-B: 2\r\nX-B: 1\r\nx-a: 3\r\nContent-Length: 2\r\n\r\n{}"},
	{"a list keeps its order", delivery.Attempt{
		Body: []byte("{}"), Header: http.Header{"X-Unsent": {"1"}},
		Raw: &delivery.RawRequest{Header: []delivery.HeaderField{{"Z", "1"}, {"A", "2"}, {"Z", "3"}}},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nZ: 1\r\nA: 2\r\nZ: 3\r\nContent-Length: 2\r\n\r\n{}"},
	{"an empty list is no header", delivery.Attempt{
		Header: http.Header{"X-Unsent": {"1"}}, Raw: &delivery.RawRequest{Header: []delivery.HeaderField{}},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"},
	{"what no header holds", delivery.Attempt{
		Body: []byte("{}"), Raw: &delivery.RawRequest{Header: []delivery.HeaderField{
			{"X-Webhook-Secret", "\x00\x01\t\x1b[2J\x7f\xff"}, {"", "nameless"}, {"X Y", " spaced "},
		}},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nX-Webhook-Secret: \x00\x01\t\x1b[2J\x7f\xff\r\n: nameless\r\nX Y:  spaced \r\nContent-Length: 2\r\n\r\n{}"},
	{"what is named is not added", delivery.Attempt{
		Body: []byte("{}"), Raw: &delivery.RawRequest{Expect: true, Header: []delivery.HeaderField{
			{"hOST", "elsewhere"}, {"content-length", "9"}, {"EXPECT", "nothing"},
		}},
	}, "POST /hook?a=%20b HTTP/1.1\r\nhOST: elsewhere\r\ncontent-length: 9\r\nEXPECT: nothing\r\n\r\n{}"},
	{"a target of its own", delivery.Attempt{
		Method: "OPTIONS", Raw: &delivery.RawRequest{RequestTarget: "*"},
	}, "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n"},
	{"expecting", delivery.Attempt{
		Body: []byte("{}"), Raw: &delivery.RawRequest{Expect: true},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}"},
	{"one chunk", delivery.Attempt{
		Body: []byte("twelve bytes"), Chunked: true,
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nc\r\ntwelve bytes\r\n0\r\n\r\n"},
	{"no chunk", delivery.Attempt{
		Chunked: true,
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
	{"chunks", delivery.Attempt{
		Body: []byte("seven b"), Chunked: true, Raw: &delivery.RawRequest{PieceBytes: 3},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsev\r\n3\r\nen \r\n1\r\nb\r\n0\r\n\r\n"},
	{"cut off", delivery.Attempt{
		Body: []byte("seven b"), Raw: &delivery.RawRequest{CutAfter: 5},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nContent-Length: 7\r\n\r\nseven"},
	{"cut off in a chunk", delivery.Attempt{
		Body: []byte("seven b"), Chunked: true, Raw: &delivery.RawRequest{PieceBytes: 3, CutAfter: 5},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsev\r\n3\r\nen"},
	{"cut off between chunks", delivery.Attempt{
		Body: []byte("seven b"), Chunked: true, Raw: &delivery.RawRequest{PieceBytes: 3, CutAfter: 7},
	}, "POST /hook?a=%20b HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsev\r\n3\r\nen \r\n1\r\nb"},
}

func TestWireWritesByteForByte(t *testing.T) {
	for _, c := range wireForms {
		t.Run(c.name, func(t *testing.T) {
			requests := make(chan []byte, 1)
			url := wire(t, func(conn net.Conn) {
				got := make([]byte, len(c.want)+len(conn.LocalAddr().String())) // more than comes
				n := 0
				for want := strings.ReplaceAll(c.want, "HOST", conn.LocalAddr().String()); n < len(want); {
					more, err := conn.Read(got[n:])
					if n += more; err != nil {
						break
					}
				}
				requests <- got[:n]
				io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
			})
			attempt := c.attempt
			attempt.URL = url + "/hook?a=%20b"
			if attempt.Raw == nil {
				attempt.Raw = &delivery.RawRequest{}
			}
			x := sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt)
			want := strings.ReplaceAll(c.want, "HOST", strings.TrimPrefix(url, "http://"))
			if diff := cmp.Diff(want, string(<-requests)); diff != "" {
				t.Errorf("another request came (-want +got):\n%s", diff)
			}
			switch {
			case attempt.Raw.CutAfter > 0:
				if !errors.Is(x.Err, delivery.ErrAbandoned) || x.Response != nil {
					t.Errorf("%+v, %v", x.Response, x.Err)
				}
			case x.Err != nil || x.Response.Status != 204:
				t.Errorf("%+v, %v", x.Response, x.Err)
			}
			text, err := delivery.AppendRequest([]byte("before "), attempt)
			if diff := cmp.Diff("before "+want, string(text)); err != nil || diff != "" {
				t.Errorf("%v, and the text is another (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestWireNamesTheHostAsClientsDo(t *testing.T) {
	for url, want := range map[string]string{
		"http://[::1]:8000/":            "[::1]:8000",
		"https://[fe80::1%25eth0]:44/a": "[fe80::1]:44",
		"http://example.org":            "example.org",
		"http://bücher.example:1/":      "xn--bcher-kva.example:1",
	} {
		text, err := delivery.AppendRequest(nil, delivery.Attempt{URL: url})
		if err != nil || !strings.Contains(string(text), "\r\nHost: "+want+"\r\n") {
			t.Errorf("%s becomes %q, %v", url, text, err)
		}
	}
}

func TestWireRefusesATargetThatIsNone(t *testing.T) {
	s := sender(t, delivery.SenderOptions{})
	for _, target := range []string{
		"gopher://localhost/?secret=tr0ub4dor", "http://local host/?secret=tr0ub4dor",
		"/?secret=tr0ub4dor", "http:///?secret=tr0ub4dor", "",
	} {
		x := s.Send(t.Context(), byHand(target, delivery.RawRequest{}))
		checkSecretHidden(t, x.Err)
		_, err := s.Open(t.Context(), target)
		checkSecretHidden(t, err)
	}
	if _, err := delivery.AppendRequest(nil, delivery.Attempt{URL: "/?secret=tr0ub4dor"}); err == nil {
		t.Error("a request to nobody is written")
	} else {
		checkSecretHidden(t, err)
	}
}

func TestWireToNobodyIsSilence(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), byHand("http://"+listener.Addr().String(), delivery.RawRequest{SkipResponse: true}))
	if !delivery.IsUnanswered(x.Err) || errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	if delivery.IsUnanswered(delivery.ErrAbandoned) || delivery.IsUnanswered(delivery.ErrClosedIdle) {
		t.Error("what the sender meant is held against the handler")
	}
}

// Over a pipe, each write is a read of its own.
func TestWirePiecesAreWrittenOneByOne(t *testing.T) {
	for _, c := range []struct {
		wire    delivery.RawRequest
		chunked bool
		want    []string // after the head
	}{
		{delivery.RawRequest{PieceBytes: 3, Pause: time.Millisecond}, false, []string{`{"a`, `":1`, `}`}},
		{delivery.RawRequest{PieceBytes: 4}, true, []string{"4\r\n{\"a\"\r\n", "3\r\n:1}\r\n0\r\n\r\n"}},
		{delivery.RawRequest{PieceBytes: 100}, false, []string{`{"a":1}`}},
	} {
		here, there := net.Pipe()
		reads := make(chan string, 10)
		go func() {
			defer there.Close()
			defer close(reads)
			buffer := make([]byte, 1000)
			for seen := ""; !strings.HasSuffix(seen, "}") && !strings.HasSuffix(seen, "0\r\n\r\n"); {
				n, err := there.Read(buffer)
				if err != nil {
					return
				}
				seen += string(buffer[:n])
				reads <- string(buffer[:n])
			}
			io.WriteString(there, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		}()
		line := delivery.ConnOver(sender(t, delivery.SenderOptions{}), here)
		attempt := byHand("http://localhost/", c.wire)
		attempt.Chunked = c.chunked
		if x := line.Send(t.Context(), attempt); x.Err != nil || x.Response.Status != 200 {
			t.Errorf("%+v, %v", x.Response, x.Err)
		}
		line.Close()
		got := []string{}
		for read := range reads {
			got = append(got, read)
		}
		if !strings.HasSuffix(got[0], "\r\n\r\n") || !slices.Equal(got[1:], c.want) {
			t.Errorf("%+v is written as %q", c.wire, got)
		}
	}
}

func TestWireArrivesAtAHandler(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%d %v %s %v", r.ContentLength, r.TransferEncoding, body, err)
	})
	s := sender(t, delivery.SenderOptions{})
	for chunked, want := range map[bool]string{false: `7 [] {"a":1} <nil>`, true: `-1 [chunked] {"a":1} <nil>`} {
		attempt := byHand(url, delivery.RawRequest{PieceBytes: 2, Pause: time.Microsecond})
		attempt.Chunked = chunked
		x := s.Send(t.Context(), attempt)
		if x.Err != nil || string(x.Response.Body) != want || x.Response.Proto != "HTTP/1.1" || x.Response.Reused || x.Response.Continued {
			t.Errorf("%+v, %v", x.Response, x.Err)
		}
		if x.Started.IsZero() || x.Duration <= 0 || x.Attempt.URL != url {
			t.Errorf("the exchange is not told: %+v", x)
		}
	}
}

// readBodies serves, and reports what of each body came.
func readBodies(t *testing.T) (url string, bodies chan string) {
	bodies = make(chan string, 10)
	return serve(t, func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		bodies <- fmt.Sprintf("%s, %v", body, err)
	}), bodies
}

func TestWireCutOffBodyEndsUnexpectedly(t *testing.T) {
	url, bodies := readBodies(t)
	s := sender(t, delivery.SenderOptions{})
	for _, chunked := range []bool{false, true} {
		attempt := byHand(url, delivery.RawRequest{CutAfter: 4})
		attempt.Chunked = chunked
		x := s.Send(t.Context(), attempt)
		if !errors.Is(x.Err, delivery.ErrAbandoned) || x.Response != nil {
			t.Errorf("%+v, %v", x.Response, x.Err)
		}
		if got, want := <-bodies, `{"a", `+io.ErrUnexpectedEOF.Error(); got != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestWireGivenUpAttemptArrivesWhole(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	url, bodies := readBodies(t)
	s := sender(t, delivery.SenderOptions{})
	for _, wire := range []delivery.RawRequest{{SkipResponse: true}, {CutAfter: len(big) + 1}, {SkipResponse: true, PieceBytes: 1 << 18}} {
		attempt := byHand(url, wire)
		attempt.Body = big
		if x := s.Send(t.Context(), attempt); !errors.Is(x.Err, delivery.ErrAbandoned) || x.Response != nil {
			t.Errorf("%+v, %v", x.Response, x.Err)
		}
		if got := <-bodies; got != string(big)+", <nil>" {
			t.Errorf("%d bytes came", len(got))
		}
	}
}

// An answer that is not read would have the connection reset, and the end of the
// body lost.
func TestWireGivenUpAttemptEndsInOrderAfterAnEarlyAnswer(t *testing.T) {
	ends := make(chan string, 1)
	url := wire(t, func(conn net.Conn) {
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
		got, err := io.ReadAll(conn)
		ends <- fmt.Sprintf("%s, %v", got[max(0, len(got)-3):], err)
	})
	attempt := byHand(url, delivery.RawRequest{SkipResponse: true})
	attempt.Body = append(make([]byte, 32<<20), "end"...) // more than any socket buffers
	if x := sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt); !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	if got := <-ends; got != "end, <nil>" {
		t.Errorf("the handler got %s", got)
	}
}

func TestWireGivenUpAttemptIsLeftBeforeItsAnswer(t *testing.T) {
	gone := make(chan struct{})
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done() // as soon as the sender is gone
		close(gone)
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), byHand(url, delivery.RawRequest{SkipResponse: true}))
	if !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	<-gone
}
