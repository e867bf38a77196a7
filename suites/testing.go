package suites

import (
	"testing"

	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/internal/subtest"
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
	o := subtest.Optional(options).withDefaults()
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
	subtest.End(s.Judge(c), s.options.Strict, fail, skip)
}
