package suites_test

import (
	"os"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/fixtures/handlers"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// TestHandler runs the checks as Ginkgo specs: against the handler at
// HUBHOOK_URL (with HUBHOOK_SECRET, HUBHOOK_SECRET_IN and HUBHOOK_OBSERVE as
// `hubhook check` has them as flags), or against the built-in one.
func TestHandler(t *testing.T) {
	gomega.RegisterFailHandler(ginkgo.Fail)
	ginkgo.RunSpecs(t, "a handler of the Hub's webhooks")
}

var _ = ginkgo.Describe("handler", func() {
	var target suites.Target
	ginkgo.BeforeEach(func() { target = specTarget() })
	for _, check := range suites.Catalogue() {
		ginkgo.It(check.ID+" "+check.Title, ginkgo.Label(check.ID, string(check.Area), string(check.Level)), func(ctx ginkgo.SpecContext) {
			// Scenes and observers are those of a run, so each spec is a run of one
			// check.
			report, err := suites.Judge(ctx, target, suites.Options{Checks: []suites.Check{check}})
			if report == nil {
				ginkgo.Fail(err.Error())
			}
			tell(report.Checks[0])
		})
	}
})

// tell gives Ginkgo the verdict on a check.
func tell(check reports.Check) {
	switch check.Status {
	case reports.Passed:
	case reports.Failed:
		ginkgo.Fail(check.Reason + "\nwhy: " + check.Why + "\nsee: " + check.Spec)
	case reports.Error:
		ginkgo.Fail(check.Reason)
	default:
		ginkgo.Skip(string(check.Status) + ": " + check.Reason)
	}
}

// specTarget is the handler that the environment names. The built-in one is
// new for each spec, and its port with it.
func specTarget() suites.Target {
	target := suites.Target{
		URL: os.Getenv("HUBHOOK_URL"), Secret: os.Getenv("HUBHOOK_SECRET"),
		SecretIn: emitter.SecretIn(os.Getenv("HUBHOOK_SECRET_IN")), Observe: os.Getenv("HUBHOOK_OBSERVE"),
	}
	if target.URL != "" {
		return target
	}
	server, err := handlers.Start("127.0.0.1:0", handlers.Options{Secret: testSecret})
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	ginkgo.DeferCleanup(server.Close)
	return suites.Target{URL: server.URL, Secret: testSecret, Observe: server.State}
}
