package curl

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A Request is a request that curl shall send.
type Request struct {
	Options []Text // such as those of URLFlags
	Method  string // if empty, the one that curl uses for the body
	URL     Text
	// QuerySecret, if set, is the URL's last parameter, secret. It needs curl 7.87 or
	// later unless it consists of characters that a query may contain as they are.
	QuerySecret Text
	Headers     []Header
	Body        Body
}

// A Header is one header field.
type Header struct{ Name, Value Text }

// String returns a command line for a POSIX shell that has the secret in its environment.
func (r Request) String() string {
	words := []string{r.Body.before + "curl -sS -i" + r.options() + " " + r.urlArgument()}
	words = append(words, r.headerArguments()...)
	if len(r.QuerySecret) > 0 && !r.queryIsPlain() {
		// curl 7.87 and later; it escapes what the shell puts in.
		words = append(words, "--url-query "+slices.Concat(Literal("secret="), r.QuerySecret).Quote())
	}
	// Some versions wait for 100 Continue before they send any chunked body.
	if (r.Body.size >= expectFrom || r.has("Transfer-Encoding")) && !r.has("Expect") {
		words = append(words, "-H 'Expect:'")
	}
	if r.Body.option != "" {
		words = append(words, r.Body.option)
	}
	return strings.Join(words, " \\\n  ")
}

func (r Request) options() string {
	options := ""
	for _, option := range r.Options {
		options += " " + option.Word()
	}
	switch r.Method {
	case "":
		return options
	case http.MethodHead:
		return options + " --head" // with -X HEAD it would wait for a body
	}
	return options + " -X " + Word(r.Method)
}

// urlArgument returns the URL, with the secret in it if that needs no escaping.
func (r Request) urlArgument() string {
	if len(r.QuerySecret) == 0 || !r.queryIsPlain() {
		return r.URL.Quote()
	}
	return slices.Concat(r.URL, Literal(QuerySeparator(r.URL.value())+"secret="), r.QuerySecret).Quote()
}

func (r Request) queryIsPlain() bool {
	value := r.QuerySecret.value()
	return url.QueryEscape(value) == value
}

// QuerySeparator returns what must precede one more parameter of a URL.
func QuerySeparator(target string) string {
	switch {
	case !strings.Contains(target, "?"):
		return "?"
	case strings.HasSuffix(target, "?"), strings.HasSuffix(target, "&"):
		return ""
	}
	return "&"
}

func (r Request) headerArguments() []string {
	var args []string
	for _, h := range r.Headers {
		if !r.isDerived(h) {
			args = append(args, "-H "+h.argument())
		}
	}
	if r.Body.size > 0 && !r.has("Content-Type") {
		args = append(args, "-H 'Content-Type:'") // curl would say that it is a form
	}
	return args
}

// isDerived reports whether curl derives a header from the rest of the request.
func (r Request) isDerived(h Header) bool {
	switch http.CanonicalHeaderKey(h.Name.value()) {
	case "Content-Length":
		return true
	case "Host":
		target, err := url.Parse(r.URL.value())
		return err == nil && target.Host == h.Value.value()
	}
	return false
}

func (r Request) has(name string) bool {
	return slices.ContainsFunc(r.Headers, func(h Header) bool { return strings.EqualFold(h.Name.value(), name) })
}

func (h Header) argument() string {
	if strings.TrimSpace(h.Value.value()) == "" {
		return slices.Concat(h.Name, Literal(";")).Quote() // "Name:" would leave it out
	}
	return slices.Concat(h.Name, Literal(": "), h.Value).Quote()
}

// A Body says where curl gets a body from. The zero value is none.
type Body struct {
	size           int    // in bytes
	before, option string // what precedes curl, and its option
}

// TextBody returns a body that is an argument of curl. It must be copyable.
func TextBody(text Text) Body {
	value := text.value()
	option := "--data-binary "
	if strings.HasPrefix(value, "@") {
		option = "--data-raw " // with --data-binary it would be the name of a file
	}
	return Body{size: len(value), option: option + text.Quote()}
}

// Base64Body returns a body of any bytes, which a pipe decodes from base64.
func Base64Body(body []byte) Body {
	encoded := Quote(base64.StdEncoding.EncodeToString(body))
	return Body{len(body), "printf %s " + encoded + " | base64 -d | ", "--data-binary @-"}
}

// PipedBody returns a long text as a body. printf is part of the shell, so that no limit
// of arguments holds; a here-document would add a line break.
func PipedBody(text string) Body {
	return Body{len(text), "printf %s " + Quote(text) + " | ", "--data-binary @-"}
}

// FileBody returns a body that the reader puts into payload.bin, after a comment that says why.
func FileBody(size int, why string) Body {
	comment := fmt.Sprintf("# payload.bin (%d bytes) is not here: %s.\n", size, why)
	return Body{size, comment, "--data-binary @payload.bin"}
}
