//go:build unix

package client

import (
	"bufio"
	"io"
	"math"
	"net"
	"net/url"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// idlers serves connections to which something is done after a number of answers: what is
// sent on the channel, which hands it back when it is done.
func idlers(t *testing.T, answers int) (*url.URL, chan func(net.Conn)) {
	acts := make(chan func(net.Conn))
	return listen(t, func(conn net.Conn) {
		v := visit{Conn: conn, reader: bufio.NewReader(conn)}
		for range answers {
			says(fine)(v)
		}
		if act, wanted := <-acts; wanted {
			act(conn)
			acts <- act
		}
		for v.read() {
			v.say(fine)
		}
	}), acts
}

func closeConn(conn net.Conn) { conn.Close() }

func TestConnectionThatEndedWhileItWasIdleIsNotUsed(t *testing.T) {
	for name, act := range map[string]func(net.Conn){
		"closed":         closeConn,
		"half closed":    func(conn net.Conn) { conn.(*net.TCPConn).CloseWrite() },
		"reset":          func(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0); conn.Close() },
		"timed out":      func(conn net.Conn) { io.WriteString(conn, "HTTP/1.1 408 Request Timeout\r\n\r\n"); conn.Close() },
		"unasked for":    func(conn net.Conn) { io.WriteString(conn, "HTTP/1.1 500 Unasked\r\nContent-Length: 0\r\n\r\n") },
		"half an answer": func(conn net.Conn) { io.WriteString(conn, "H") },
	} {
		for _, c := range []struct {
			answers int
			rested  bool
		}{{1, false}, {2, false}, {3, true}, {4, false}} {
			got := afterIdling(t, act, c.answers, c.rested)
			if want := (Result{Status: 200, Opened: 1}); got != want {
				t.Errorf("%s after %d answers: %+v, want %+v", name, c.answers, got, want)
			}
		}
	}
}

func TestConnectionThatEndedUnseenIsReplaced(t *testing.T) {
	got := afterIdling(t, closeConn, 3, false)
	if want := (Result{Status: 200, Opened: 1, Resent: true}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// afterIdling is what comes of a request over a connection to which something was done
// after a number of answers.
func afterIdling(t *testing.T, act func(net.Conn), answers int, rested bool) Result {
	t.Helper()
	target, acts := idlers(t, answers)
	cs := newPool(t, Options{To: delivery.Destination{URL: target}})
	client := newRawClient(cs)
	defer client.Close()
	for range answers {
		delivered(t, client, newRequest(cs, "{}"))
	}
	acts <- act
	<-acts
	close(acts)
	client.began = math.MaxInt64 / 2
	if rested {
		client.began = math.MinInt64 / 2
	}
	return delivered(t, client, newRequest(cs, "{}"))
}
