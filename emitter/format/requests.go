package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
)

// requestFileSecret is how a request file names a variable of the environment.
const requestFileSecret = "{{$processEnv " + redact.SecretName + "}}"

func requestFileHead(to delivery.Destination) string {
	head := "# For VS Code's REST Client and httpYac"
	switch to.SecretIn {
	case delivery.InNone:
		return head + ", and for JetBrains' HTTP Client.\n\n"
	case delivery.InQuery:
		head += "; escape a secret that holds more than letters and digits as URLs do"
	}
	return head + ".\n" +
		"# The secret is read from the environment variable " + redact.SecretName + ". JetBrains' HTTP\n" +
		"# Client names such variables in its own way: replace $processEnv there.\n\n"
}

func appendRequest(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	target := a.URL
	switch to.SecretIn {
	case delivery.InHeader:
		if !delivery.HasHeader(a.Header, delivery.SecretHeader) {
			a.Header[delivery.SecretHeader] = []string{requestFileSecret}
		}
	case delivery.InQuery:
		target = to.WithQuery(requestFileSecret)
	}
	dst = fmt.Appendf(dst, "### %s\n%s %s\n", curl.ShellComment(m.Shape), a.Method, target)
	for _, f := range delivery.HeaderFields(a.Header) {
		dst = fmt.Appendf(dst, "%s: %s\n", f.Name, f.Value)
	}
	dst = append(append(dst, '\n'), requestFileBody(m.Body)...)
	return append(dst, "\n\n"...), nil
}

// requestFileBody returns a body in which nothing is taken for a variable. In JSON, "{{" is only in strings, where one
// brace can be written as an escape: the bytes differ from the payload's, their meaning does not. A body that is no
// JSON could hold anything, such as what begins the next request.
func requestFileBody(body []byte) []byte {
	if !gjson.ValidBytes(body) {
		return fmt.Appendf(nil, "# The body, of %d bytes, is no JSON and not shown.", len(body))
	}
	return bytes.ReplaceAll(body, []byte("{{"), []byte(`{\u007b`))
}

func appendIndented(dst []byte, m delivery.Message, _ delivery.Destination) ([]byte, error) {
	out := bytes.NewBuffer(dst)
	if err := json.Indent(out, m.Body, "", "  "); err != nil {
		return dst, fmt.Errorf("indent %s: %w", m.Shape, err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// vegetaTarget is a line of a vegeta targets file (lib/target.schema.json there).
type vegetaTarget struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// appendVegeta appends a target. Vegeta expands no variables, so the secret is left to its option -header, which is
// merged with these headers.
func appendVegeta(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	out := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // URLs may have '&'
	if err := encoder.Encode(vegetaTarget{a.Method, a.URL, a.Header, a.Body}); err != nil {
		return dst, fmt.Errorf("write a target: %w", err)
	}
	return out.Bytes(), nil
}

func checkVegeta(to delivery.Destination) error {
	if to.SecretIn == delivery.InQuery {
		return fmt.Errorf("vegeta cannot add a secret to a URL: say --secret-in none, and add it on the way to vegeta: jq -c '.url += \"?%s=\" + (env.%s|@uri)'", delivery.SecretParameter, redact.SecretName)
	}
	return nil
}
