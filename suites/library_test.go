package suites_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/suites"
)

func TestRightHandlerPassesAsSubtests(t *testing.T) {
	for range 2 { // several in one process
		suites.Test(t, start(t, handlers.Options{Secret: testSecret}), suites.Options{
			Strict: true, Selection: suites.Selection{Areas: []string{"secret"}, Skip: []string{"SEC-16"}},
		})
	}
}

// TestJudgedFromOutside is run by the next one, in a process of its own: a test that
// fails cannot be looked at from within.
func TestJudgedFromOutside(t *testing.T) {
	url := os.Getenv("JUDGED_FROM_OUTSIDE")
	if url == "" {
		return
	}
	suites.Test(t, suites.Target{URL: url, Secret: testSecret}, suites.Options{Selection: suites.Selection{Only: []string{"SEC-01", "SEC-02", "SEC-12", "SEC-17"}}})
}

func TestFailuresAreThoseOfTheTestBinary(t *testing.T) {
	open := start(t, withBug(t, "open"))
	for _, c := range []struct {
		name, run, url string
		says           []string
	}{
		{"subtests", "^TestJudgedFromOutside$", "JUDGED_FROM_OUTSIDE", []string{
			"--- PASS: TestJudgedFromOutside/secret/SEC-01", "--- FAIL: TestJudgedFromOutside/secret/SEC-02",
			"--- SKIP: TestJudgedFromOutside/secret/SEC-12", "--- SKIP: TestJudgedFromOutside/secret/SEC-17",
			"came back: 202 Accepted", "curl -sS",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			test := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run="+c.run)
			test.Env = append(os.Environ(), c.url+"="+open.URL, "HUBHOOK_SECRET="+testSecret)
			out, err := test.CombinedOutput()
			if err == nil {
				t.Error("the test binary passes")
			}
			for _, words := range c.says {
				if !strings.Contains(string(out), words) {
					t.Errorf("%q is not said:\n%s", words, out)
				}
			}
			if strings.Contains(string(out), testSecret) {
				t.Error("the secret is told")
			}
		})
	}
}
