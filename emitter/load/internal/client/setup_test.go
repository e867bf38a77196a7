package client

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

const testSecret = "tr0ub4dor&3"

// listen serves each connection by hand, and returns the URL. At the end of the test all
// of them are closed.
func listen(t testing.TB, serve func(conn net.Conn)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, l, serve)
	return &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/hook"}
}

func serveOn(t testing.TB, l net.Listener, serve func(conn net.Conn)) {
	var (
		done sync.WaitGroup
		mu   sync.Mutex
		open []net.Conn
	)
	done.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			narrow(conn)
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			done.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		done.Wait()
	})
}

// narrow has a socket buffer little of what is sent, so that it soon waits for its
// reader. What is received it buffers little of until it is read.
func narrow(conn net.Conn) {
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(64 << 10)
	}
}

// largePayload is more than sockets buffer that are narrow.
var largePayload = strings.Repeat("x", 3<<19)

// readRequest reads a request, as a handler without a library would; nil where none
// comes.
func readRequest(reader *bufio.Reader) []byte {
	text := []byte{}
	for !bytes.HasSuffix(text, []byte("\r\n\r\n")) {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return nil
		}
		text = append(text, line...)
	}
	_, after, _ := bytes.Cut(text, []byte("Content-Length: "))
	digits, _, _ := bytes.Cut(after, []byte("\r"))
	length, _ := strconv.Atoi(string(digits))
	body := make([]byte, length)
	if _, err := io.ReadFull(reader, body); err != nil {
		return nil
	}
	return append(text, body...)
}

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

// wellBehaved answers all requests.
func wellBehaved(conn net.Conn) {
	for reader := bufio.NewReader(conn); readRequest(reader) != nil; {
		io.WriteString(conn, fine)
	}
}

// ways are the two ways in which a request is written by hand: as the system does it
// best, and as every system does it.
var ways = map[string]func(net.Conn) net.Conn{
	"by the poller": func(conn net.Conn) net.Conn { return conn },
	"portably":      func(conn net.Conn) net.Conn { return struct{ net.Conn }{conn} },
}

// newPool are the clients of a target, which are closed at the end of the test.
func newPool(t testing.TB, o Options) *Pool {
	t.Helper()
	if o.To.SecretIn == "" {
		o.To.SecretIn, o.Secrets = delivery.InHeader, []string{testSecret}
	}
	c, err := NewPool(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return dialling(c, func(conn net.Conn) net.Conn { narrow(conn); return conn })
}

// by has connections be used in one of the ways.
func by(way string, c *Pool) *Pool { return dialling(c, ways[way]) }

// dialling has something done to each connection.
func dialling(c *Pool, do func(net.Conn) net.Conn) *Pool {
	dial := c.dial
	c.dial = func(ctx context.Context) (net.Conn, error) {
		conn, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		return do(conn), nil
	}
	return c
}

// newRequest returns a request with a payload.
func newRequest(c *Pool, payload string) *Request {
	return &Request{Text: append(make([]byte, c.Room()), payload...), BodyStart: c.Room(), ID: []byte("0b4ae7d6-5d3c-4e0a-9c0e-6f1d0e4f6d11")}
}

// delivered sends a request to a handler that must answer it with 200.
func delivered(t testing.TB, by Client, p *Request) Result {
	t.Helper()
	o := by.Do(p)
	if o.Err != nil || o.Status != http.StatusOK {
		t.Fatalf("%+v", o)
	}
	return o
}

// checkNoSecret finds a secret in the text of a fault.
func checkNoSecret(t testing.TB, err error) {
	t.Helper()
	if text := err.Error(); strings.Contains(text, testSecret) || strings.Contains(text, url.QueryEscape(testSecret)) {
		t.Errorf("%q says too much", text)
	}
}

// checkNoGoroutineLeft waits until there are no more goroutines than there were.
func checkNoGoroutineLeft(t *testing.T, before int) {
	t.Helper()
	for range 1_000_000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
}
