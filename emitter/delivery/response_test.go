package delivery_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Answers, and what net/http and the code that reads them by hand make of them.
var wireAnswers = []struct {
	name, method, answer string
	status               int // 0 where no answer came at all
	body, err            string
}{
	{"with a length", "POST", "HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nfine", 202, "fine", ""},
	{"HTTP/1.0", "POST", "HTTP/1.0 200 OK\r\n\r\nuntil the end", 200, "until the end", ""},
	{"until the end", "POST", "HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\nno", 403, "no", ""},
	{"chunks and trailers", "POST", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\nfi\r\n2;x=y\r\nne\r\n0\r\nX: 1\r\n\r\n", 200, "fine", ""},
	{"no body", "POST", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", ""},
	{"to HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", 200, "", ""},
	{"after interim ones", "POST", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", ""},
	{"another protocol", "POST", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", 101, "", ""},
	{"nothing", "POST", "", 0, "", "closed before the answer was complete"},
	{"half a head", "POST", "HTTP/1.1 200 OK\r\nX: y\r\n", 0, "", "closed before the answer was complete"},
	{"half a body", "POST", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun", 200, "begun", "closed before the answer was complete"},
	{"half a chunk", "POST", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbegun", 200, "begun", "closed before the answer was complete"},
	{"interim only", "POST", "HTTP/1.1 100 Continue\r\n\r\n", 0, "", "closed before the answer was complete"},
	{"HTTP/0.9", "POST", "<html>\x1b[2J fine</html>\r\n", 0, "", "malformed"},
	{"another protocol's", "POST", "SSH-2.0-OpenSSH_9.6\r\n\r\n", 0, "", "malformed"},
	{"a head to upset terminals", "POST", "HTTP/1.1 200 OK\r\n\x1b[2J\x85\r\n\r\n", 0, "", "malformed"},
	{"a status that is none", "POST", "HTTP/1.1 2000 OK\r\n\r\n", 0, "", "malformed"},
	{"a long line that is none", "POST", strings.Repeat("long", 10000) + "\r\n", 0, "", "malformed"},
	{"a long head", "POST", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: 1234567890\r\n", 10000) + "\r\n", 0, "", "head"},
	{"a long line", "POST", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("1234567890", 10000), 0, "", "head"},
	{"interim ones for ever", "POST", strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 10000), 0, "", "head"},
}

func TestWireReadsAnswers(t *testing.T) {
	for _, c := range wireAnswers {
		url := wire(t, func(conn net.Conn) {
			readRequest(conn)
			io.WriteString(conn, c.answer)
		})
		for name, w := range map[string]*delivery.RawRequest{"by hand": {}, "net/http": nil} {
			t.Run(c.name+", "+name, func(t *testing.T) {
				attempt := delivery.Attempt{Method: c.method, URL: url + "/?secret=tr0ub4dor", Raw: w}
				if c.method == "POST" {
					attempt.Body = []byte("{}")
				}
				x := sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt)
				checkAnswer(t, x, c.status, c.body)
				if c.err == "" {
					if x.Err != nil {
						t.Error(x.Err)
					}
					return
				}
				checkSecretHidden(t, x.Err)
				if w == nil && c.err == "head" {
					return // net/http has words of its own
				}
				if text := fmt.Sprint(x.Err); !strings.Contains(text, c.err) || len(text) > 1000 || strings.ContainsAny(text, "\x1b\r\n") {
					t.Errorf("%q", text)
				}
			})
		}
	}
}

func checkAnswer(t *testing.T, x delivery.Exchange, status int, body string) {
	t.Helper()
	switch {
	case status == 0 && x.Response != nil:
		t.Errorf("an answer came: %+v", x.Response)
	case status != 0 && x.Response == nil:
		t.Errorf("no answer came: %v", x.Err)
	case status != 0 && (x.Response.Status != status || string(x.Response.Body) != body):
		t.Errorf("another answer came: %+v", x.Response)
	}
}

func TestWireKnowsHowAnAnswerCame(t *testing.T) {
	for answer, want := range map[string]string{
		"HTTP/1.0 200 OK\r\n\r\n":                          "HTTP/1.0, false",
		"HTTP/1.1 204 No\r\n\r\n":                          "HTTP/1.1, false",
		"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 204 No\r\n\r\n":   "HTTP/1.1, true",
		"HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 204 No\r\n\r\n": "HTTP/1.1, false",
	} {
		url := wire(t, func(conn net.Conn) {
			readRequest(conn)
			io.WriteString(conn, answer)
		})
		for _, w := range []*delivery.RawRequest{nil, {}} {
			x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.Attempt{
				URL: url, Header: http.Header{"Expect": {"100-continue"}}, Body: []byte("{}"), Raw: w,
			})
			if x.Err != nil {
				t.Fatal(x.Err)
			}
			if got := fmt.Sprintf("%s, %v", x.Response.Proto, x.Response.Continued); got != want || x.Response.TLS != nil {
				t.Errorf("%q, by hand %v: %s", answer, w != nil, got)
			}
		}
	}
}

func TestWireEndlessBodyIsCutOff(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for block := make([]byte, 1<<16); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), byHand(url, delivery.RawRequest{}))
	if !errors.Is(x.Err, delivery.ErrEndless) || x.Response == nil || len(x.Response.Body) != delivery.ResponseLimit {
		t.Errorf("%v", x.Err)
	}
}

func TestWireAnswerThatDripsTimesOut(t *testing.T) {
	for name, drip := range map[string]string{
		"head":    "HTTP/1.1 200 OK\r\nX: ",
		"body":    "HTTP/1.1 200 OK\r\n\r\n",
		"interim": "HTTP/1.1 100 Continue\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			url := wire(t, func(conn net.Conn) {
				readRequest(conn)
				io.WriteString(conn, drip)
				for range time.Tick(time.Millisecond) {
					if _, err := io.WriteString(conn, "x"); err != nil {
						return
					}
				}
			})
			x := sender(t, delivery.SenderOptions{Timeout: 60 * time.Millisecond}).Send(t.Context(), byHand(url, delivery.RawRequest{}))
			if !errors.Is(x.Err, delivery.ErrTimeout) || !delivery.IsUnanswered(x.Err) {
				t.Errorf("%v", x.Err)
			}
		})
	}
}

