package delivery_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// serveTLS serves over TLS, HTTP/2 included, and reports the version that it was
// asked in.
func serveTLS(t *testing.T, config *tls.Config) string {
	t.Helper()
	config.NextProtos = []string{"h2", "http/1.1"}
	server := httptest.NewUnstartedServer(tellProto)
	server.TLS = config
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

var tellProto = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s", r.Proto, body)
})

// ways are the two ways of sending.
var ways = map[string]*delivery.RawRequest{"net/http": nil, "by hand": {}}

func TestRouteOverTLS(t *testing.T) {
	ca := newIssuer(t, "Test CA")
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{certify(t, loopback(), ca)}})
	for _, c := range []struct {
		route delivery.Route
		wire  *delivery.RawRequest
		proto string
	}{
		{delivery.Route{RootCAs: ca.pool()}, nil, "HTTP/2.0"},
		{delivery.Route{RootCAs: ca.pool(), HTTP1: true}, nil, "HTTP/1.1"},
		{delivery.Route{RootCAs: ca.pool()}, &delivery.RawRequest{}, "HTTP/1.1"},
		{delivery.Route{Insecure: true}, nil, "HTTP/2.0"},
		{delivery.Route{Insecure: true}, &delivery.RawRequest{}, "HTTP/1.1"},
	} {
		for _, fresh := range []bool{false, true} {
			attempt := byHand(target, delivery.RawRequest{})
			attempt.Raw, attempt.NewConnection = c.wire, fresh
			x := sender(t, delivery.SenderOptions{Route: c.route}).Send(t.Context(), attempt)
			if x.Err != nil {
				t.Errorf("%+v: %v", c, x.Err)
				continue
			}
			if got := string(x.Response.Body); got != c.proto+` {"a":1}` || x.Response.Proto != c.proto {
				t.Errorf("%+v: %s, %s", c, got, x.Response.Proto)
			}
			if state := x.Response.TLS; state == nil || state.Version < tls.VersionTLS12 || state.PeerCertificates[0].Subject.String() != "" {
				t.Errorf("the connection is not told: %+v", state)
			}
		}
	}
}

func TestRouteLineOverTLS(t *testing.T) {
	ca := newIssuer(t, "Test CA")
	target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{certify(t, loopback(), ca)}})
	l, err := sender(t, delivery.SenderOptions{Route: delivery.Route{RootCAs: ca.pool()}}).Open(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i, w := range []delivery.RawRequest{{}, {PieceBytes: 1}, {Expect: true}} {
		x := l.Send(t.Context(), byHand(target, w))
		if got := delivered(t, x); got != `HTTP/1.1 {"a":1}` || x.Response.Reused != (i > 0) {
			t.Errorf("%+v", x.Response)
		}
	}
	if err := l.Begin(t.Context(), byHand(target, delivery.RawRequest{}), 3); err != nil {
		t.Fatal(err)
	}
	delivered(t, l.Finish(t.Context()))
	if x := l.Send(t.Context(), byHand(target, delivery.RawRequest{SkipResponse: true})); !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
}

func TestRouteCutOffOverTLSEndsInOrder(t *testing.T) {
	bodies := make(chan string, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		bodies <- fmt.Sprintf("%s, %v", body, err)
	}))
	defer server.Close()
	s := sender(t, delivery.SenderOptions{Route: delivery.Route{Insecure: true}})
	if x := s.Send(t.Context(), byHand(server.URL, delivery.RawRequest{CutAfter: 3})); !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	if got, want := <-bodies, `{"a, `+io.ErrUnexpectedEOF.Error(); got != want {
		t.Errorf("the handler got %s", got)
	}
}

func TestRouteSaysWhatIsWrongWithACertificate(t *testing.T) {
	ca, stranger := newIssuer(t, "Test CA"), newIssuer(t, "Somebody\x1b[2J")
	elsewhere := &x509.Certificate{DNSNames: []string{"a.example", "b.example", "c.example", "d.example", "e.example"}}
	expired, future := loopback(), loopback()
	expired.NotBefore, expired.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	future.NotBefore, future.NotAfter = time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
	for _, c := range []struct {
		name string
		cert tls.Certificate
		says []string
	}{
		{"unknown authority", certify(t, loopback(), stranger), []string{"authority", "Somebody"}},
		{"self-signed", certify(t, loopback(), issuer{}), []string{"no authority but itself"}},
		{"wrong host", certify(t, elsewhere, ca), []string{"a.example, b.example, c.example, d.example, others", "not for 127.0.0.1"}},
		{"no host", certify(t, &x509.Certificate{}, ca), []string{"no host at all"}},
		{"expired", certify(t, expired, ca), []string{"expired at " + expired.NotAfter.UTC().Format("2006-01-02T15:04:05Z")}},
		{"not valid yet", certify(t, future, ca), []string{"not valid before " + future.NotBefore.UTC().Format("2006-01-02T15:04:05Z")}},
		{"for clients", certify(t, &x509.Certificate{
			IPAddresses: loopback().IPAddresses, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		}, ca), []string{"key usage"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{c.cert}})
			s := sender(t, delivery.SenderOptions{Route: delivery.Route{RootCAs: ca.pool()}})
			errs := map[string]error{}
			for name, w := range ways {
				x := s.Send(t.Context(), delivery.Attempt{URL: target + "/?secret=tr0ub4dor", Raw: w})
				errs[name] = x.Err
			}
			_, errs["line"] = s.Open(t.Context(), target+"/?secret=tr0ub4dor")
			_, errs["dial"] = delivery.Route{RootCAs: ca.pool()}.Dial(t.Context(), parsed(t, target))
			for name, err := range errs {
				checkSecretHidden(t, err)
				var cause *tls.CertificateVerificationError
				if !errors.Is(err, delivery.ErrCertificate) || !errors.As(err, &cause) || delivery.IsUnanswered(err) {
					t.Errorf("%s: %v", name, err)
				}
				for _, part := range c.says {
					if text := fmt.Sprint(err); !strings.Contains(text, part) || strings.Contains(text, "\x1b") || strings.Count(text, delivery.ErrCertificate.Error()) != 1 {
						t.Errorf("%s: %q does not say %q", name, text, part)
					}
				}
			}
		})
	}
}

