package suites_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hubhook/hubhook/suites"
)

// myHandler stands for yours.
func myHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Webhook-Secret") != "s3cret" {
			http.Error(w, "no", http.StatusForbidden)
		}
	})
}

// Several handlers in one process, each check a subtest. What a handler did is seen
// by a function of yours.
func ExampleTest() {
	var t *testing.T // of func TestWebhooks(t *testing.T)
	server := httptest.NewServer(myHandler())
	defer server.Close()
	jobs := map[string]int{} // what the handler keeps, behind a lock of its own
	suites.Test(t, suites.Target{
		URL: server.URL, Secret: "s3cret",
		Look: func(context.Context) ([]byte, error) { return json.Marshal(jobs) },
	}, suites.Options{
		Selection: suites.Selection{Areas: []string{"secret", "retry"}},
		Known:     []string{"SEC-17"},
	})
}

// Verdicts as data, for whatever is made of them.
func ExampleJudge() {
	server := httptest.NewServer(myHandler())
	defer server.Close()
	report, err := suites.Judge(context.Background(), suites.Target{URL: server.URL, Secret: "s3cret"}, suites.Options{
		Selection: suites.Selection{Only: []string{"SEC-02", "PAY-19c"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, check := range report.Checks {
		fmt.Println(check.ID, check.Level, check.Status)
	}
	// Output:
	// SEC-02 MUST passed
	// PAY-19c SHOULD failed
}
