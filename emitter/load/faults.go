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

	"github.com/hubhook/hubhook/emitter"
)

// fault is a kind of reason for which an attempt has no complete answer.
type fault struct {
	kind  string // as reports name it
	title string // in words
	is    []func(error) bool
}

// faults are all kinds. An error is of the first that it can be; the last takes all.
var faults = []fault{
	{"cut", "ended by hand", oneOf(wraps(errCut))},
	{"timeout", "no complete answer in time", oneOf(wraps(emitter.ErrTimeout))},
	{"endless", "longer answers than are read", oneOf(wraps(emitter.ErrEndless, errLongHead), inWords("response headers exceeded"))},
	{"certificate", "a certificate that is not trusted", oneOf(wraps(emitter.ErrCertificate))},
	{"name", "a host's name that is not known", oneOf(as[*net.DNSError])},
	{"files", "too many open files here (ulimit -n)", oneOf(wraps(errnos.files...))},
	{"ports", "no local port left for a connection", oneOf(wraps(errnos.ports...))},
	{"refused", "nobody listens", oneOf(wraps(errnos.refused...), isMissingSocket)},
	{"reset", "connections that were reset", oneOf(wraps(errnos.reset...), inWords("stream error"))},
	{"unreachable", "no way to the host", oneOf(wraps(errnos.unreachable...), isDial)},
	{"tls", "no agreement on TLS", oneOf(as[tls.RecordHeaderError], wraps(http.ErrSchemeMismatch), inWords("tls: "))},
	{"broken", "closed in the middle of an answer", oneOf(wraps(errBroken, io.ErrUnexpectedEOF))},
	{"closed", "closed without an answer", oneOf(wraps(errUnanswered, io.EOF), inWords("server closed idle connection", "GOAWAY", "client connection lost"))},
	{"malformed", "answers that are no HTTP", oneOf(wraps(errMalformed), as[textproto.ProtocolError], inWords("malformed", "connection broken", "chunk", "trailer", "PROTOCOL_ERROR"))},
	{"other", "other faults", oneOf(func(error) bool { return true })},
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

// titleOf tells a kind in words.
func titleOf(kind string) string { return first(func(f fault) bool { return f.kind == kind }).title }

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
