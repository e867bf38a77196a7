package wording

import "github.com/hubhook/hubhook/reports"

// KnownMark stands for a failure that is known.
const KnownMark = "~"

var marks = map[reports.Status]string{reports.Passed: "✓", reports.Failed: "✗", reports.Inconclusive: "?", reports.Skipped: "–", reports.Error: "!", reports.NotRun: "·"}

// Mark returns the sign of a verdict. Signs differ in shape, for those who see no colour.
func Mark(status reports.Status) string { return marks[status] }

func CellMark(c reports.ComparedVerdict) string {
	if c.Status == reports.Failed && c.Known {
		return KnownMark
	}
	return Mark(c.Status)
}
