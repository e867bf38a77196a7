package delivery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Route says how a target is reached. The zero value connects to the URL's host without a proxy and trusts the
// system's authorities.
type Route struct {
	Insecure bool           // accept any certificate
	RootCAs  *x509.CertPool // the authorities that are trusted; the system's if nil
	Unix     string         // the path of a socket to dial, whatever host the URL names
	HTTP1    bool           // never offer HTTP/2
}

const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
)

// Transport returns a transport for net/http.
func (r Route) Transport() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(!r.HTTP1)
	return &http.Transport{
		DialContext:            r.dial,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    handshakeTimeout,
		MaxResponseHeaderBytes: HeadLimit,
		DisableCompression:     true, // responses are recorded as they came
		TLSClientConfig:        r.tlsConfig(),
		Protocols:              protocols,
	}
}

func (r Route) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		RootCAs:            r.RootCAs,
		InsecureSkipVerify: r.Insecure,
	}
}

func (r Route) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if r.Unix != "" {
		network, address = "unix", r.Unix
	}
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, address)
}

// Dial opens a connection to a target: a plain one for http; for https one over TLS that offers only HTTP/1.1. The
// error is an ErrCertificate if the target's certificate is not trusted, and a *net.OpError whose Op is "dial" if
// nobody listens.
func (r Route) Dial(ctx context.Context, target *url.URL) (net.Conn, error) {
	port, known := map[string]string{"http": "80", "https": "443"}[target.Scheme]
	if !known {
		return nil, fmt.Errorf("%q is neither http nor https", target.Scheme)
	}
	host, err := httpguts.PunycodeHostPort(target.Hostname())
	if err != nil || host == "" {
		return nil, fmt.Errorf("%q is no host", target.Hostname())
	}
	if target.Port() != "" {
		port = target.Port()
	}
	conn, err := r.dial(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil || target.Scheme == "http" {
		return conn, err
	}
	return r.secure(ctx, conn, host)
}

func (r Route) secure(ctx context.Context, conn net.Conn, host string) (net.Conn, error) {
	bounded, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	config := r.tlsConfig()
	config.ServerName = withoutZone(host)
	config.NextProtos = []string{"http/1.1"}
	secured := tls.Client(conn, config)
	err := secured.HandshakeContext(bounded)
	if err == nil {
		return secured, nil
	}
	conn.Close()
	if bounded.Err() != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("%w: no TLS handshake within %v", ErrTimeout, handshakeTimeout)
	}
	return nil, certificateError(err)
}

// withoutZone removes the zone from an IPv6 address, in brackets or not: it means something on this machine only (RFC
// 6874, 1).
func withoutZone(host string) string {
	begin := strings.IndexByte(host, '%')
	if begin < 0 || strings.Count(host, ":") < 2 {
		return host
	}
	if end := strings.IndexByte(host[begin:], ']'); end >= 0 {
		return host[:begin] + host[begin+end:]
	}
	return host[:begin]
}
