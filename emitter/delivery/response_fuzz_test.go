package delivery_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// scripted is a connection whose other end has sent all that it will ever send.
type scripted struct {
	net.Conn // nil: what is not defined here is not used
	answer   io.Reader
	asked    chan struct{} // closed when a request came: nothing is sent before
	over     bool
}

func (c *scripted) Write(p []byte) (int, error) {
	if !c.over {
		c.over = true
		close(c.asked)
	}
	return len(p), nil
}

func (c *scripted) Read(p []byte) (int, error) {
	<-c.asked
	return c.answer.Read(p)
}

func (c *scripted) Close() error                     { return nil }
func (c *scripted) SetDeadline(time.Time) error      { return nil }
func (c *scripted) SetReadDeadline(time.Time) error  { return nil }
func (c *scripted) SetWriteDeadline(time.Time) error { return nil }

// plainly is what net/http reads, interim answers left out.
func plainly(method string, answer []byte) (status int, body []byte, err error) {
	reader := bufio.NewReader(bytes.NewReader(answer))
	for {
		r, err := http.ReadResponse(reader, &http.Request{Method: method})
		if err != nil {
			return 0, nil, err
		}
		if r.StatusCode/100 != 1 || r.StatusCode == http.StatusSwitchingProtocols {
			body, err := io.ReadAll(r.Body)
			return r.StatusCode, body, err
		}
	}
}

func FuzzWireAnswer(f *testing.F) {
	for _, c := range wireAnswers {
		if len(c.answer) < 1000 {
			f.Add(c.method == "HEAD", []byte(c.answer))
		}
	}
	f.Add(false, []byte("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"))
	f.Add(false, []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n1;a=b\r\nx\r\n0\r\n\r\nmore"))
	s := delivery.NewSender(delivery.SenderOptions{})
	f.Fuzz(func(t *testing.T, head bool, answer []byte) {
		method := http.MethodPost
		if head {
			method = http.MethodHead
		}
		l := delivery.UnwatchedConnOver(s, &scripted{answer: bytes.NewReader(answer), asked: make(chan struct{})})
		x := l.Send(t.Context(), delivery.Attempt{Method: method, URL: "http://localhost/", Body: []byte("{}")})
		l.Close()
		status, body, err := plainly(method, answer)
		switch {
		case x.Err == nil && x.Response == nil:
			t.Fatal("neither an answer nor an error")
		case x.Err != nil:
			oneLined(t, x.Err)
			if err == nil && !errors.Is(x.Err, delivery.ErrEndless) && len(answer) <= 64<<10 {
				t.Errorf("net/http reads %d %q: %v", status, body, x.Err)
			}
		case err != nil:
			t.Errorf("net/http does not read it: %v; %+v", err, x.Response)
		case x.Response.Status != status || !bytes.Equal(x.Response.Body, body):
			t.Errorf("net/http reads %d %q, not %+v", status, body, x.Response)
		}
	})
}

// oneLined checks that an error fits a line of a terminal.
func oneLined(t *testing.T, err error) {
	t.Helper()
	if text := err.Error(); strings.ContainsAny(text, "\n\r\x1b") || len(text) > 1000 {
		t.Errorf("%q is no line", text)
	}
}
