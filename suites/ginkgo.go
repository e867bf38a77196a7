package suites

import (
	"context"
	"fmt"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/reports"
)

// Run judges a handler as one Ginkgo suite, with a spec for each check. Ginkgo runs
// one suite in a process: a second handler in the same test binary is for Test.
//
// The options are one, or none for those of `hubhook check`. What fails the run of
// the command line fails the suite; a SHOULD that fails without Options.Strict is a
// skipped spec with its reason.
func Run(t *testing.T, target Target, options ...Options) {
	t.Helper()
	gomega.RegisterFailHandler(ginkgo.Fail)
	Describe("a handler of the Hub's webhooks", func() Target { return target }, options...)
	ginkgo.RunSpecs(t, "hubhook")
}

// Describe adds a spec for each check to a Ginkgo suite, as ginkgo.Describe adds
// yours. A spec's labels are its ID, its area and its level, for filters such as
// 'secret && MUST'. The target is asked for when the first spec runs, so that a
// BeforeSuite can start the handler.
func Describe(text string, target func() Target, options ...Options) bool {
	o := only(options).withDefaults()
	checks, err := o.Selection.Select(o.Checks)
	return ginkgo.Describe(text, ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		var s *Session
		ginkgo.BeforeAll(func() {
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			// Not of the context of a node, which ends with it.
			s, err = Open(context.Background(), target(), o)
			gomega.Expect(err).NotTo(gomega.HaveOccurred())
			ginkgo.DeferCleanup(s.Close)
			s.begin(checks)
		})
		for _, i := range inOrder(checks) {
			check := checks[i]
			ginkgo.It(check.ID+" "+check.Title, ginkgo.Label(check.ID, string(check.Area), string(check.Level)), func() {
				conclude(s.Judge(check), o.Strict, ginkgo.Fail, ginkgo.Skip)
			})
		}
	})
}

// only is the one value of an argument that may be left out.
func only(options []Options) Options {
	switch len(options) {
	case 0:
		return Options{}
	case 1:
		return options[0]
	}
	panic("suites: more than one Options")
}

// conclude ends a test as the command line would judge it. Nothing but what holds
// passes.
func conclude(check reports.Check, strict bool, fail, skip func(message string, callerSkip ...int)) {
	switch {
	case check.FailsRun(strict) && check.Known:
		fail(fmt.Sprintf("%s is said to be known to fail, and passes: take it off the list", check.ID))
	case check.FailsRun(strict), check.Status == reports.Error:
		fail(inFull(check))
	case check.Status != reports.Passed:
		skip(string(check.Status) + ": " + inFull(check))
	}
}

// inFull tells a verdict with all that helps to mend the handler.
func inFull(check reports.Check) string {
	text := check.Reason
	if check.Status != reports.Failed {
		return text
	}
	text = fmt.Sprintf("%s %s %s\n%s\nwhy:  %s\nmend: %s\nsee:  %s", check.ID, check.Level, check.Title, text, check.Why, check.Fix, check.Spec)
	if n := len(check.Exchanges); n > 0 {
		text += "\nreproduce, with the secret in $HUBHOOK_SECRET:\n" + check.Exchanges[n-1].Curl
	}
	return text
}