func TestWireCancelledAttemptIsNoTimeout(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	url := wire(t, func(conn net.Conn) {
		readRequest(conn)
		cancel()
		conn.Read(make([]byte, 1))
	})
	x := sender(t, delivery.SenderOptions{}).Send(ctx, byHand(url, delivery.RawRequest{}))
	if !errors.Is(x.Err, context.Canceled) || errors.Is(x.Err, delivery.ErrTimeout) {
		t.Errorf("%v", x.Err)
	}
}

func TestWireBodyThatNobodyReadsTimesOut(t *testing.T) {
	url := wire(t, func(conn net.Conn) {
		bufio.NewReaderSize(conn, 16).ReadString('\n')
		<-t.Context().Done()
	})
	for _, w := range []delivery.RawRequest{{}, {SkipResponse: true}, {PieceBytes: 1, Pause: time.Hour}, {SkipResponse: true, PieceBytes: 1, Pause: time.Hour}} {
		attempt := byHand(url, w)
		if w.Pause == 0 {
			attempt.Body = make([]byte, 32<<20) // more than any socket buffers
		}
		x := sender(t, delivery.SenderOptions{Timeout: 100 * time.Millisecond}).Send(t.Context(), attempt)
		if !errors.Is(x.Err, delivery.ErrTimeout) {
			t.Errorf("%v", x.Err)
		}
	}
}

// refuseEarly answers when the head is read, and closes.
func refuseEarly(conn net.Conn) {
	reader := bufio.NewReaderSize(conn, 16)
	for line := ""; line != "\r\n"; {
		line, _ = reader.ReadString('\n')
	}
	io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlarge")
}

func TestWireSeesTheAnswerOfWhoDoesNotReadTheBody(t *testing.T) {
	url := wire(t, refuseEarly)
	for _, w := range []delivery.RawRequest{{}, {PieceBytes: 1 << 10}, {PieceBytes: 1 << 20, Pause: time.Hour}, {SkipResponse: true}} {
		attempt := byHand(url, w)
		attempt.Body = bytes.Repeat([]byte("x"), 32<<20)
		x := sender(t, delivery.SenderOptions{}).Send(t.Context(), attempt)
		if x.Err != nil || x.Response.Status != 413 || string(x.Response.Body) != "large" {
			t.Errorf("%+v: %+v, %v", w, x.Response, x.Err)
		}
	}
}

func TestWireGoesOnAfterAnEarlyAnswer(t *testing.T) {
	bodies := make(chan string, 1)
	url := wire(t, func(conn net.Conn) {
		reader := bufio.NewReaderSize(conn, 16)
		for line := ""; line != "\r\n"; {
			line, _ = reader.ReadString('\n')
		}
		io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
		body := make([]byte, 7)
		_, err := io.ReadFull(reader, body)
		bodies <- fmt.Sprintf("%s, %v", body, err)
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), byHand(url, delivery.RawRequest{PieceBytes: 1, Pause: time.Millisecond}))
	if x.Err != nil || x.Response.Status != 202 {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
	if got := <-bodies; got != `{"a":1}, <nil>` {
		t.Errorf("a handler that works after its answer got %s", got)
	}
}

func TestWireExpectsAContinue(t *testing.T) {
	// net/http answers 100 where a handler reads the body.
	reads := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s, %v", r.Header.Get("Expect"), body, err)
	}
	refuses := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusExpectationFailed) }
	s := sender(t, delivery.SenderOptions{})
	for _, c := range []struct {
		name, url string
		status    int
		body      string
		continued bool
	}{
		{"answers 100", serve(t, reads), 200, `100-continue {"a":1}, <nil>`, true},
		{"refuses", serve(t, refuses), 417, "", false},
		{"ignores it", wire(t, func(conn net.Conn) {
			request := readRequest(conn)
			fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n%s", request[len(request)-7:])
		}), 200, `{"a":1}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := s.Send(t.Context(), byHand(c.url, delivery.RawRequest{Expect: true}))
			if x.Err != nil {
				t.Fatal(x.Err)
			}
			checkAnswer(t, x, c.status, c.body)
			if x.Response.Continued != c.continued {
				t.Errorf("that a 100 came is said to be %v", x.Response.Continued)
			}
		})
	}
}

func TestWireHoldsTheBodyBackFromWhoRefusesIt(t *testing.T) {
	rest := make(chan string, 1)
	url := wire(t, func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		for line := ""; line != "\r\n"; {
			line, _ = reader.ReadString('\n')
		}
		io.WriteString(conn, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
		got, _ := io.ReadAll(reader)
		rest <- string(got)
	})
	x := sender(t, delivery.SenderOptions{}).Send(t.Context(), byHand(url, delivery.RawRequest{Expect: true}))
	if x.Err != nil || x.Response.Status != 401 {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
	if got := <-rest; got != "" {
		t.Errorf("it was sent %q", got)
	}
}
