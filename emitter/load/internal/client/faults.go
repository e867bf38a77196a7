package client

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
	{"cut", anyOf(wraps(ErrAborted))},
	// no complete answer in time
	{"timeout", anyOf(wraps(delivery.ErrTimeout))},
	// longer answers than are read
	{"endless", anyOf(wraps(delivery.ErrEndless, errLongHead), mentions("response headers exceeded"))},
	// a certificate that is not trusted
	{"certificate", anyOf(wraps(delivery.ErrCertificate))},
	// a host's name that is not known
	{"name", anyOf(as[*net.DNSError])},
	// too many open files here (ulimit -n)
	{"files", anyOf(wraps(errnos.files...))},
	// no local port left for a connection
	{"ports", anyOf(wraps(errnos.ports...))},
	// nobody listens
	{"refused", anyOf(wraps(errnos.refused...), isMissingSocket)},
	// connections that were reset
	{"reset", anyOf(wraps(errnos.reset...), mentions("stream error"))},
	// no way to the host
	{"unreachable", anyOf(wraps(errnos.unreachable...), isDial)},
	// no agreement on TLS
	{"tls", anyOf(as[tls.RecordHeaderError], wraps(http.ErrSchemeMismatch), mentions("tls: "))},
	// closed in the middle of an answer
	{"broken", anyOf(wraps(errTruncated, io.ErrUnexpectedEOF))},
	// closed without an answer
	{"closed", anyOf(wraps(errNoResponse, io.EOF), mentions("server closed idle connection", "GOAWAY", "client connection lost"))},
	// answers that are no HTTP
	{"malformed", anyOf(wraps(errMalformed), as[textproto.ProtocolError], mentions("malformed", "connection broken", "chunk", "trailer", "PROTOCOL_ERROR"))},
	// other faults
	{"other", anyOf(func(error) bool { return true })},
}

// FaultKind is the kind of an outcome's error.
func FaultKind(err error) string {
	var behind maskedError
	if errors.As(err, &behind) {
		err = behind.error // whose words are all there
	}
	return firstFault(func(f fault) bool {
		return slices.ContainsFunc(f.is, func(is func(error) bool) bool { return is(err) })
	}).kind
}

// KindFiles is the kind of a fault that this machine lets nobody open more files.
const KindFiles = "files"

// IsUnreachable reports whether a kind of fault means that there is nobody to send to.
func IsUnreachable(kind string) bool {
	return kind == "refused" || kind == "name" || kind == "unreachable"
}

// firstFault is the first fault of which something holds, or else the last.
func firstFault(is func(fault) bool) fault {
	if at := slices.IndexFunc(faults, is); at >= 0 {
		return faults[at]
	}
	return faults[len(faults)-1]
}

func anyOf(tests ...func(error) bool) []func(error) bool { return tests }

func wraps(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

func as[T error](err error) bool { return errors.As(err, new(T)) }

// mentions finds errors by their words, for those of net/http that have no other mark.
// What a handler said stands between quotes, and does not count.
func mentions(words ...string) func(error) bool {
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

// errnoSets are what systems say of each kind. They are numbered differently, and some
// systems know more than others.
type errnoSets struct{ files, ports, refused, reset, unreachable []error }
