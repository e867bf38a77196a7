package format

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/tidwall/gjson"
)

// requestFileSecret is how a request file names a variable of the environment.
const requestFileSecret = "{{$processEnv " + secretVariable + "}}"

func requestFileHead(to delivery.Destination) string {
	head := "# For VS Code's REST Client and httpYac"
	switch to.SecretIn {
	case delivery.InNone:
		return head + ", and for JetBrains' HTTP Client.\n\n"
	case delivery.InQuery:
		head += "; escape a secret that holds more than letters and digits as URLs do"
	}
	return head + ".\n" +
		"# The secret is read from the environment variable " + secretVariable + ". JetBrains' HTTP\n" +
		"# Client names such variables in its own way: replace $processEnv there.\n\n"
}

// appendRequest writes a request of a request file.
func appendRequest(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	target := a.URL
	switch to.SecretIn {
	case delivery.InHeader:
		if !hasHeader(a.Header, delivery.SecretHeader) {
			a.Header[delivery.SecretHeader] = []string{requestFileSecret}
		}
	case delivery.InQuery:
		target = to.WithQuery(requestFileSecret)
	}
	dst = fmt.Appendf(dst, "### %s\n%s %s\n", curl.ShellComment(m.Shape), a.Method, target)
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		for _, value := range a.Header[name] {
			dst = fmt.Appendf(dst, "%s: %s\n", name, value)
		}
	}
	dst = append(append(dst, '\n'), requestFileBody(m.Body)...)
	return append(dst, "\n\n"...), nil
}

// requestFileBody is a body in which nothing is taken for a variable. In JSON,
// "{{" stands in strings alone, where one brace can be written as an escape: the
// bytes differ from the payload's, what they say does not. A body that is no JSON
// could hold anything, such as what begins the next request.
func requestFileBody(body []byte) []byte {
	if !gjson.ValidBytes(body) {
		return fmt.Appendf(nil, "# The body, of %d bytes, is no JSON and not shown.", len(body))
	}
	return bytes.ReplaceAll(body, []byte("{{"), []byte(`{\u007b`))
}

func hasHeader(header http.Header, name string) bool {
	for other := range header {
		if strings.EqualFold(other, name) {
			return true
		}
	}
	return false
}
