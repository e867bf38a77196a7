package specs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/specs"
)

// myHandler stands for yours.
func myHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Webhook-Secret") != "s3cret" {
			http.Error(w, "no", http.StatusForbidden)
		}
	})
}

// One handler in a test binary, as a Ginkgo suite: each check is a spec, and
// Ginkgo's flags work, such as -ginkgo.label-filter 'secret && MUST'.
func ExampleRun() {
	var t *testing.T // of func TestWebhook(t *testing.T)
	server := httptest.NewServer(myHandler())
	defer server.Close()
	specs.Run(t, suites.Target{URL: server.URL, Secret: "s3cret"})
}
