package emitter

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// requestFileSecret is how a request file names a variable of the environment.
const requestFileSecret = "{{$processEnv " + secretName + "}}"

func requestFileHead(to Destination) string {
	head := "# For VS Code's REST Client and httpYac"
	switch to.SecretIn {
	case InNone:
		return head + ", and for JetBrains' HTTP Client.\n\n"
	case InQuery:
		head += "; escape a secret that holds more than letters and digits as URLs do"
	}
	return head + ".\n" +
		"# The secret is read from the environment variable " + secretName + ". JetBrains' HTTP\n" +
		"# Client names such variables in its own way: replace $processEnv there.\n\n"
}

// appendRequest writes a request of a request file.
func appendRequest(dst []byte, m Message, to Destination) ([]byte, error) {
	a := to.open(m)
	target := a.URL
	switch to.SecretIn {
	case InHeader:
		if !hasHeader(a.Header, SecretHeader) {
			a.Header[SecretHeader] = []string{requestFileSecret}
		}
	case InQuery:
		target = to.withQuery(requestFileSecret)
	}
	dst = fmt.Appendf(dst, "### %s\n%s %s\n", shellComment(m.Shape), a.Method, target)
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
