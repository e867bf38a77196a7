package subtest_test

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/internal/subtest"
)

// A test that fails shows how to send what the failure is about, which is not always what
// was sent last.
func TestFailedTestShowsTheTellingExchange(t *testing.T) {
	check := reports.Check{ID: "SEC-02", Level: "MUST", Status: reports.Failed, Reason: "came back: 200", Exchanges: []reports.Exchange{
		{Curl: "curl of a delivery before"}, {Curl: "curl of what was let in", Decisive: true}, {Curl: "curl of a delivery after"},
	}}
	var message string
	subtest.End(check, false, func(text string, _ ...int) { message = text }, func(string, ...int) { t.Error("it is skipped") })
	if !strings.Contains(message, "curl of what was let in") || strings.Contains(message, "curl of a delivery") {
		t.Errorf("said:\n%s", message)
	}
}
