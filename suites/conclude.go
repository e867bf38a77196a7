package suites

import (
	"fmt"

	"github.com/hubhook/hubhook/reports"
)

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

// Conclude ends a test as the command line would judge it, by a function that fails the
// test or one that skips it. Nothing but what holds passes.
func Conclude(check reports.Check, strict bool, fail, skip func(message string, callerSkip ...int)) {
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
