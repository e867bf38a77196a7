package suites

import (
	"slices"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/catalogue"
)

// One cause gives one answer: a failure points to another only where they were
// answered alike.
func TestFailureWithAnotherAnswerHasACauseOfItsOwn(t *testing.T) {
	failed := func(id string, status int) reports.Check {
		return reports.Check{ID: id, Status: reports.Failed, Exchanges: []reports.Exchange{{Response: &reports.Response{Status: status}}}}
	}
	checks := []reports.Check{failed("PAY-02d", 422), failed("PAY-16", 413), failed("PAY-31a", 422), failed("SEC-01", 0)}
	linkCauses(checks, catalogue.KnownCauses())
	for i, want := range [][]string{nil, nil, {"PAY-02d"}, nil} {
		if !slices.Equal(checks[i].FixFirst, want) {
			t.Errorf("%s: first mend %v, want %v", checks[i].ID, checks[i].FixFirst, want)
		}
	}
}
