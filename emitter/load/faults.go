package load

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"syscall"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// fault is a kind of reason for which an attempt has no complete answer.
type fault struct {
	kind string // as reports name it
	is   []func(error) bool
}

// faults are all kinds. An error is of the first that it can be; the last takes all.
var faults = []fault{
	// ended by hand
	{"cut", oneOf(wraps(errCut))},
	// no complete answer in time
	{"timeout", oneOf(wraps(delivery.ErrTimeout))},
	// longer answers than are read
	{"endless", oneOf(wraps(delivery.ErrEndless, errLongHead), inWords("response headers exceeded"))},
	// a certificate that is not trusted
	{"certificate", oneOf(wraps(delivery.ErrCertificate))},
	// a host's name that is not known
	{"name", oneOf(as[*net.DNSError])},
	// too many open files here (ulimit -n)
	{"files", oneOf(wraps(errnos.files...))},
	// no local port left for a connection
	{"ports", oneOf(wraps(errnos.ports...))},
	// nobody listens
	{"refused", oneOf(wraps(errnos.refused...), isMissingSocket)},
	// connections that were reset
	{"reset", oneOf(wraps(errnos.reset...), inWords("stream error"))},
	// no way to the host
	{"unreachable", oneOf(wraps(errnos.unreachable...), isDial)},
	// no agreement on TLS
	{"tls", oneOf(as[tls.RecordHeaderError], wraps(http.ErrSchemeMismatch), inWords("tls: "))},
	// closed in the middle of an answer
	{"broken", oneOf(wraps(errBroken, io.ErrUnexpectedEOF))},
	// closed without an answer
	{"closed", oneOf(wraps(errUnanswered, io.EOF), inWords("server closed idle connection", "GOAWAY", "client connection lost"))},
	// answers that are no HTTP
	{"malformed", oneOf(wraps(errMalformed), as[textproto.ProtocolError], inWords("malformed", "connection broken", "chunk", "trailer", "PROTOCOL_ERROR"))},
	// other faults
	{"other", oneOf(func(error) bool { return true })},
}

// kindOf is the kind of an outcome's error.
func kindOf(err error) string {
	var behind masked
	if errors.As(err, &behind) {
		err = behind.error // whose words are all there
	}
	return first(func(f fault) bool {
		return slices.ContainsFunc(f.is, func(is func(error) bool) bool { return is(err) })
	}).kind
}

// first is the first fault of which something holds, or else the last.
func first(is func(fault) bool) fault {
	if at := slices.IndexFunc(faults, is); at >= 0 {
		return faults[at]
	}
	return faults[len(faults)-1]
}

func oneOf(tests ...func(error) bool) []func(error) bool { return tests }

func wraps(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

func as[T error](err error) bool { return errors.As(err, new(T)) }

// inWords finds errors by their words, for those of net/http that have no other mark.
// What a handler said stands between quotes, and does not count.
func inWords(words ...string) func(error) bool {
	return func(err error) bool {
		text, _, _ := strings.Cut(err.Error(), `"`)
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	}
}

// isDial tells of what keeps a connection from coming about, such as a host that says
// nothing.
func isDial(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Op == "dial"
}

// isMissingSocket tells of a Unix socket that is not there.
func isMissingSocket(err error) bool { return isDial(err) && errors.Is(err, syscall.ENOENT) }

// errnosOf are what systems say of each kind. They are numbered differently, and some
// systems know more than others.
type errnosOf struct{ files, ports, refused, reset, unreachable []error }
