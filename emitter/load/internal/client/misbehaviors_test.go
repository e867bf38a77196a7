package client

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// visit is a connection, as a handler has it.
type visit struct {
	net.Conn
	reader *bufio.Reader
	over   <-chan struct{} // closed when the test needs it no longer
}

// read reads a request; false where none comes.
func (v visit) read() bool { return readRequest(v.reader) != nil }

func (v visit) say(text string) { io.WriteString(v, text) }

func (v visit) reset() {
	conn := v.Conn
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// forEver goes on as long as anybody reads.
func (v visit) forEver(text string) {
	for block := strings.Repeat(text, 1+4096/len(text)); ; {
		if _, err := io.WriteString(v, block); err != nil {
			return
		}
	}
}

// says responds to a request, whatever it is.
func says(answer string) func(visit) {
	return func(v visit) {
		v.read()
		v.say(answer)
	}
}

// saysAndCloses answers a request and closes the connection.
func saysAndCloses(answer string) func(visit) {
	return func(v visit) {
		says(answer)(v)
		v.Close()
	}
}

// saysAndResets answers a request and resets the connection.
func saysAndResets(answer string) func(visit) {
	return func(v visit) {
		says(answer)(v)
		v.reset()
	}
}

// saysForEver answers a request and goes on with more.
func saysForEver(answer, more string) func(visit) {
	return func(v visit) {
		says(answer)(v)
		v.forEver(more)
	}
}

// readHeadOnly reads a request up to its payload.
func readHeadOnly(v visit) {
	for line := ""; line != "\r\n"; {
		line, _ = v.reader.ReadString('\n')
	}
}

// misbehavior is what a handler may do where another would answer and keep the connection.
type misbehavior struct {
	name   string
	do     func(visit)
	status int
	kinds  string // that the fault may be of, where there is no status
	silent bool   // not a byte of an answer came
	kept   bool   // the next request goes over the same connection
	large  bool   // the payload is more than sockets buffer
}

var misbehaviors = []misbehavior{
	{"closes at once", func(v visit) { v.reader.Peek(1); v.Close() }, 0, "closed reset", true, false, false},
	{"closes", saysAndCloses(""), 0, "closed", true, false, false},
	{"resets", saysAndResets(""), 0, "reset", true, false, false},
	{"closes in the first line", saysAndCloses("HTTP/1.1 20"), 0, "broken", false, false, false},
	{"closes in the head", saysAndCloses("HTTP/1.1 200 OK\r\nX"), 0, "broken", false, false, false},
	{"resets in the head", saysAndResets("HTTP/1.1 200 OK\r\nX"), 0, "reset", false, false, false},
	{"closes in the body", saysAndCloses("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx"), 0, "broken", false, false, false},
	{"resets in the body", saysAndResets("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx"), 0, "reset", false, false, false},
	{"resets in a body until the end", saysAndResets("HTTP/1.1 200 OK\r\n\r\nx"), 0, "reset", false, false, false},
	{"closes in a chunk", saysAndCloses("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx"), 0, "broken", false, false, false},
	{"closes after an interim answer", saysAndCloses("HTTP/1.1 102 Processing\r\n\r\n"), 0, "broken", false, false, false},
	{"talks rubbish", says("rubbish\r\n"), 0, "malformed", false, false, false},
	{"speaks HTTP/0.9", saysAndCloses("<html>fine</html>"), 0, "malformed", false, false, false},
	{"expects TLS", saysAndCloses("\x15\x03\x01\x00\x02\x02\x50"), 0, "malformed", false, false, false},
	{"sends it back", func(v visit) { v.Write(readRequest(v.reader)) }, 0, "malformed", false, false, false},
	{"sends the secret back", says("HTTP/1.1 200 OK\r\n" + testSecret + "\r\n\r\n"), 0, "malformed", false, false, false},
	{"has no status", says("HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"), 0, "malformed", false, false, false},
	{"has an endless head", saysForEver("HTTP/1.1 200 OK\r\n", "X: y\r\n"), 0, "endless", false, false, false},
	{"has an endless line", saysForEver("HTTP/1.1 200 OK\r\nX: ", "y"), 0, "endless", false, false, false},
	{"has an endless body", saysForEver("HTTP/1.1 200 OK\r\n\r\n", "y"), 0, "endless", false, false, false},
	{"has an endless body in chunks", saysForEver("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\ny\r\n"), 0, "endless", false, false, false},
	{"has a long body", saysForEver("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "y"), 0, "endless", false, false, false},
	{"is busy for ever", saysForEver("", "HTTP/1.1 102 Processing\r\n\r\n"), 0, "endless", false, false, false},
	{"redirects", says("HTTP/1.1 307 Temporary Redirect\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"), 307, "", false, true, false},
	{"fails", says("HTTP/1.1 500 Internal Server Error\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsorry\r\n0\r\n\r\n"), 500, "", false, true, false},
	{"tells more", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\nX: y\r\n\r\n"), 200, "", false, true, false},
	{"answers twice", says(fine + fine), 200, "", false, false, false},
	{"answers and closes", saysAndCloses("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), 200, "", false, false, false},
	{"answers until the end", saysAndCloses("HTTP/1.0 200 OK\r\n\r\nfine"), 200, "", false, false, false},
	{"changes the protocol", saysAndCloses("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), 101, "", false, false, false},
	{"answers in pieces", func(v visit) {
		v.read()
		for _, b := range []byte(fine) {
			v.Write([]byte{b})
		}
	}, 200, "", false, true, false},
	{"answers at length", says("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("x", 1<<20)), 200, "", false, true, false},
	{"refuses the payload", func(v visit) {
		readHeadOnly(v)
		v.say("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 5\r\n\r\nlarge")
		v.Close()
	}, 413, "", false, false, true},
	{"refuses the payload without a word", func(v visit) {
		readHeadOnly(v)
		v.Close()
	}, 0, "closed reset", true, false, true},
	{"answers before it reads the payload", func(v visit) {
		readHeadOnly(v)
		v.say(fine)
		io.CopyN(io.Discard, v.reader, int64(len(largePayload)))
	}, 200, "", false, true, true},
	{"answers at length before it reads the payload", func(v visit) {
		readHeadOnly(v)
		v.say("HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("x", 1<<20))
		io.CopyN(io.Discard, v.reader, int64(len(largePayload)))
	}, 200, "", false, true, true},
	{"answers and never reads the payload", func(v visit) {
		readHeadOnly(v)
		v.say(fine)
		<-v.over
	}, 200, "", false, false, true},
	{"takes a large payload", says(fine), 200, "", false, true, true},
}

// misbehaving serves connections, the first of which is good a number of times, and then has
// something done to it. It is over when the channel is closed.
func misbehaving(good int, do func(visit), over <-chan struct{}) func(net.Conn) {
	first := make(chan struct{}, 1)
	first <- struct{}{}
	return func(conn net.Conn) {
		v := visit{conn, bufio.NewReader(conn), over}
		select {
		case <-first:
			for range good {
				says(fine)(v)
			}
			do(v)
		default:
		}
		for v.read() {
			v.say(fine)
		}
	}
}

func TestMisbehaviors(t *testing.T) {
	for _, c := range misbehaviors {
		for way := range ways {
			for _, good := range []int{0, 3} {
				t.Run(fmt.Sprintf("%s, %s, after %d", c.name, way, good), func(t *testing.T) {
					before, over := runtime.NumGoroutine(), make(chan struct{})
					t.Cleanup(func() { checkNoGoroutineLeft(t, before) })
					target := listen(t, misbehaving(good, c.do, over))
					t.Cleanup(func() { close(over) })
					checkMisbehavior(t, c, good, by(way, newPool(t, Options{To: delivery.Destination{URL: target}})))
				})
			}
		}
	}
}

func TestMisbehaviorsOverTLS(t *testing.T) {
	for _, c := range misbehaviors {
		for _, good := range []int{0, 3} {
			t.Run(fmt.Sprintf("%s, after %d", c.name, good), func(t *testing.T) {
				over := make(chan struct{})
				target, route := secured(t, misbehaving(good, c.do, over))
				t.Cleanup(func() { close(over) })
				route.HTTP1 = true
				checkMisbehavior(t, c, good, newPool(t, Options{To: delivery.Destination{URL: target}, Route: route}))
			})
		}
	}
}

// checkMisbehavior checks what comes of a misbehavior that follows on good deeds, and of a
// request after it.
func checkMisbehavior(t *testing.T, c misbehavior, good int, cs *Pool) {
	t.Helper()
	client, p := cs.NewClient(), newRequest(cs, "{}")
	for range good {
		delivered(t, client, p)
	}
	if c.large {
		p = newRequest(cs, largePayload)
	}
	want := Result{Status: c.status, Opened: 1}
	kept := c.kept
	switch {
	case good > 0 && c.silent: // it is sent again, and answered
		want, kept = Result{Status: 200, Resent: true, Opened: 1}, true
	case good > 0:
		want.Opened = 0
	}
	got := client.Do(p)
	if want.Status == 0 {
		checkFault(t, got.Err, c.kinds)
		got.Err = nil
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	next := delivered(t, client, newRequest(cs, "{}"))
	if (next.Opened == 0) != kept || next.Resent {
		t.Errorf("after it, %+v", next)
	}
}

// checkFault checks the kind of a fault, and that it hides the secret.
func checkFault(t *testing.T, err error, kinds string) {
	t.Helper()
	if err == nil {
		t.Error("there is no fault")
		return
	}
	if kind := FaultKind(err); !strings.Contains(kinds, kind) {
		t.Errorf("%s, not %s: %v", kind, kinds, err)
	}
	checkNoSecret(t, err)
}
