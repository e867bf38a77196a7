package suites_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/check"
)

// myHandler is an example: use your own handler.
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
	for _, c := range report.Checks {
		fmt.Println(c.ID, c.Level, c.Status)
	}
	// Output:
	// SEC-02 MUST passed
	// PAY-19c SHOULD failed
}

// A check of your own is judged as those of the catalogue are.
func ExampleSession_Judge() {
	server := httptest.NewServer(myHandler())
	defer server.Close()
	s, err := suites.Open(context.Background(), suites.Target{URL: server.URL, Secret: "s3cret"}, suites.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	verdict := s.Judge(check.Check{
		ID: "MINE-01", Area: check.AreaScope, Level: check.Must,
		Title: "lets a push to a dataset in, and nobody else",
		Run: func(g gomega.Gomega, h *check.Handler) {
			push := h.NewDelivery(check.WithShape("repo.content.update"), check.WithScene(emitter.Scene{RepoType: "dataset"}, "of a dataset"))
			g.Expect(h.Attempt(push)).To(check.BeAccepted())
			g.Expect(h.Deliver(check.WithPushAfter(push), check.WithoutSecret())).To(check.BeRejected())
		},
	})
	fmt.Println(verdict.ID, verdict.Status)
	fmt.Println(verdict.Reason)
	// Output:
	// MINE-01 passed
}
