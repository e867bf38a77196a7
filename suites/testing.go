package suites

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
)

// Test judges a handler with a subtest for each check, by area and ID, so that
// `go test -run TestMine/secret/SEC-02` runs one of them. Any number of handlers can
// be judged in one process.
//
// The options are one, or none for those of `hubhook check`. What fails the run of
// the command line fails the test; a SHOULD that fails without Options.Strict is a
// skipped subtest with its reason.
func Test(t *testing.T, target Target, options ...Options) {
	t.Helper()
	o := Optional(options).withDefaults()
	checks, err := o.Selected()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Begin(checks)
	for _, area := range check.Areas() {
		t.Run(string(area), func(t *testing.T) {
			for _, c := range checks {
				if c.Area == area {
					t.Run(c.ID, func(t *testing.T) { testCheck(t, s, c) })
				}
			}
		})
	}
}

func testCheck(t *testing.T, s *Session, c check.Check) {
	t.Helper()
	fail := func(message string, _ ...int) { t.Helper(); t.Fatal("\n" + message) }
	skip := func(message string, _ ...int) { t.Helper(); t.Skipf("%s %s", c.Level, message) }
	EndTest(s.Judge(c), s.options.Strict, fail, skip)
}

// EndTest ends a test as the command line would judge a check, by a function that fails
// the test or one that skips it. Only what passed passes.
func EndTest(c reports.Check, strict bool, fail, skip func(message string, callerSkip ...int)) {
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
