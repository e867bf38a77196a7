package reports

// KnownMark stands for a failure that is known.
const KnownMark = "~"

var marks = map[Status]string{Passed: "✓", Failed: "✗", Inconclusive: "?", Skipped: "–", Error: "!", NotRun: "·"}

// Mark returns the sign of a verdict. Signs differ in shape, for those who see no colour.
func Mark(status Status) string { return marks[status] }

func verdictMark(c ComparedVerdict) string {
	if c.Status == Failed && c.Known {
		return KnownMark
	}
	return Mark(c.Status)
}
