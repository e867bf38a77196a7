package wording

import "github.com/hubhook/hubhook/reports"

// KnownMark is the mark of a known failure.
const KnownMark = "~"

// Mark returns the mark of a verdict. Marks differ in shape, for those who see no color.
func Mark(status reports.Status) string {
	return map[reports.Status]string{
		reports.Passed: "✓", reports.Failed: "✗", reports.Inconclusive: "?", reports.Skipped: "–", reports.Error: "!",
		reports.NotRun: "·",
	}[status]
}

// CellMark returns the mark of a verdict in a comparison.
func CellMark(c reports.ComparedVerdict) string {
	if c.Status == reports.Failed && c.Known {
		return KnownMark
	}
	return Mark(c.Status)
}
