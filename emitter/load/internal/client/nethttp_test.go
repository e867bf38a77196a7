package client

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// secure serves over TLS, HTTP/2 included, and says whom to trust.
func secure(t *testing.T, serve http.HandlerFunc) (*url.URL, delivery.Route) {
	t.Helper()
	server := httptest.NewUnstartedServer(serve)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	return &url.URL{Scheme: "https", Host: server.Listener.Addr().String(), Path: "/hook"}, delivery.Route{RootCAs: trusted}
}

// secured serves connections by hand, over TLS in HTTP/1.1.
func secured(t *testing.T, serve func(net.Conn)) (*url.URL, delivery.Route) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close() // of which the certificate alone is wanted
	target := listen(t, func(conn net.Conn) {
		over := tls.Server(conn, &tls.Config{Certificates: server.TLS.Certificates})
		if over.Handshake() == nil {
			serve(over)
			over.Close()
		}
	})
	target.Scheme = "https"
	return target, delivery.Route{Insecure: true}
}

// overTLS are clients of a target, with a secret.
func overTLS(t *testing.T, target *url.URL, route delivery.Route) *Pool {
	return newPool(t, Options{To: delivery.Destination{URL: target}, Route: route})
}

func TestTLSClientsSendWhatTheOthersSend(t *testing.T) {
	for proto, http1 := range map[string]bool{"HTTP/2.0": false, "HTTP/1.1": true} {
		got := make(chan string, 1)
		target, route := secure(t, func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			for _, name := range []string{"Accept-Encoding", "X-Idempotency-Key"} {
				if r.Header[name] != nil {
					t.Errorf("%s is sent", name)
				}
			}
			got <- fmt.Sprintf("%s %s %s %q %q %q %s %v", r.Proto, r.Method, r.RequestURI, r.Header[delivery.SecretHeader], r.Header[delivery.IDHeader], r.Header["X-More"], body, err)
		})
		route.HTTP1 = http1
		cs := newPool(t, Options{
			To:      delivery.Destination{URL: target, SecretIn: delivery.InHeader, Header: http.Header{"X-More": {"y"}}},
			Secrets: []string{"the first's", "the second's"}, Route: route,
		})
		client, p := cs.NewClient(), newRequest(cs, `{"a":1}`)
		p.Webhook = 1
		for i := range 3 {
			if o := delivered(t, client, p); o.Opened != max(0, 1-i) || o.Resent {
				t.Errorf("%+v", o)
			}
			if got, want := <-got, fmt.Sprintf(`%s POST /hook ["the second's"] [%q] ["y"] {"a":1} <nil>`, proto, p.ID); got != want {
				t.Errorf("%s, not %s", got, want)
			}
		}
	}
}

func TestTLSClientsHaveAConnectionEach(t *testing.T) {
	for _, http1 := range []bool{false, true} {
		var mu sync.Mutex
		peers := map[string]int{}
		target, route := secure(t, func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			peers[r.RemoteAddr]++
		})
		route.HTTP1 = http1
		cs := overTLS(t, target, route)
		var all sync.WaitGroup
		for range 4 {
			client := cs.NewClient()
			all.Go(func() {
				for range 5 {
					if o := client.Do(newRequest(cs, "{}")); o.Status != 200 {
						t.Errorf("%+v", o)
					}
				}
			})
		}
		all.Wait()
		for peer, requests := range peers {
			if requests != 5 || len(peers) != 4 {
				t.Errorf("%d of %d requests over %s, with HTTP/1.1 %v", requests, 20, peer, http1)
			}
		}
	}
}

func TestMisbehaviorsToNetHTTP(t *testing.T) {
	for _, c := range misbehaviors {
		if strings.Contains(c.kinds, "reset") || c.large || c.name == "answers twice" {
			continue // net/http says what it saw first, and logs what it did not ask for
		}
		t.Run(c.name, func(t *testing.T) {
			target, route := secured(t, func(conn net.Conn) { c.do(visit{Conn: conn, reader: bufio.NewReader(conn)}) })
			cs := overTLS(t, target, route)
			o := cs.NewClient().Do(newRequest(cs, "{}"))
			if c.status == 0 {
				// Of a line that the end cut off, net/http says that it is wrong.
				checkFault(t, o.Err, strings.Replace(c.kinds, "broken", "broken malformed", 1))
				o.Err = nil
			}
			if want := (Result{Status: c.status, Opened: 1}); o != want {
				t.Errorf("%+v, want %+v", o, want)
			}
		})
	}
}

