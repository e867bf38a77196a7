package delivery_test

import (
	"bufio"
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

func line(t *testing.T, url string) *delivery.Conn {
	t.Helper()
	l, err := sender(t, delivery.SenderOptions{}).Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// delivered requires a response, and returns its body.
func delivered(t *testing.T, x delivery.Exchange) string {
	t.Helper()
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	return string(x.Response.Body)
}

func TestLineIsOneConnection(t *testing.T) {
	url := peers(t)
	l, other := line(t, url), line(t, url)
	first := l.Send(t.Context(), byHand(url, delivery.RawRequest{}))
	peer := delivered(t, first)
	if first.Response.Reused {
		t.Error("the first request went over a connection of before")
	}
	for _, w := range []delivery.RawRequest{{}, {PieceBytes: 1}, {Expect: true}} {
		x := l.Send(t.Context(), byHand(url, w))
		if got := delivered(t, x); got != peer || !x.Response.Reused || x.Started.IsZero() || x.Duration <= 0 {
			t.Errorf("went over %s, not %s: %+v", got, peer, x)
		}
	}
	if delivered(t, other.Send(t.Context(), byHand(url, delivery.RawRequest{}))) == peer {
		t.Error("another line is the same connection")
	}
}

// inParts serves, and reports the first bytes of each body before it reads the rest.
func inParts(t *testing.T) (url string, begun, done chan string) {
	begun, done = make(chan string, 10), make(chan string, 10)
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		first := make([]byte, 3)
		io.ReadFull(r.Body, first)
		begun <- string(first)
		rest, err := io.ReadAll(r.Body)
		done <- fmt.Sprintf("%s, %v", rest, err)
		io.WriteString(w, "done")
	}), begun, done
}

func TestLineStallsAndGoesOn(t *testing.T) {
	url, begun, done := inParts(t)
	for _, chunked := range []bool{false, true} {
		l := line(t, url)
		attempt := byHand(url, delivery.RawRequest{})
		attempt.Chunked = chunked
		for range 2 {
			if err := l.Begin(t.Context(), attempt, 3); err != nil {
				t.Fatal(err)
			}
			if got := <-begun; got != `{"a` {
				t.Errorf("it begins with %s", got)
			}
			// While one sender stalls, others are served.
			if got := delivered(t, line(t, url).Send(t.Context(), attempt)); got != "done" {
				t.Error(got)
			}
			<-begun
			<-done
			x := l.Finish(t.Context())
			if got := delivered(t, x); got != "done" || x.Attempt.URL != url || x.Started.IsZero() || x.Duration <= 0 {
				t.Errorf("%+v", x)
			}
			if got := <-done; got != `":1}, <nil>` {
				t.Errorf("it ends with %s", got)
			}
		}
	}
}

func TestLineBeginsWithTheHeadOrAll(t *testing.T) {
	url := peers(t)
	l := line(t, url)
	for _, bodyBytes := range []int{-1, 0, 1, 7, 8} {
		// What would end the connection is left to Close.
		if err := l.Begin(t.Context(), byHand(url, delivery.RawRequest{CutAfter: 1, SkipResponse: true}), bodyBytes); err != nil {
			t.Fatal(err)
		}
		delivered(t, l.Finish(t.Context()))
	}
}

func TestLineDropsWhatIsBegun(t *testing.T) {
	url, begun, done := inParts(t)
	l := line(t, url)
	if err := l.Begin(t.Context(), byHand(url, delivery.RawRequest{}), 4); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if got, want := <-done, `", `+io.ErrUnexpectedEOF.Error(); got != want {
		t.Errorf("the handler got %s", got)
	}
	if x := l.Finish(t.Context()); !errors.Is(x.Err, net.ErrClosed) {
		t.Errorf("%v", x.Err)
	}
}

func TestLineIsUsedInTurn(t *testing.T) {
	url := peers(t)
	l := line(t, url)
	attempt := byHand(url, delivery.RawRequest{})
	if x := l.Finish(t.Context()); x.Err == nil || x.Response != nil {
		t.Errorf("what was not begun is finished: %+v", x)
	}
	if err := l.Begin(t.Context(), attempt, 3); err != nil {
		t.Fatal(err)
	}
	if x := l.Send(t.Context(), attempt); x.Err == nil || x.Response != nil {
		t.Errorf("a request went into the middle of another: %+v", x)
	}
	if err := l.Begin(t.Context(), attempt, 3); err == nil {
		t.Error("a request was begun in the middle of another")
	}
	if x := l.Send(t.Context(), delivery.Attempt{URL: "/?secret=tr0ub4dor"}); x.Err == nil {
		t.Error("a request to nobody was sent")
	}
	delivered(t, l.Finish(t.Context()))
	if x := l.Send(t.Context(), delivery.Attempt{URL: "/?secret=tr0ub4dor"}); x.Err == nil {
		t.Error("a request to nobody was sent")
	}
	delivered(t, l.Send(t.Context(), attempt))
	l.Close()
	if x := l.Send(t.Context(), attempt); !errors.Is(x.Err, net.ErrClosed) || errors.Is(x.Err, delivery.ErrClosedIdle) {
		t.Errorf("on a closed line: %v", x.Err)
	}
	if err := l.Begin(t.Context(), attempt, 3); !errors.Is(err, net.ErrClosed) {
		t.Errorf("on a closed line: %v", err)
	}
}

