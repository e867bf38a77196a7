package client

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
)

func TestRawClientWritesOnceAndReadsOnce(t *testing.T) {
	cs := newPool(t, Options{To: delivery.Destination{URL: listen(t, wellBehaved)}})
	client := newRawClient(cs)
	defer client.Close()
	delivered(t, client, newRequest(cs, "{}"))
	counted := &counting{Conn: client.conn.conn}
	client.conn, client.responses.from = newRawConn(counted), counted
	for range 5 {
		delivered(t, client, newRequest(cs, "{}"))
	}
	if counted.writes != 5 || counted.reads != 5 {
		t.Errorf("%d writes and %d reads for 5 requests", counted.writes, counted.reads)
	}
}

// counting counts what is done with a connection.
type counting struct {
	net.Conn
	writes, reads int
}

func (c *counting) Write(p []byte) (int, error) {
	c.writes++
	return c.Conn.Write(p)
}

func (c *counting) Read(p []byte) (int, error) {
	c.reads++
	return c.Conn.Read(p)
}

// meddled is a connection that something is done to.
type meddled struct {
	net.Conn
	write, read func(net.Conn, []byte) (int, error)
}

func (m meddled) Write(p []byte) (int, error) { return m.write(m.Conn, p) }
func (m meddled) Read(p []byte) (int, error)  { return m.read(m.Conn, p) }

func TestRawClientWritesWhatThereIsNoRoomForYet(t *testing.T) {
	target, got := requests(t)
	payload := strings.Repeat("x", uploadThreshold*3/4)
	for way := range ways {
		cs := by(way, dialling(newPool(t, Options{To: delivery.Destination{URL: target}}), func(conn net.Conn) net.Conn {
			conn.(*net.TCPConn).SetWriteBuffer(1)
			return conn
		}))
		client := cs.NewClient()
		for range 2 {
			delivered(t, client, newRequest(cs, payload))
			if request := <-got; !strings.HasSuffix(request, "\r\n\r\n"+payload) {
				t.Errorf("%s, %d bytes came, which are not as they were sent", way, len(request))
			}
		}
	}
}

func TestResponseCountsThoughTheConnectionFails(t *testing.T) {
	written := func(conn net.Conn, p []byte) (int, error) {
		conn.Write(p)
		return len(p) - 1, syscall.EPIPE
	}
	read := func(conn net.Conn, p []byte) (int, error) {
		n, _ := conn.Read(p)
		return n, io.EOF
	}
	for _, answer := range []string{fine, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"} {
		for name, meddle := range map[string]func(net.Conn) net.Conn{
			"in writing": func(conn net.Conn) net.Conn { return meddled{conn, written, net.Conn.Read} },
			"in reading": func(conn net.Conn) net.Conn { return meddled{conn, net.Conn.Write, read} },
		} {
			target := listen(t, func(conn net.Conn) {
				v := visit{Conn: conn, reader: bufio.NewReader(conn)}
				for v.read() {
					v.say(answer)
				}
			})
			cs := dialling(newPool(t, Options{To: delivery.Destination{URL: target}}), meddle)
			client := cs.NewClient()
			for range 2 {
				if o := delivered(t, client, newRequest(cs, "{}")); o != (Result{Status: 200, Opened: 1}) {
					t.Errorf("%s, the connection is used after it: %+v", name, o)
				}
			}
		}
	}
}

func TestResponseThatComesWithTheCutDoesNotCount(t *testing.T) {
	cs := newPool(t, Options{To: delivery.Destination{URL: listen(t, wellBehaved)}})
	dialling(cs, func(conn net.Conn) net.Conn {
		return meddled{conn, net.Conn.Write, func(conn net.Conn, p []byte) (int, error) {
			n, err := conn.Read(p)
			cs.Abort()
			return n, err
		}}
	})
	o := cs.NewClient().Do(newRequest(cs, "{}"))
	checkFault(t, o.Err, "cut")
	if o.Status != 0 {
		t.Errorf("%+v", o)
	}
}

func TestRawClientAllocatesNothing(t *testing.T) {
	for way := range ways {
		cs := by(way, newPool(t, Options{To: delivery.Destination{URL: listen(t, fastHandler)}}))
		client, p := cs.NewClient(), newRequest(cs, `{"a":1}`)
		delivered(t, client, p)
		if n := testing.AllocsPerRun(1000, func() { delivered(t, client, p) }); n > 0 {
			t.Errorf("%s: %v allocations for each request", way, n)
		}
	}
}

func TestRawClientOverAUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socket")
	cs := newPool(t, Options{
		To:    delivery.Destination{URL: &url.URL{Scheme: "http", Host: "nowhere.invalid"}},
		Route: delivery.Route{Unix: path},
	})
	client, p := cs.NewClient(), newRequest(cs, "{}")
	checkFault(t, client.Do(p).Err, "refused")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	serveOn(t, l, wellBehaved)
	for i := range 3 {
		if o := delivered(t, client, p); o.Opened != max(0, 1-i) {
			t.Errorf("%+v", o)
		}
	}
}

func TestRawClientToWhoSpeaksTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	target := &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}
	cs := newPool(t, Options{To: delivery.Destination{URL: target}})
	// It says in plain HTTP/1.0 what is wrong. Others send an alert.
	if o := cs.NewClient().Do(newRequest(cs, "{}")); o.Status != http.StatusBadRequest {
		t.Errorf("%+v", o)
	}
	bare := listen(t, func(conn net.Conn) { tls.Server(conn, server.TLS).Handshake() })
	cs = newPool(t, Options{To: delivery.Destination{URL: bare}})
	checkFault(t, cs.NewClient().Do(newRequest(cs, "{}")).Err, "malformed closed reset")
}

func TestRawClientToWhereNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	cs := newPool(t, Options{To: delivery.Destination{URL: &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/hook"}}})
	client := cs.NewClient()
	for range 2 {
		o := client.Do(newRequest(cs, "{}"))
		checkFault(t, o.Err, "refused")
		if o.Opened != 0 || o.Resent {
			t.Errorf("%+v", o)
		}
	}
}