func TestTLSClientsSendAgainWhatWasNotAnswered(t *testing.T) {
	connections := make(chan int, 2)
	connections <- 1
	target, route := secured(t, func(conn net.Conn) {
		v := visit{Conn: conn, reader: bufio.NewReader(conn)}
		select {
		case <-connections:
			says(fine)(v)
			v.read() // and no answer
		default:
			says(fine)(v)
		}
	})
	cs := overTLS(t, target, route)
	client := cs.NewClient()
	delivered(t, client, newRequest(cs, "{}"))
	if o := delivered(t, client, newRequest(cs, "{}")); o != (Result{Status: 200, Resent: true, Opened: 1}) {
		t.Errorf("%+v", o)
	}
}

func TestNoAgreementOnTLS(t *testing.T) {
	plain := listen(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1))
		io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		conn.Read(make([]byte, 4096)) // the rest, which is not to reset the connection
	})
	plain.Scheme = "https"
	rubbish := listen(t, func(conn net.Conn) { io.WriteString(conn, "SSH-2.0-OpenSSH_9.6\r\n"); conn.Read(make([]byte, 1)) })
	rubbish.Scheme = "https"
	hangsUp := listen(t, func(conn net.Conn) { conn.Read(make([]byte, 1)) })
	hangsUp.Scheme = "https"
	trusted, route := secure(t, func(http.ResponseWriter, *http.Request) {})
	elsewhere := *trusted
	elsewhere.Host = strings.Replace(trusted.Host, "127.0.0.1", "localhost", 1)
	for name, c := range map[string]struct {
		target *url.URL
		route  delivery.Route
		kinds  string
	}{
		"plain HTTP":             {plain, delivery.Route{}, "tls"},
		"another protocol":       {rubbish, delivery.Route{}, "tls"},
		"nothing":                {hangsUp, delivery.Route{}, "closed reset"},
		"an unknown certificate": {trusted, delivery.Route{}, "certificate"},
		"that of another host":   {&elsewhere, route, "certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			cs := overTLS(t, c.target, c.route)
			o := cs.NewClient().Do(newRequest(cs, "{}"))
			checkFault(t, o.Err, c.kinds)
			if o.Opened != 0 || o.Status != 0 {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestTLSClientsWaitNoLonger(t *testing.T) {
	for name, http1 := range map[string]bool{"HTTP/2": false, "HTTP/1.1": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			late := make(chan struct{}, 1)
			late <- struct{}{}
			target, route := secure(t, func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-late:
					io.Copy(io.Discard, r.Body)
					<-r.Context().Done()
				default:
				}
			})
			route.HTTP1 = http1
			cs := newPool(t, Options{To: delivery.Destination{URL: target}, Route: route, Timeout: time.Second})
			client := cs.NewClient()
			checkFault(t, client.Do(newRequest(cs, "{}")).Err, "timeout")
			delivered(t, client, newRequest(cs, "{}"))
		})
	}
}

func TestAbortEndsWhatIsUnderWayOverTLS(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("cut", func(t *testing.T) {
		for _, http1 := range []bool{false, true} {
			began := make(chan struct{})
			target, route := secure(t, func(_ http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				close(began)
				<-r.Context().Done()
			})
			route.HTTP1 = http1
			cs := overTLS(t, target, route)
			ended := make(chan Result)
			client := cs.NewClient()
			go func() { ended <- client.Do(newRequest(cs, "{}")) }()
			<-began
			cs.Abort()
			checkFault(t, (<-ended).Err, "cut")
			checkFault(t, client.Do(newRequest(cs, "{}")).Err, "cut")
		}
	})
	checkNoGoroutineLeft(t, before)
}

func TestByWayOfAProxy(t *testing.T) {
	lines := make(chan string, 10)
	proxy := listen(t, func(conn net.Conn) {
		reader := bufio.NewReader(conn)
		for {
			request := string(readRequest(reader))
			if request == "" {
				return
			}
			line, _, _ := strings.Cut(request, "\r\n")
			lines <- line
			if !strings.Contains(request, "Proxy-Authorization: Basic bWU6cHJveHkgd29yZA==") {
				t.Errorf("no user in %q", request)
			}
			if strings.HasPrefix(line, "CONNECT") {
				io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
				return
			}
			io.WriteString(conn, fine)
		}
	})
	proxy.User = url.UserPassword("me", "proxy word")
	for i, c := range []struct{ target, line string }{
		{"http://nowhere.invalid/hook", "POST http://nowhere.invalid/hook HTTP/1.1"},
		{"https://nowhere.invalid/hook", "CONNECT nowhere.invalid:443 HTTP/1.1"},
	} {
		target, err := url.Parse(c.target)
		if err != nil {
			t.Fatal(err)
		}
		cs := newPool(t, Options{To: delivery.Destination{URL: target}, Proxy: proxy})
		o := cs.NewClient().Do(newRequest(cs, "{}"))
		if (i == 0) != (o.Status == 200) || (i == 1) != (o.Err != nil) {
			t.Errorf("%+v", o)
		}
		if line := <-lines; line != c.line {
			t.Errorf("%q, not %q", line, c.line)
		}
	}
}
