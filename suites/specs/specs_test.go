package specs_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/fixtures/mutants"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/specs"
)

// TestHandler runs the checks as Ginkgo specs: against the handler at
// HUBHOOK_URL (with HUBHOOK_SECRET, HUBHOOK_SECRET_IN, HUBHOOK_OBSERVE and
// HUBHOOK_OBSERVE_CMD as `hubhook check` has them as flags), or against the built-in
// one.
func TestHandler(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "a handler of the Hub's webhooks")
}

// A handler that fails checks fails the suite, which says why and shows no secret. That
// is seen from outside: a suite that fails cannot be looked at from within.
func TestFailuresFailTheSuite(t *testing.T) {
	if os.Getenv("HUBHOOK_URL") != "" {
		return // this is the suite that is looked at, or one that a user runs
	}
	mutant, err := mutants.Find("open")
	if err != nil {
		t.Fatal(err)
	}
	open, err := handlers.Start("127.0.0.1:0", mutant.Options(testSecret))
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	suite := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHandler$", "-ginkgo.label-filter=SEC-02 || SEC-03", "-ginkgo.no-color")
	suite.Env = append(os.Environ(), "HUBHOOK_URL="+open.URL, "HUBHOOK_SECRET="+testSecret)
	out, err := suite.CombinedOutput()
	if err == nil {
		t.Error("the suite passes")
	}
	for _, words := range []string{"[FAIL]", "SEC-02", "SEC-03", "came back: 202 Accepted", "curl -sS"} {
		if !strings.Contains(string(out), words) {
			t.Errorf("%q is not said:\n%s", words, out)
		}
	}
	if strings.Contains(string(out), testSecret) {
		t.Error("the secret is told")
	}
}

var _ = specs.Describe("handler", specTarget, specOptions())

// testSecret is what the built-in handler knows.
const testSecret = "Right-Secret-7"

// specOptions leave out what does not apply to the built-in handler: none of its specs
// is skipped.
func specOptions() suites.Options {
	if os.Getenv("HUBHOOK_URL") != "" {
		return suites.Options{}
	}
	return suites.Options{Strict: true, Selection: suites.Selection{Skip: []string{"SEC-16", "RAT-09", "PAY-23", "TRN-07"}}}
}

// specTarget is the handler that the environment names.
func specTarget() suites.Target {
	target := suites.Target{
		URL: os.Getenv("HUBHOOK_URL"), Secret: os.Getenv("HUBHOOK_SECRET"),
		SecretIn: delivery.SecretIn(os.Getenv("HUBHOOK_SECRET_IN")),
		Observe:  os.Getenv("HUBHOOK_OBSERVE"), ObserveCommand: os.Getenv("HUBHOOK_OBSERVE_CMD"),
	}
	if target.URL != "" {
		return target
	}
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: testSecret})
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	ginkgo.DeferCleanup(server.Close)
	return suites.Target{
		URL: server.URL, Secret: testSecret, Observe: server.State,
		Restart: func(context.Context) error { return server.Restart() },
	}
}
