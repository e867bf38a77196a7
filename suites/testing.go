package suites

import (
	"fmt"
	"testing"

	"github.com/hubhook/hubhook/reports"
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
	o := Only(options).withDefaults()
	checks, err := o.Chosen()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Begin(checks)
	for _, area := range Areas() {
		t.Run(string(area), func(t *testing.T) {
			for _, check := range checks {
				if check.Area == area {
					t.Run(check.ID, func(t *testing.T) { testCheck(t, s, check) })
				}
			}
		})
	}
}

func testCheck(t *testing.T, s *Session, check Check) {
	t.Helper()
	fail := func(message string, _ ...int) { t.Helper(); t.Fatal("\n" + message) }
	skip := func(message string, _ ...int) { t.Helper(); t.Skipf("%s %s", check.Level, message) }
	ReportTo(s.Judge(check), s.run.options.Strict, fail, skip)
}

// Only is the one value of an argument that may be left out. More than one is a mistake
// in the program, and panics.
func Only(options []Options) Options {
	switch len(options) {
	case 0:
		return Options{}
	case 1:
		return options[0]
	}
	panic("suites: more than one Options")
}

// ReportTo ends a test as the command line would judge it, by a function that fails the
// test or one that skips it. Nothing but what holds passes.
func ReportTo(check reports.Check, strict bool, fail, skip func(message string, callerSkip ...int)) {
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
	if i := check.DecisiveIndex(); i >= 0 {
		text += "\nreproduce, with the secret in $HUBHOOK_SECRET:\n" + check.Exchanges[i].Curl
	}
	return text
}
