package suites_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/suites"
)

// A handler that rejects in its body only gets a hint that the status counts;
// one that accepts everybody gets none.
func TestHintIsForWhoMeansToRefuse(t *testing.T) {
	for body, want := range map[string]bool{`{"error": "wrong secret"}`: true, `{"ok": true}`: false, "": false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }))
		report := judge(t, suites.Target{URL: server.URL, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"SEC-02"}}})
		if reason := report.Checks[0].Reason; strings.Contains(reason, "hint:") != want {
			t.Errorf("answered %q: %s", body, reason)
		}
		server.Close()
	}
}