func TestLineThatTheHandlerClosedIsToldApart(t *testing.T) {
	answer := func(head string) func(net.Conn) {
		return func(conn net.Conn) {
			readRequest(conn)
			io.WriteString(conn, head+"\r\nContent-Length: 0\r\n\r\n")
		}
	}
	for name, handler := range map[string]func(net.Conn){
		"after an answer":         answer("HTTP/1.1 200 OK"),
		"as its answer says":      answer("HTTP/1.1 200 OK\r\nConnection: close"),
		"as HTTP/1.0 does":        answer("HTTP/1.0 200 OK"),
		"when the next one comes": func(conn net.Conn) { answer("HTTP/1.1 200 OK")(conn); readRequest(conn) },
	} {
		t.Run(name, func(t *testing.T) {
			url := wire(t, handler)
			l := line(t, url)
			delivered(t, l.Send(t.Context(), byHand(url, delivery.RawRequest{})))
			for range 2 {
				x := l.Send(t.Context(), byHand(url, delivery.RawRequest{}))
				if !errors.Is(x.Err, delivery.ErrClosedIdle) || x.Response != nil || delivery.IsUnanswered(x.Err) {
					t.Errorf("%+v, %v", x.Response, x.Err)
				}
			}
			if err := l.Begin(t.Context(), byHand(url, delivery.RawRequest{}), 1); !errors.Is(err, delivery.ErrClosedIdle) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestLineIsNotUsedWhereTheNextAnswerCouldBeAnothers(t *testing.T) {
	for name, c := range map[string]struct {
		answer string
		wire   delivery.RawRequest
	}{
		"said to be closed": {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", delivery.RawRequest{}},
		"another protocol":  {"HTTP/1.1 101 Switching Protocols\r\n\r\n", delivery.RawRequest{}},
		"a body held back":  {"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n", delivery.RawRequest{Expect: true}},
	} {
		t.Run(name, func(t *testing.T) {
			url := wire(t, func(conn net.Conn) {
				reader := bufio.NewReader(conn)
				for { // as though it kept the connection
					for line := ""; line != "\r\n"; {
						var err error
						if line, err = reader.ReadString('\n'); err != nil {
							return
						}
					}
					io.WriteString(conn, c.answer)
					if !c.wire.Expect {
						reader.Discard(7)
					}
				}
			})
			l := line(t, url)
			delivered(t, l.Send(t.Context(), byHand(url, c.wire)))
			if x := l.Send(t.Context(), byHand(url, c.wire)); !errors.Is(x.Err, delivery.ErrClosedIdle) {
				t.Errorf("%+v, %v", x.Response, x.Err)
			}
		})
	}
}

func TestLineThatWasClosedBeforeItsFirstRequest(t *testing.T) {
	for _, says := range []string{"", "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"} {
		here, there := net.Pipe()
		l := delivery.ConnOver(sender(t, delivery.SenderOptions{}), here)
		io.WriteString(there, says)
		there.Close()
		x := l.Send(t.Context(), byHand("http://localhost", delivery.RawRequest{}))
		if !errors.Is(x.Err, delivery.ErrClosedIdle) || x.Response != nil {
			t.Errorf("%+v, %v", x.Response, x.Err)
		}
	}
}

func TestLineWhoseFirstRequestIsNotAnsweredIsTheHandlersFault(t *testing.T) {
	url := wire(t, func(conn net.Conn) { readRequest(conn) })
	l := line(t, url)
	x := l.Send(t.Context(), byHand(url, delivery.RawRequest{}))
	if x.Err == nil || errors.Is(x.Err, delivery.ErrClosedIdle) || !strings.Contains(x.Err.Error(), "closed before the answer was complete") {
		t.Errorf("%v", x.Err)
	}
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, net.ErrClosed) {
		t.Errorf("the line is used after that: %+v, %v", x.Response, x.Err)
	}
}

func TestLineSurvivesAnAnswerOfItsOwnAfterTheRest(t *testing.T) {
	// The second answer comes unasked, so what follows would be one behind.
	url := wire(t, func(conn net.Conn) {
		for range 2 {
			readRequest(conn)
			io.WriteString(conn, strings.Repeat("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 2))
		}
	})
	l := line(t, url)
	delivered(t, l.Send(t.Context(), byHand(url, delivery.RawRequest{})))
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, delivery.ErrClosedIdle) {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
}

func TestLineTimesOut(t *testing.T) {
	url := wire(t, func(conn net.Conn) {
		readRequest(conn)
		bufio.NewReader(conn).ReadString('\n') // until the sender is gone
	})
	s := sender(t, delivery.SenderOptions{Timeout: 60 * time.Millisecond})
	l, err := s.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, delivery.ErrTimeout) {
		t.Errorf("%v", x.Err)
	}
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, net.ErrClosed) {
		t.Errorf("a late answer would be taken for the next one: %v", x.Err)
	}
}

func TestLineCanBeClosedWhileItWaits(t *testing.T) {
	arrived := make(chan struct{})
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		close(arrived)
		<-r.Context().Done()
	})
	l := line(t, url)
	go func() {
		<-arrived
		l.Close()
	}()
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, net.ErrClosed) {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
}

func TestLineIsOverWhenARequestIsGivenUp(t *testing.T) {
	url, bodies := readBodies(t)
	l := line(t, url)
	delivered(t, l.Send(t.Context(), byHand(url, delivery.RawRequest{})))
	<-bodies
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{CutAfter: 2})); !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	if got, want := <-bodies, `{", `+io.ErrUnexpectedEOF.Error(); got != want {
		t.Errorf("the handler got %s", got)
	}
	if x := l.Send(t.Context(), byHand(url, delivery.RawRequest{})); !errors.Is(x.Err, net.ErrClosed) {
		t.Errorf("%+v, %v", x.Response, x.Err)
	}
}

func TestLineToNobody(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	_, err = sender(t, delivery.SenderOptions{}).Open(t.Context(), "http://"+listener.Addr().String()+"/?secret=tr0ub4dor")
	checkSecretHidden(t, err)
	if !delivery.IsUnanswered(err) {
		t.Errorf("%v", err)
	}
}
