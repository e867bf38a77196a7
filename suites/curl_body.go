package suites

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	// maxCurlText is the size in bytes of the longest body written as text.
	maxCurlText = 16 << 10
	// maxCurlBase64 is the size in bytes of the longest body written as base64.
	maxCurlBase64 = 64 << 10
)

// curlBody is how a command line comes by a body.
type curlBody struct {
	before string // stands before curl
	option string // the option of curl that sends the body; empty where there is none
}

// bodyArgs writes the body as text where it can be read and copied, as base64
// where it cannot, and otherwise asks for a file.
func (r curlRequest) bodyArgs(m *masker) curlBody {
	if len(r.Body) == 0 && !sendsBody(r.Method) {
		return curlBody{}
	}
	if len(r.Body) > maxCurlBase64 {
		return bodyFile(len(r.Body), "it is too long for a command line")
	}
	segments := m.split(string(r.Body))
	switch {
	case len(r.Body) <= maxCurlText && isCopyable(r.Body):
		if !m.writes(segments) {
			return bodyFile(len(r.Body), "it holds the secret, encoded")
		}
		return curlBody{option: textOption(r.Body) + " " + shellWord(segments)}
	case hidesAny(segments):
		return bodyFile(len(r.Body), "it holds the secret, which base64 would not hide")
	}
	encoded := base64.StdEncoding.EncodeToString(r.Body)
	return curlBody{
		before: "printf %s " + singleQuoted(encoded) + " | base64 -d | ",
		option: "--data-binary @-",
	}
}

// textOption is the option that takes a body as text.
func textOption(body []byte) string {
	if bytes.HasPrefix(body, []byte("@")) {
		return "--data-raw" // with --data-binary it would be the name of a file
	}
	return "--data-binary"
}

// bodyFile has the reader supply the body.
func bodyFile(size int, why string) curlBody {
	return curlBody{
		before: fmt.Sprintf("# The body, of %d bytes, is not in this command: %s. Save it as payload.bin first.\n", size, why),
		option: "--data-binary @payload.bin",
	}
}

// sendsBody tells the methods that have a body even where it is empty.
func sendsBody(method string) bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, method)
}

// isCopyable tells whether a body is text that comes through a page, the
// clipboard and a terminal as it is. Carriage returns do not, and other control
// characters do things to terminals.
func isCopyable(body []byte) bool {
	for rest := body; len(rest) > 0; {
		r, width := utf8.DecodeRune(rest)
		if r == utf8.RuneError && width == 1 || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return false
		}
		rest = rest[width:]
	}
	return true
}

// writes tells whether the shell forms in segments come out as what they hide,
// which those that hide an encoding do not.
func (m *masker) writes(segments []segment) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return !slices.ContainsFunc(segments, func(s segment) bool {
		exact := func(f SecretForm) bool { return f.shell == s.shell && f.value() == s.text }
		return s.shell != "" && !slices.ContainsFunc(m.learnt, exact)
	})
}

// hidesAny tells whether there is something hidden in segments.
func hidesAny(segments []segment) bool {
	return slices.ContainsFunc(segments, func(s segment) bool { return s.shell != "" })
}
