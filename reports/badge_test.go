package reports_test

import (
	"encoding/json"
	"testing"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/ci"
)

func TestBadgeSaysWhatCameOfARun(t *testing.T) {
	lesser := passed()
	lesser.Strict = false
	lesser.Checks = append(lesser.Checks, reports.Check{ID: "RTY-09", Level: "SHOULD", Status: reports.Failed})
	outdated := passed()
	outdated.Checks[0].Known, outdated.Verdict = true, reports.Failed
	down := passed()
	down.Problem, down.Verdict = "the handler went down", reports.Failed
	for _, c := range []struct {
		report         *reports.Report
		message, color string
		isError        bool
	}{
		{passed(), "1 passed", "brightgreen", false},
		{lesser, "1 passed, 1 failed", "yellowgreen", false},
		{sample(), "2 failed", "red", true},
		{outdated, "known failures out of date", "red", true},
		{down, "went down", "red", true},
		{interrupted(), "inconclusive", "lightgrey", false},
		{None(), "not judged", "lightgrey", true},
	} {
		var got struct {
			SchemaVersion         int
			Label, Message, Color string
			IsError               bool
		}
		if err := json.Unmarshal([]byte(written(t, ci.WriteBadge, c.report)), &got); err != nil {
			t.Fatal(err)
		}
		if got.SchemaVersion != 1 || got.Label != "webhook" || got.Message != c.message || got.Color != c.color || got.IsError != c.isError {
			t.Errorf("%+v, want %q in %s", got, c.message, c.color)
		}
	}
}