func TestRouteDemandsTLS12(t *testing.T) {
	cert := certify(t, loopback(), issuer{})
	for _, version := range []uint16{tls.VersionTLS11, tls.VersionTLS12} {
		target := serveTLS(t, &tls.Config{
			Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: version,
		})
		for name, w := range ways {
			x := sender(t, delivery.SenderOptions{Route: delivery.Route{Insecure: true}}).Send(t.Context(), delivery.Attempt{URL: target, Raw: w})
			switch {
			case version == tls.VersionTLS12 && x.Err != nil:
				t.Errorf("%s: %v", name, x.Err)
			case version == tls.VersionTLS11 && (x.Err == nil || errors.Is(x.Err, delivery.ErrCertificate) || !strings.Contains(x.Err.Error(), "version")):
				t.Errorf("%s: %v", name, x.Err)
			}
		}
	}
}

func TestRouteOverAUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(tellProto)
	server.Listener.Close()
	server.Listener = listener
	server.Start()
	s := sender(t, delivery.SenderOptions{Route: delivery.Route{Unix: path}})
	for name, w := range ways {
		x := s.Send(t.Context(), delivery.Attempt{URL: "http://nowhere.invalid:9/hook", Raw: w})
		if x.Err != nil || x.Response.Status != 200 {
			t.Errorf("%s: %v", name, x.Err)
		}
	}
	if x := s.Send(t.Context(), byHand("http://nowhere.invalid/", delivery.RawRequest{CutAfter: 1})); !errors.Is(x.Err, delivery.ErrAbandoned) {
		t.Errorf("%v", x.Err)
	}
	s.Close()
	server.Close()
	for name, w := range ways {
		if x := s.Send(t.Context(), delivery.Attempt{URL: "http://nowhere.invalid:9/hook", Raw: w}); !delivery.IsUnanswered(x.Err) {
			t.Errorf("%s: %v", name, x.Err)
		}
	}
}

func TestRouteOverIPv6(t *testing.T) {
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Host)
	}))
	server.Listener.Close()
	server.Listener = listener
	ca := newIssuer(t, "Test CA")
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certify(t, loopback(), ca)}}
	server.StartTLS()
	defer server.Close()
	host := listener.Addr().String()
	for name, w := range ways {
		s := sender(t, delivery.SenderOptions{Route: delivery.Route{RootCAs: ca.pool()}})
		if got := delivered(t, s.Send(t.Context(), delivery.Attempt{URL: "https://" + host + "/", Raw: w})); got != host {
			t.Errorf("%s: the host is said to be %s, not %s", name, got, host)
		}
	}
}

func TestRouteHandshakeThatNeverComesIsSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		go io.Copy(io.Discard, there)
		_, err := delivery.Route{}.Secure(t.Context(), here, "localhost")
		if !delivery.IsUnanswered(err) || !strings.Contains(fmt.Sprint(err), "handshake within 10s") {
			t.Errorf("%v", err)
		}
	})
	mute := wire(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	s := sender(t, delivery.SenderOptions{Transport: &http.Transport{TLSHandshakeTimeout: time.Millisecond}})
	x := s.Send(t.Context(), delivery.Attempt{URL: strings.Replace(mute, "http:", "https:", 1)})
	if !delivery.IsUnanswered(x.Err) || !strings.Contains(fmt.Sprint(x.Err), "handshake") {
		t.Errorf("%v", x.Err)
	}
}

func parsed(t *testing.T, target string) *url.URL {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRouteDialOffersNoHTTP2(t *testing.T) {
	target := serveTLS(t, &tls.Config{})
	conn, err := delivery.Route{Insecure: true}.Dial(t.Context(), parsed(t, target))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if state := conn.(*tls.Conn).ConnectionState(); state.NegotiatedProtocol != "http/1.1" {
		t.Errorf("speaks %q", state.NegotiatedProtocol)
	}
	for _, target := range []string{"http://", "http:///path", "ftp://localhost/", "localhost:80", "http://[::1"} {
		u, err := url.Parse(target)
		if err != nil {
			continue
		}
		if conn, err := (delivery.Route{}).Dial(t.Context(), u); err == nil {
			conn.Close()
			t.Errorf("%s is somewhere", target)
		}
	}
}

func TestRouteToAPortThatIsNotTLSIsNoMatterOfCertificates(t *testing.T) {
	target := strings.Replace(serve(t, tellProto), "http:", "https:", 1)
	for name, w := range ways {
		x := sender(t, delivery.SenderOptions{}).Send(t.Context(), delivery.Attempt{URL: target + "/?secret=tr0ub4dor", Raw: w})
		checkSecretHidden(t, x.Err)
		if errors.Is(x.Err, delivery.ErrCertificate) {
			t.Errorf("%s: %v", name, x.Err)
		}
	}
}
