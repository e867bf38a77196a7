package reports_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
)

// A report that `hubhook check --json` wrote is read back, and shown.
func ExampleReadJSON() {
	report, err := reports.ReadJSON(strings.NewReader(`{
		"schema": "hubhook.check.v1", "tool": {"name": "hubhook", "version": "v1.2.3"},
		"target": {"url": "http://127.0.0.1:8000/webhook"}, "seed": 7,
		"started": "2026-11-01T12:00:00Z", "durationMs": 1200, "sent": 2, "verdict": "passed",
		"summary": {"passed": 1, "failed": 0, "inconclusive": 0, "skipped": 0, "error": 0},
		"checks": [{
			"id": "SEC-02", "area": "secret", "level": "MUST", "title": "refuses a delivery whose secret is wrong",
			"why": "anyone could act as the Hub", "spec": "https://example.org/spec", "fix": "compare the secret",
			"status": "passed", "durationMs": 12, "exchanges": [], "sent": 2
		}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := terminal.WriteReport(os.Stdout, report, terminal.Options{All: true}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// hubhook check http://127.0.0.1:8000/webhook
	// hubhook v1.2.3, seed 7
	//
	// secret
	//   ✓ SEC-02   MUST   refuses a delivery whose secret is wrong
	//
	// 1 check in 1.2s: 1 passed
	// verdict: passed
}
