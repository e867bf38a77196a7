package delivery

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports/safetext"
)

// ErrCertificate is why there is no connection to a target that is there: its
// certificate is not trusted. The text names what is wrong with it, and the error
// of crypto/x509 is wrapped.
var ErrCertificate = errors.New("the certificate is not trusted")

// certificateError says what is wrong with a certificate. Other errors it leaves
// as they are.
func certificateError(err error) error {
	var failed *tls.CertificateVerificationError
	if !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrCertificate, rephrased{failed, certificateWords(failed)})
}

func certificateWords(err *tls.CertificateVerificationError) string {
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
		return safetext.Escape(fmt.Sprintf("nobody here knows the authority that signed it, %q", err.UnverifiedCertificates[0].Issuer), "")
	}
	return safetext.Escape(strings.TrimPrefix(err.Err.Error(), "x509: "), "")
}

func selfSigned(cert *x509.Certificate) bool { return bytes.Equal(cert.RawIssuer, cert.RawSubject) }

// validity tells of a certificate, or of that of an authority above it, when it is
// valid, as it is not now.
func validity(cert *x509.Certificate) string {
	if time.Now().Before(cert.NotBefore) {
		return "it is not valid before " + cert.NotBefore.UTC().Format(time.RFC3339)
	}
	return "it expired at " + cert.NotAfter.UTC().Format(time.RFC3339)
}

// namedHostsMax is how many of a certificate's hosts an error names.
const namedHostsMax = 4

func namedHosts(cert *x509.Certificate) string {
	names := append([]string(nil), cert.DNSNames...)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	switch {
	case len(names) == 0:
		return "no host at all"
	case len(names) > namedHostsMax:
		names = append(names[:namedHostsMax], "others")
	}
	return strings.Join(names, ", ")
}
