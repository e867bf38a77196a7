package delivery

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Errors of an exchange without a complete response, which Exchange.Err wraps.
var (
	// ErrTimeout: the end of the response did not come within the sender's timeout, or a step on the way to it took
	// too long, such as the TLS handshake.
	ErrTimeout = errors.New("no complete answer in time")
	// ErrEndless: the body is longer than ResponseLimit.
	ErrEndless = fmt.Errorf("the answer's body is longer than %d KiB", ResponseLimit>>10)
	// ErrLongHead: the head is longer than HeadLimit. net/http has an error of its own for that.
	ErrLongHead = fmt.Errorf("the answer's head is longer than %d KiB", HeadLimit>>10)
)

// wrapError says in the sender's words why there is no complete response.
func (s *Sender) wrapError(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), ErrTimeout) {
		return fmt.Errorf("%w: waited %v", ErrTimeout, s.timeout)
	}
	err = withoutURL(err) // which can hold a secret
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the connection was closed before the answer was complete: %w", err)
	}
	if ctx.Err() == nil && stepTimedOut(err) {
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return shortError(certificateError(err))
}

// stepTimedOut reports whether a step on the way took too long, such as the TLS handshake. A dial that fails is
// another matter: see DialError.
func stepTimedOut(err error) bool {
	var waiting net.Error
	return errors.As(err, &waiting) && waiting.Timeout() && DialError(err) == nil
}

// IsUnanswered reports whether an error is that of a handler that leaves its sender waiting, or is no longer there.
func IsUnanswered(err error) bool {
	return errors.Is(err, ErrTimeout) || errors.Is(err, ErrEndless) || DialError(err) != nil
}

// IsRefused reports whether nobody listens where an attempt went. A dial can fail for other reasons, which are the
// sender's: it has no port left.
func IsRefused(err error) bool {
	failed := DialError(err)
	return errors.Is(failed, syscall.ECONNREFUSED) || errors.Is(failed, fs.ErrNotExist) // of a socket that is gone
}

// DialError returns why there is no connection, without the address; nil if there was one.
func DialError(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Op == "dial" {
		return failed.Err
	}
	return nil
}

// ErrCertificate is the error of a target whose certificate is not trusted. The text says what is wrong with it, and
// the error of crypto/x509 is wrapped.
var ErrCertificate = errors.New("the certificate is not trusted")

// certificateError says what is wrong with a certificate. It returns other errors as they are.
func certificateError(err error) error {
	var failed *tls.CertificateVerificationError
	if !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrCertificate, rephrased{failed, describeCertificate(failed)})
}

func describeCertificate(err *tls.CertificateVerificationError) string {
	var (
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		unknown x509.UnknownAuthorityError
	)
	switch {
	case errors.As(err, &host):
		return safetext.Escape(fmt.Sprintf("it is for %s, not for %s", namedHosts(host.Certificate), host.Host), "")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return validity(invalid.Cert)
	case errors.As(err, &unknown) && selfSigned(err.UnverifiedCertificates[0]):
		return "it is signed by no authority but itself"
	case errors.As(err, &unknown):
		return safetext.Escape(fmt.Sprintf("nobody here knows the authority that signed it, %q",
			err.UnverifiedCertificates[0].Issuer), "")
	}
	return safetext.Escape(strings.TrimPrefix(err.Err.Error(), "x509: "), "")
}

func selfSigned(cert *x509.Certificate) bool { return bytes.Equal(cert.RawIssuer, cert.RawSubject) }

// validity says when a certificate is valid, or that of an authority above it, as it is not now.
func validity(cert *x509.Certificate) string {
	if time.Now().Before(cert.NotBefore) {
		return "it is not valid before " + cert.NotBefore.UTC().Format(time.RFC3339)
	}
	return "it expired at " + cert.NotAfter.UTC().Format(time.RFC3339)
}

// namedHosts returns the hosts that a certificate is for, of many only the first.
func namedHosts(cert *x509.Certificate) string {
	const limit = 4
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "no host at all"
	case len(names) > limit:
		names = append(names[:limit], "others")
	}
	return strings.Join(names, ", ")
}

type rephrased struct {
	error
	text string
}

func (e rephrased) Error() string { return e.text }
func (e rephrased) Unwrap() error { return e.error }

// shortError returns an error that fits a line: those of net/http repeat what a handler sent, be it 64 KiB long or
// made to upset a terminal.
func shortError(err error) error {
	if text := safetext.Escape(ShortText(err.Error()), ""); text != err.Error() {
		return rephrased{err, text}
	}
	return err
}

// ShortText returns the beginning of an error's text, which may repeat all that a handler sent.
func ShortText(text string) string {
	const limit = 400 // bytes
	if len(text) <= limit {
		return text
	}
	return safetext.CutBytes(text, limit) + "…"
}
