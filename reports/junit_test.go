package reports_test

import (
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"github.com/hubhook/hubhook/reports/ci"
)

// What readers of JUnit make of a report is what it says. .ci/run judges the same files
// by their schema.
func TestJUnitIsReadAsItIsMeant(t *testing.T) {
	for name, want := range map[string]junit.Totals{
		"report":      {Tests: 10, Passed: 1, Failed: 3, Error: 1, Skipped: 5},
		"hostile":     {Tests: 10, Passed: 1, Failed: 3, Error: 1, Skipped: 5},
		"passed":      {Tests: 1, Passed: 1},
		"interrupted": {Tests: 2, Passed: 1, Skipped: 1},
		"nothing":     {Tests: 2, Failed: 1, Skipped: 1}, // a MAY does not fail the run
	} {
		suites, err := junit.IngestReader(strings.NewReader(written(t, ci.WriteJUnit, runs()[name])))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got junit.Totals
		for _, suite := range suites {
			got.Tests += suite.Totals.Tests
			got.Passed += suite.Totals.Passed
			got.Failed += suite.Totals.Failed
			got.Error += suite.Totals.Error
			got.Skipped += suite.Totals.Skipped
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
