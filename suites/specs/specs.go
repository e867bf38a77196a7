// Package specs runs the checks of suites as Ginkgo specs. A suite of its own is one
// line in a test, and [Describe] adds the specs to a suite that is there:
//
//	func TestWebhook(t *testing.T) { specs.Run(t, suites.Target{URL: url, Secret: "s3cret"}) }
//
// It holds no check. It is apart from suites, so that a program which judges handlers
// without Ginkgo does not carry it.
package specs

import (
	"context"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/internal/subtest"
)

// Run judges a handler as one Ginkgo suite, with a spec for each check. Ginkgo runs
// one suite in a process: a second handler in the same test binary is for suites.Test.
//
// The options are one, or none for those of `hubhook check`. What fails the run of
// the command line fails the suite; a SHOULD that fails without Options.Strict is a
// skipped spec with its reason.
func Run(t *testing.T, target suites.Target, options ...suites.Options) {
	t.Helper()
	gomega.RegisterFailHandler(ginkgo.Fail)
	Describe("a handler of the Hub's webhooks", func() suites.Target { return target }, options...)
	ginkgo.RunSpecs(t, "hubhook")
}

// Describe adds a spec for each check to a Ginkgo suite, as ginkgo.Describe adds
// yours. A spec's labels are its ID, its area and its level, for filters such as
// 'secret && MUST'. The target is asked for when the first spec runs, so that a
// BeforeSuite can start the handler.
func Describe(text string, target func() suites.Target, options ...suites.Options) bool {
	o := subtest.Optional(options)
	checks, err := o.Selected()
	return ginkgo.Describe(text, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		var s *suites.Session
		ginkgo.BeforeAll(func() {
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			// Not of the context of a node, which ends with it.
			s, err = suites.Open(context.Background(), target(), o)
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			ginkgo.DeferCleanup(s.Close)
			s.Begin(checks)
		})
		for _, check := range checks {
			ginkgo.It(check.ID+" "+check.Title, ginkgo.Label(check.ID, string(check.Area), string(check.Level)), func() {
				subtest.End(s.Judge(check), o.Strict, ginkgo.Fail, ginkgo.Skip)
			})
		}
	})
}
