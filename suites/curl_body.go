package suites

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/hubhook/hubhook/emitter/curl"
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
	segments := m.split(string(r.Body), false)
	switch {
	case len(r.Body) <= maxCurlText && curl.IsCopyable(r.Body):
		if !m.writes(segments) {
			return bodyFile(len(r.Body), "it holds the secret, encoded")
		}
		return curlBody{option: curl.TextOption(r.Body) + " " + shellWord(segments)}
	case hidesAny(segments):
		return bodyFile(len(r.Body), "it holds the secret, which base64 would not hide")
	}
	return curlBody{before: curl.PrintBase64(r.Body), option: "--data-binary @-"}
}

// bodyFile has the reader supply the body.
func bodyFile(size int, why string) curlBody {
	return curlBody{
		before: fmt.Sprintf("# payload.bin (%d bytes) is not here: %s. check --save DIR keeps this attempt, hubhook replay makes it again.\n", size, why),
		option: "--data-binary @payload.bin",
	}
}

// sendsBody tells the methods that have a body even where it is empty.
func sendsBody(method string) bool {
	return slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, method)
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
