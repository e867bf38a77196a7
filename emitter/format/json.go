package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"github.com/hubhook/hubhook/emitter/delivery"
	"net/http"
)

// appendIndented writes a payload to be read.
func appendIndented(dst []byte, m delivery.Message, _ delivery.Destination) ([]byte, error) {
	out := bytes.NewBuffer(dst)
	if err := json.Indent(out, m.Body, "", "  "); err != nil {
		return dst, fmt.Errorf("indent %s: %w", m.Shape, err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// vegetaTarget is what vegeta reads of a line (lib/target.schema.json there).
type vegetaTarget struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// appendVegeta writes a target. Vegeta fills in nothing, so the secret is left to
// its option -header, which is merged with these headers.
func appendVegeta(dst []byte, m delivery.Message, to delivery.Destination) ([]byte, error) {
	a := to.WithoutSecret(m)
	out := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // for the sake of '&' in URLs
	if err := encoder.Encode(vegetaTarget{a.Method, a.URL, a.Header, a.Body}); err != nil {
		return dst, fmt.Errorf("write a target: %w", err)
	}
	return out.Bytes(), nil
}

func checkVegeta(to delivery.Destination) error {
	if to.SecretIn == delivery.InQuery {
		return fmt.Errorf("vegeta cannot add a secret to a URL: say --secret-in none, and add it on the way to vegeta: jq -c '.url += \"?%s=\" + (env.%s|@uri)'", delivery.SecretParameter, secretVariable)
	}
	return nil
}
