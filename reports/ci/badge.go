package ci

import (
	"fmt"
	"io"

	"github.com/hubhook/hubhook/reports"
)

// badge is shields.io's format of an endpoint, https://shields.io/badges/endpoint-badge.
type badge struct {
	SchemaVersion int    `json:"schemaVersion"`
	Label         string `json:"label"`
	Message       string `json:"message"`
	Color         string `json:"color"`
	IsError       bool   `json:"isError,omitempty"` // then whoever shows it cannot choose the color
}

// WriteBadge writes the outcome of a report as JSON for an endpoint badge of shields.io.
func WriteBadge(w io.Writer, r *reports.Report) error {
	message, color := badgeOf(r)
	return reports.EncodeJSON(w, badge{1, "webhook", message, color, r.Verdict == reports.Failed})
}

// badgeOf words the outcome in two or three words. Only a full pass is bright green.
func badgeOf(r *reports.Report) (message, color string) {
	counts := reports.StatusCounts(r.Checks)
	fails := len(r.Filter(func(c reports.Check) bool { return c.FailsRun(r.Strict) && c.Status == reports.Failed }))
	switch {
	case r.JudgedNothing():
		return "not judged", "lightgrey"
	case r.Problem != "":
		return "went down", "red"
	case fails > 0:
		return fmt.Sprintf("%d failed", fails), "red"
	case r.Verdict == reports.Failed:
		return "known failures out of date", "red"
	case r.Verdict != reports.Passed:
		return "inconclusive", "lightgrey"
	case counts[reports.Failed] > 0:
		return fmt.Sprintf("%d passed, %d failed", counts[reports.Passed], counts[reports.Failed]), "yellowgreen"
	}
	return fmt.Sprintf("%d passed", counts[reports.Passed]), "brightgreen"
}
