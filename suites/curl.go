package suites

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
)

// curlRequest is a request of which curl shall send the like.
type curlRequest struct {
	Method string
	// URL is the handler's, without the secret. A password in it is not shown.
	URL string
	// QuerySecret, where set, is sent as the last parameter of the URL, secret.
	QuerySecret Variant
	Headers     []curlHeader
	Body        []byte
	// Words say how the URL is reached, where not as it says.
	Words []string
}

// curlHeader is one header field as it was sent. Headers keep order and
// repetition; "Transfer-Encoding: chunked" is listed like any other.
type curlHeader struct {
	Name  string
	Value string
	// Secret, where set, is sent instead of Value.
	Secret Variant
}

// line is a command for a POSIX shell that has $HUBHOOK_SECRET in its
// environment. Whatever m hides stands in it as its shell form, be it in the
// URL, a header or the body.
func (r curlRequest) line(m *masker) string {
	body := r.bodyArgs(m)
	words := []string{body.before + "curl -sS -i" + r.flags(m) + " " + r.urlArg(m)}
	words = append(words, r.headerArgs(m)...)
	if !r.QuerySecret.isZero() && !r.queryIsPlain() {
		// curl 7.87 and later; it escapes what the shell puts in.
		words = append(words, `--url-query `+m.word(redact.Piece{Text: "secret="}, formPiece(r.QuerySecret)))
	}
	if body.option != "" {
		words = append(words, body.option)
	}
	return strings.Join(words, " \\\n  ")
}

// flags are the options that depend on the way, the method and the URL.
func (r curlRequest) flags(m *masker) string {
	flags := curl.URLFlags(r.URL)
	for _, word := range r.Words {
		if curl.Word(word) == word && m.Text(word) == word {
			flags += " " + word
		} else {
			flags += " " + m.word(redact.Piece{Text: word})
		}
	}
	if r.Method == http.MethodHead {
		return flags + " --head" // with -X HEAD it would wait for a body
	}
	return flags + " -X " + curl.Word(r.Method)
}

// urlArg is the URL, with the secret in it where that needs no escaping.
func (r curlRequest) urlArg(m *masker) string {
	target, _, _ := strings.Cut(redact.Password(r.URL), "#")
	if r.QuerySecret.isZero() || !r.queryIsPlain() {
		return m.word(redact.Piece{Text: target})
	}
	return m.word(redact.Piece{Text: target + querySeparator(target) + "secret="}, formPiece(r.QuerySecret))
}

func (r curlRequest) queryIsPlain() bool {
	value := r.QuerySecret.value()
	return url.QueryEscape(value) == value
}

func querySeparator(target string) string {
	switch {
	case !strings.Contains(target, "?"):
		return "?"
	case strings.HasSuffix(target, "?"), strings.HasSuffix(target, "&"):
		return ""
	}
	return "&"
}

func (r curlRequest) headerArgs(m *masker) []string {
	var args []string
	for _, h := range r.Headers {
		if !r.curlSets(h) {
			args = append(args, "-H "+h.word(m))
		}
	}
	if len(r.Body) > 0 && !r.has("Content-Type") {
		args = append(args, "-H 'Content-Type:'") // curl would say that it is a form
	}
	if r.waitsFor100() && !r.has("Expect") {
		args = append(args, "-H 'Expect:'")
	}
	return args
}

// curlSets tells which headers curl derives from the rest as we do.
func (r curlRequest) curlSets(h curlHeader) bool {
	switch http.CanonicalHeaderKey(h.Name) {
	case "Content-Length":
		return true
	case "Host":
		target, err := url.Parse(r.URL)
		return err == nil && target.Host == h.Value
	}
	return false
}

// waitsFor100 tells whether curl would ask for leave before it sends the body:
// some versions do so for any chunked one.
func (r curlRequest) waitsFor100() bool {
	return len(r.Body) >= curl.ExpectFrom || r.has("Transfer-Encoding")
}

func (r curlRequest) has(name string) bool {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// word is the argument of -H.
func (h curlHeader) word(m *masker) string {
	value, sent := redact.Piece{Text: h.Value}, h.Value
	if !h.Secret.isZero() {
		value, sent = formPiece(h.Secret), h.Secret.value()
	}
	if strings.TrimSpace(sent) == "" {
		return m.word(redact.Piece{Text: h.Name + ";"}) // "Name:" would leave it out
	}
	return m.word(redact.Piece{Text: h.Name + ": "}, value)
}

// formPiece is a form as part of a word: a literal one in plain sight.
func formPiece(form Variant) redact.Piece {
	if form.literal {
		return redact.Piece{Text: form.value()}
	}
	return redact.Piece{Text: form.value(), Command: form.shell}
}

// word writes one word of a command line, with all that is to be hidden in its
// literal pieces replaced.
func (m *masker) word(pieces ...redact.Piece) string {
	var masked []redact.Piece
	for _, p := range pieces {
		if p.Command != "" {
			masked = append(masked, p)
		} else {
			masked = append(masked, m.Split(p.Text, false)...)
		}
	}
	return shellWord(masked)
}

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
	pieces := m.Split(string(r.Body), false)
	switch {
	case len(r.Body) <= maxCurlText && curl.IsCopyable(r.Body):
		if !m.writes(pieces) {
			return bodyFile(len(r.Body), "it holds the secret, encoded")
		}
		return curlBody{option: curl.TextOption(r.Body) + " " + shellWord(pieces)}
	case hidesAny(pieces):
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

// writes tells whether the shell forms in pieces come out as what they hide,
// which those that hide an encoding do not.
func (m *masker) writes(pieces []redact.Piece) bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return !slices.ContainsFunc(pieces, func(p redact.Piece) bool {
		exact := func(f Variant) bool { return f.shell == p.Command && f.value() == p.Text }
		return p.Command != "" && !slices.ContainsFunc(m.learnt, exact)
	})
}

// hidesAny tells whether there is something hidden in pieces.
func hidesAny(pieces []redact.Piece) bool {
	return slices.ContainsFunc(pieces, func(p redact.Piece) bool { return p.Command != "" })
}
