// Package subtest holds what the ways to run checks as tests have in common: suites.Test and
// the Ginkgo specs.
package subtest

import (
	"fmt"

	"github.com/hubhook/hubhook/reports"
)

// Optional returns the one value of a variadic argument, or the zero value. More than one
// is a mistake in the program, and panics.
func Optional[T any](options []T) (one T) {
	if len(options) > 1 {
		panic("suites: more than one Options")
	}
	for _, o := range options {
		one = o
	}
	return one
}

// End ends a test as the command line would judge a check, by a function that fails
// the test or one that skips it. Only what passed passes.
func End(c reports.Check, strict bool, fail, skip func(message string, callerSkip ...int)) {
	switch {
	case c.FailsRun(strict) && c.Known:
		fail(fmt.Sprintf("%s is said to be known to fail, and passes: take it off the list", c.ID))
	case c.FailsRun(strict), c.Status == reports.Error:
		fail(testMessage(c))
	case c.Status != reports.Passed:
		skip(string(c.Status) + ": " + testMessage(c))
	}
}

// testMessage returns a verdict with everything that helps to fix the handler.
func testMessage(c reports.Check) string {
	text := c.Reason
	if c.Status != reports.Failed {
		return text
	}
	text = fmt.Sprintf("%s %s %s\n%s\nwhy:  %s\nmend: %s\nsee:  %s", c.ID, c.Level, c.Title, text, c.Why, c.Fix, c.Spec)
	if i := c.DecisiveIndex(); i >= 0 {
		text += "\nreproduce, with the secret in $HUBHOOK_SECRET:\n" + c.Exchanges[i].Curl
	}
	return text
}
