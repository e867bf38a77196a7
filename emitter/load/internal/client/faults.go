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

type fault struct {
	kind string // as reports name it
	is   func(error) bool
}

// faults are all kinds. An error is of the first that it matches; the last matches all.
var faults = []fault{
	{"cut", wraps(ErrAborted)},
	{"timeout", wraps(delivery.ErrTimeout)},
	// a longer response than is read
	{"endless", anyOf(wraps(delivery.ErrEndless, delivery.ErrLongHead), mentions("response headers exceeded"))},
	{"certificate", wraps(delivery.ErrCertificate)},
	// an unknown host name
	{"name", as[*net.DNSError]},
	// too many open files on this machine (ulimit -n)
	{KindFiles, wraps(errnos.files...)},
	// no local port left for a connection
	{"ports", wraps(errnos.ports...)},
	{"refused", anyOf(wraps(errnos.refused...), isMissingSocket)},
	{"reset", anyOf(wraps(errnos.reset...), mentions("stream error"))},
	{"unreachable", anyOf(wraps(errnos.unreachable...), isDial)},
	{"tls", anyOf(as[tls.RecordHeaderError], wraps(http.ErrSchemeMismatch), mentions("tls: "))},
	// closed within a response
	{"broken", wraps(errTruncated, io.ErrUnexpectedEOF)},
	// closed without a response
	{"closed", anyOf(wraps(errNoResponse, io.EOF), mentions("server closed idle connection", "GOAWAY",
		"client connection lost"))},
	// not HTTP
	{"malformed", anyOf(wraps(errMalformed), as[textproto.ProtocolError],
		mentions("malformed", "connection broken", "chunk", "trailer", "PROTOCOL_ERROR"))},
	{"other", func(error) bool { return true }},
}

// KindFiles is the kind of a fault that says that this machine lets the process open no
// more files.
const KindFiles = "files"

// FaultKind returns the kind of a result's error.
func FaultKind(err error) string {
	var masked maskedError
	if errors.As(err, &masked) {
		err = masked.error // whose words are all there
	}
	return faults[slices.IndexFunc(faults, func(f fault) bool { return f.is(err) })].kind
}

// IsUnreachable reports whether a kind of fault means that there is nobody to send to.
func IsUnreachable(kind string) bool {
	return kind == "refused" || kind == "name" || kind == "unreachable"
}

func anyOf(tests ...func(error) bool) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(tests, func(is func(error) bool) bool { return is(err) })
	}
}

func wraps(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

func as[T error](err error) bool { return errors.As(err, new(T)) }

// mentions finds errors of net/http by its own words, not those of a handler, which it quotes.
func mentions(words ...string) func(error) bool {
	return func(err error) bool {
		text, _, _ := strings.Cut(err.Error(), `"`)
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	}
}

// isDial reports whether no connection came about, as with a host that doesn't answer.
func isDial(err error) bool { return delivery.DialError(err) != nil }

func isMissingSocket(err error) bool { return isDial(err) && errors.Is(err, syscall.ENOENT) }

type errnoSets struct{ files, ports, refused, reset, unreachable []error }
