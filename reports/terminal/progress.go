package terminal

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// ProgressLine returns the state of a load run on one line without its end, to be redrawn.
// What does not fit o.Width columns is left out, the least important part first.
func ProgressLine(now reports.LoadProgress, o Options) string {
	o = o.withDefaults()
	parts := progressParts(now)
	for len(parts) > 1 && ansi.StringWidth(joinedParts(parts)) > o.Width {
		parts = dropLeast(parts)
	}
	var line bytes.Buffer
	out := colorprofile.Writer{Forward: &line, Profile: o.Profile}
	out.WriteString(ansi.Truncate(joinedParts(parts), max(o.Width, 0), "")) // a buffer takes everything
	return line.String()
}

// ProgressLog returns the whole state on one line, without colors, for a log.
func ProgressLog(now reports.LoadProgress) string {
	var texts []string
	for _, p := range progressParts(now) {
		texts = append(texts, p.text)
	}
	return strings.Join(texts, ", ")
}

// A linePart is left out before parts of lower rank.
type linePart struct {
	text  string
	rank  int
	style lipgloss.Style
}

// The ranks of parts, the most telling first.
const (
	rankBehind = iota
	rankElapsed
	rankRate
	rankP99
	rankWaiting
	rankFaults
	rankFailures
	rankWords
	rankSuccesses
	rankP50
	rankInFlight
	rankP95
)

func progressParts(n reports.LoadProgress) []linePart {
	var parts []linePart
	add := func(rank int, style lipgloss.Style, format string, a ...any) {
		parts = append(parts, linePart{fmt.Sprintf(format, a...), rank, style})
	}
	usual := lipgloss.NewStyle()
	if n.Unreliable {
		add(rankBehind, alarm, "%s behind the plan", wording.Mark(reports.Error))
	}
	add(rankElapsed, bold, "%v", n.Elapsed.Round(time.Second))
	if n.Description != "" {
		add(rankWords, usual, "%s", safetext.Line(n.Description))
	}
	add(rankRate, usual, "%s", progressRate(n))
	if n.P99 > 0 {
		add(rankP50, usual, "p50 %s", wording.Ms(n.P50))
		add(rankP95, usual, "p95 %s", wording.Ms(n.P95))
		add(rankP99, usual, "p99 %s", wording.Ms(n.P99))
	}
	for _, c := range n.Statuses {
		rank, style := rankFailures, alarm
		if strings.HasPrefix(c.Name, "2") {
			rank, style = rankSuccesses, statusStyle(reports.Passed)
		}
		add(rank, style, "%s: %s", shortName(c.Name), wording.Number(c.Count))
	}
	for _, c := range n.Faults {
		add(rankFaults, alarm, "%s: %s", shortName(c.Name), wording.Number(c.Count))
	}
	if n.Waiting > 0 {
		add(rankWaiting, statusStyle(reports.Inconclusive), "%s waiting", wording.Number(n.Waiting))
	}
	add(rankInFlight, faint, "%s in flight", wording.Number(uint64(max(n.InFlight, 0))))
	return parts
}

func progressRate(n reports.LoadProgress) string {
	if n.Asked == 0 {
		return wording.PerSecond(n.Reached)
	}
	return wording.PerSecond(n.Reached) + " of " + wording.PerSecond(n.Asked)
}

func joinedParts(parts []linePart) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.style.Render(p.text))
	}
	return strings.Join(texts, "  ")
}

// dropLeast removes the part of the highest rank; of several, the last.
func dropLeast(parts []linePart) []linePart {
	least := 0
	for i, p := range parts {
		if p.rank >= parts[least].rank {
			least = i
		}
	}
	return append(parts[:least:least], parts[least+1:]...)
}
