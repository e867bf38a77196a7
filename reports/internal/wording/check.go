package wording

import (
	"fmt"
	"strings"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
)

// Unpainted returns text as it is, for CountByStatus without colors.
func Unpainted(_ reports.Status, text string) string { return text }

// OutdatedNote says of a check that it is a known failure which passes now.
const OutdatedNote = "is listed as a known failure and passes now: take it off the list"

// Outdated words that a known failure passes now.
func Outdated(c reports.Check) string { return c.ID + " " + OutdatedNote }

// GroupByReason groups checks of the same reason, in their order.
func GroupByReason(checks []reports.Check) [][]reports.Check {
	return GroupBy(checks, func(c reports.Check) string { return c.Reason })
}

// GroupBy groups checks of the same key, in their order.
func GroupBy(checks []reports.Check, key func(reports.Check) string) (groups [][]reports.Check) {
	at := map[string]int{}
	for _, check := range checks {
		i, known := at[key(check)]
		if !known {
			i = len(groups)
			at[key(check)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], check)
	}
	return groups
}

// IDs returns the IDs of checks.
func IDs(checks []reports.Check) (ids []string) {
	for _, check := range checks {
		ids = append(ids, check.ID)
	}
	return ids
}

// maxLabel is the longest label of an observation, in characters.
const maxLabel = 20

// Label returns the label of an observation, which may come from anywhere.
func Label(o reports.Observation) string { return safetext.Excerpt(o.Label, maxLabel) }

// MaxCurl is the longest command that a terminal shows, in bytes.
const MaxCurl = 8 << 10

// HowToReproduce returns the line above a command.
func HowToReproduce(x reports.Exchange) string {
	if x.Repeated {
		return "reproduce, with the secret in $HUBHOOK_SECRET; run it twice, for it is the second that counts:"
	}
	return "reproduce, with the secret in $HUBHOOK_SECRET:"
}

// ShownCurl returns a command, or where to find it if it is too long.
func ShownCurl(curl string) string {
	if len(curl) <= MaxCurl {
		return curl
	}
	return fmt.Sprintf("# too long to be shown, %d KiB: --save DIR keeps what was sent, for hubhook replay", len(curl)>>10)
}

// VerdictLine words the verdict, and why what failed does not count.
func VerdictLine(r *reports.Report) string {
	verdict := "verdict: " + string(r.Verdict)
	if r.Strict {
		verdict += " (strict)"
	}
	switch {
	case r.Problem != "":
		verdict += ": " + r.Problem
	case r.Verdict == reports.Passed:
		verdict += caveats(r)
	}
	return verdict
}

func caveats(r *reports.Report) (words string) {
	advice := r.Filter(func(c reports.Check) bool { return c.FailedUnexpectedly() && !c.FailsRun(r.Strict) })
	if len(advice) > 0 {
		words = ": no MUST failed; what failed counts with --strict only"
	}
	open := r.Filter(func(c reports.Check) bool { return c.Status == reports.Inconclusive && c.Level == "MUST" })
	if len(open) > 0 {
		words += fmt.Sprintf(", with %d MUST still open", len(open))
	}
	return words
}

// CountByStatus words how many checks have which verdict, without zeros.
func CountByStatus(r *reports.Report, paint func(reports.Status, string) string) string {
	var parts []string
	counts := reports.StatusCounts(r.Checks)
	for _, status := range reports.Statuses() {
		n := counts[status]
		if n == 0 {
			continue
		}
		part := paint(status, fmt.Sprintf("%d %s", n, status))
		if known := len(r.Filter(reports.Check.FailedAsKnown)); known > 0 && status == reports.Failed {
			part += fmt.Sprintf(" (%d known)", known)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// Duration returns how long a run took, rounded.
func Duration(r *reports.Report) time.Duration {
	return (time.Duration(r.DurationMs) * time.Millisecond).Round(100 * time.Millisecond)
}
