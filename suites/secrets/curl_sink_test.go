package secrets

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/redact"
)

// received is what a server got.
type received struct {
	method, host, path, query string
	headers                   http.Header
	chunked                   bool
	body                      []byte
}

// curlSink is a server that hands on what it got.
type curlSink struct {
	url      string
	requests chan received
}

func newRecorder(t *testing.T) *curlSink {
	requests := make(chan received, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		requests <- received{
			method: r.Method, host: r.Host, path: r.URL.EscapedPath(), query: r.URL.RawQuery,
			headers: r.Header, chunked: slices.Contains(r.TransferEncoding, "chunked"), body: body,
		}
	}))
	t.Cleanup(server.Close)
	return &curlSink{server.URL, requests}
}

// replay runs the command of a request, fails where it shows the secret, and
// answers the command and what came of it.
func (rec *curlSink) replay(t *testing.T, shell, secret string, r CurlRequest) (string, received) {
	t.Helper()
	m := NewMask(secret)
	line := r.Command(m)
	if len(secret) >= redact.MinLength && strings.Contains(line, secret) {
		t.Errorf("the command shows the secret %q: %s", secret, line)
	}
	dir := t.TempDir()
	if strings.Contains(line, "@payload.bin") {
		if err := os.WriteFile(filepath.Join(dir, "payload.bin"), r.Body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runShell(t, shell, secret, dir, line)
	return line, <-rec.requests
}
