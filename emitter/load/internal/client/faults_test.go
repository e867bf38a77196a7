package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

func TestFaultsHaveAKind(t *testing.T) {
	failed := func(op string, err error) error {
		return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(op, err)}
	}
	for _, c := range []struct {
		err  error
		kind string
	}{
		{ErrAborted, "cut"},
		{delivery.ErrTimeout, "timeout"},
		{delivery.ErrEndless, "endless"},
		{delivery.ErrLongHead, "endless"},
		{errors.New("net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 65536 bytes; aborted"), "endless"},
		{delivery.ErrCertificate, "certificate"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "nowhere.invalid"}}, "name"},
		{failed("dial", syscall.EMFILE), "files"},
		{failed("dial", syscall.ENFILE), "files"},
		{failed("dial", syscall.EADDRNOTAVAIL), "ports"},
		{failed("dial", syscall.ECONNREFUSED), "refused"},
		{&net.OpError{Op: "proxyconnect", Err: failed("dial", syscall.ECONNREFUSED)}, "refused"},
		{failed("dial", syscall.ENOENT), "refused"},
		{failed("dial", syscall.EHOSTUNREACH), "unreachable"},
		{failed("dial", os.ErrDeadlineExceeded), "unreachable"},
		{failed("read", syscall.ENETUNREACH), "unreachable"},
		{failed("read", syscall.ECONNRESET), "reset"},
		{failed("write", syscall.EPIPE), "reset"},
		{fmt.Errorf("%w: %w", failed("write", syscall.EPIPE), io.EOF), "reset"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "tls"},
		{http.ErrSchemeMismatch, "tls"},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: protocol version not supported")}, "tls"},
		{errTruncated, "broken"},
		{fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", io.ErrUnexpectedEOF), "broken"},
		{errNoResponse, "closed"},
		{fmt.Errorf("closed: %w", io.EOF), "closed"},
		{errMalformed, "malformed"},
		{errors.New("net/http: HTTP/1.x transport connection broken: bad Content-Length"), "malformed"},
		{errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "tls: GOAWAY"`), "malformed"},
		{errors.New(`who knows "malformed"`), "other"},
	} {
		for _, err := range []error{c.err, fmt.Errorf("an attempt: %w", c.err), (&errorMask{secrets: []string{"e"}}).wrap(c.err, 0)} {
			if kind := FaultKind(err); kind != c.kind {
				t.Errorf("%q is %s, not %s", err, kind, c.kind)
			}
		}
	}
}

func TestKindsHaveNamesOfTheirOwn(t *testing.T) {
	kinds := map[string]bool{}
	for _, f := range faults {
		kinds[f.kind] = true
	}
	if len(kinds) != len(faults) || kinds[""] {
		t.Errorf("%d kinds have %d names: %v", len(faults), len(kinds), kinds)
	}
}

func TestFaultsTellNoSecret(t *testing.T) {
	proxy, err := url.Parse("http://me:proxy%20word@localhost")
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{`quoted " and & é`, "another"}
	m := newErrorMask(Options{
		To: delivery.Destination{
			URL:    &url.URL{Scheme: "http", User: url.UserPassword("me", "pass word"), Host: "localhost"},
			Header: http.Header{"Authorization": {"Bearer t0ken"}, "X-Count": {"1"}},
		},
		Secrets: secrets, Proxy: proxy,
	})
	for _, c := range []struct{ text, want string }{
		{`it said ` + secrets[0], `it said ***`},
		{fmt.Sprintf("malformed %q", "X "+secrets[0]), `malformed "X ***"`},
		{"malformed " + url.QueryEscape(secrets[0]), "malformed ***"},
		{"another webhook's is " + secrets[1], "another webhook's is another"},
		{"Bearer t0ken, t0ken", "***, ***"},
		{"pass word, bWU6cGFzcyB3b3Jk, proxy word, bWU6cHJveHkgd29yZA==", "***, ***, ***, ***"},
		{"1 and 2", "1 and 2"},
		{strings.Repeat("long ", 99), strings.Repeat("long ", 80) + "…"},
		{strings.Repeat("é", 250), strings.Repeat("é", 200) + "…"},
	} {
		got := m.wrap(errors.New(c.text), 0)
		if got.Error() != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
	if m.wrap(nil, 0) != nil {
		t.Error("nothing is a fault")
	}
	if got := m.wrap(errors.New(secrets[1]), 1).Error(); got != "***" {
		t.Errorf("%q", got)
	}
}

func FuzzFaultText(f *testing.F) {
	f.Add("s3cret", "HTTP/1.1 s3cret")
	f.Add(`a "b" c`, `x a "b" c`)
	f.Add("é\x00", "é\x00")
	f.Fuzz(func(t *testing.T, secret, text string) {
		if len(secret) < redact.MinLength || strings.Contains("malformed HTTP response \"***\"", secret) {
			return
		}
		m := &errorMask{secrets: []string{secret}}
		before := fmt.Sprintf("malformed HTTP response %q", text)
		after := m.wrap(errors.New(before), 0).Error()
		if strings.Contains(after, secret) && !strings.Contains(secret, "*") {
			t.Errorf("%q shows %q", after, secret)
		}
		if len(after) > 400+len("…") {
			t.Errorf("%d bytes", len(after))
		}
	})
}
