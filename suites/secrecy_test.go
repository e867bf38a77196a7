package suites_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/ci"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
	"github.com/hubhook/hubhook/suites"
)

// echoEverything answers with all that it was sent, in whatever way handlers do.
func echoEverything(w http.ResponseWriter, r *http.Request) {
	secret := r.Header.Get("X-Webhook-Secret") + r.URL.Query().Get("secret")
	w.Header().Set("X-Debug", secret)
	w.Header().Set("X-Token", base64.StdEncoding.EncodeToString([]byte(secret)))
	fmt.Fprintf(w, "%s %s %v\n%q %x %s\n", r.Method, r.URL, r.Header, secret, secret, url.QueryEscape(secret))
	io.Copy(w, r.Body)
}

func TestSecretIsInNoReport(t *testing.T) {
	t.Parallel()
	// What encodings change is in it, and what shells and markup take for theirs.
	const secret = `p4ss&w<rd "$x' Zz`
	server := httptest.NewServer(http.HandlerFunc(echoEverything))
	t.Cleanup(server.Close)
	for _, target := range []suites.Target{
		{URL: server.URL + "/hook", Secret: secret},
		{URL: server.URL + "/hook?a=b", Secret: secret, SecretIn: "query"},
		{URL: server.URL + "/hook?secret=" + url.QueryEscape(secret), SecretIn: "query"},
		{URL: server.URL + "/nobody", Secret: secret, Observe: server.URL + "/state"},
	} {
		report := judge(t, target, suites.Options{Rerun: func(id string) string { return target.URL + " --only " + id }})
		for name, write := range renderings() {
			var out bytes.Buffer
			if err := write(&out, report); err != nil {
				t.Fatal(err)
			}
			if name == "JSON" {
				isReport(t, out.Bytes())
			}
			for _, form := range forms(secret) {
				if at := strings.Index(out.String(), form); at >= 0 {
					t.Errorf("%s shows the secret as %q: …%s…", name, form, out.String()[max(0, at-80):at+len(form)])
				}
			}
		}
	}
}

// isReport judges JSON by the schema of reports.
func isReport(t *testing.T, text []byte) {
	t.Helper()
	schema, err := jsonschema.Compile("../reports/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%#v", err)
	}
}

func renderings() map[string]func(io.Writer, *reports.Report) error {
	return map[string]func(io.Writer, *reports.Report) error{
		"JSON":     reports.WriteJSON,
		"JUnit":    ci.WriteJUnit,
		"Markdown": markdown.WriteReport,
		"SARIF":    ci.WriteSARIF,
		"badge":    ci.WriteBadge,
		"terminal": func(w io.Writer, r *reports.Report) error {
			return terminal.WriteReport(w, r, terminal.Options{Width: 1 << 20})
		},
	}
}

// forms are the ways in which a secret would be found.
func forms(secret string) []string {
	quoted := fmt.Sprintf("%q", secret)
	return []string{
		secret, quoted[1 : len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret),
		hex.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte(secret)),
	}
}
