package reports

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/hubhook/hubhook/reports/safetext"
)

// LoadProgress is how a load run is going.
type LoadProgress struct {
	Elapsed     time.Duration // since it began
	Description string        // what is being tried, such as "step 3: 800/s"; empty where there is one plan alone

	// The last interval.
	Asked, Reached float64 // requests a second; Asked is 0 where the plan has no schedule
	P50, P95, P99  float64 // latency, in milliseconds; all 0 where nothing ended in it

	InFlight int    // sent and not answered
	Waiting  uint64 // due and not sent

	// So far.
	Statuses   []LoadCount
	Faults     []LoadCount
	Unreliable bool // the sender cannot keep up with the plan
}

// LoadLine is one line that tells how a run is going, to be drawn again and again. It
// has no more than o.Width columns (80 where zero): where there is no room, what says
// least is left out. It ends without a new line.
func LoadLine(now LoadProgress, o TerminalOptions) string {
	width := o.Width
	if width == 0 {
		width = usualWidth
	}
	parts := progressParts(now)
	for len(parts) > 1 && ansi.StringWidth(joinedParts(parts)) > width {
		parts = withoutLeast(parts)
	}
	if o.Profile == colorprofile.Unknown {
		o.Profile = colorprofile.NoTTY
	}
	var line bytes.Buffer
	out := colorprofile.Writer{Forward: &line, Profile: o.Profile}
	out.WriteString(ansi.Truncate(joinedParts(parts), max(width, 0), "")) // a buffer takes everything
	return line.String()
}

// LoadLogLine is the same for a log: all of it, without colour.
func LoadLogLine(now LoadProgress) string {
	var texts []string
	for _, p := range progressParts(now) {
		texts = append(texts, p.text)
	}
	return strings.Join(texts, ", ")
}

// linePart is a part of the line. The one with the highest rank is left out first.
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

func progressParts(n LoadProgress) []linePart {
	var parts []linePart
	add := func(rank int, style lipgloss.Style, format string, a ...any) {
		parts = append(parts, linePart{fmt.Sprintf(format, a...), rank, style})
	}
	usual := lipgloss.NewStyle()
	if n.Unreliable {
		add(rankBehind, alarm, "%s behind the plan", Mark(Error))
	}
	add(rankElapsed, bold, "%v", n.Elapsed.Round(time.Second))
	if n.Description != "" {
		add(rankWords, usual, "%s", safetext.Line(n.Description))
	}
	add(rankRate, usual, "%s", progressRate(n))
	if n.P99 > 0 {
		add(rankP50, usual, "p50 %s", inMs(n.P50))
		add(rankP95, usual, "p95 %s", inMs(n.P95))
		add(rankP99, usual, "p99 %s", inMs(n.P99))
	}
	for _, c := range n.Statuses {
		rank, style := rankFailures, alarm
		if strings.HasPrefix(c.Name, "2") {
			rank, style = rankSuccesses, styles[Passed]
		}
		add(rank, style, "%s: %s", shortName(c.Name), number(c.Count))
	}
	for _, c := range n.Faults {
		add(rankFaults, alarm, "%s: %s", shortName(c.Name), number(c.Count))
	}
	if n.Waiting > 0 {
		add(rankWaiting, styles[Inconclusive], "%s waiting", number(n.Waiting))
	}
	add(rankInFlight, faint, "%s in flight", number(uint64(max(n.InFlight, 0))))
	return parts
}

func progressRate(n LoadProgress) string {
	if n.Asked == 0 {
		return perSecond(n.Reached)
	}
	return perSecond(n.Reached) + " of " + perSecond(n.Asked)
}

func joinedParts(parts []linePart) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.style.Render(p.text))
	}
	return strings.Join(texts, "  ")
}

// withoutLeast leaves out what says least; of several such parts, the last.
func withoutLeast(parts []linePart) []linePart {
	least := 0
	for i, p := range parts {
		if p.rank >= parts[least].rank {
			least = i
		}
	}
	return append(parts[:least:least], parts[least+1:]...)
}
