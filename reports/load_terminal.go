package reports

import (
	"fmt"
	"io"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/hubhook/hubhook/reports/safetext"
)

// WriteLoadTerminal writes what came of a load run for a person to read.
func WriteLoadTerminal(w io.Writer, l *Load, o TerminalOptions) error {
	return render(w, o, func(t *terminal) { t.load(l) })
}

func (t *terminal) load(l *Load) {
	t.line("%s %s", bold.Render("hubhook load"), plain(l.Target.URL))
	t.line("%s", faint.Render(fmt.Sprintf("%s %s, seed %d", plain(l.Tool.Name), plain(l.Tool.Version), l.Seed)))
	t.warnings(l)
	t.plan(l.Plan)
	t.tallies(l)
	t.outcomes("answers", l.Statuses, l.Counts.Attempts)
	t.outcomes("no complete answer", l.Faults, l.Counts.Attempts)
	t.times(l)
	t.sums(l)
	t.capacity(l.Capacity)
	t.conditions(l.Thresholds)
	t.loadVerdict(l)
}

// alarm is the style of what must not be overlooked.
var alarm = styles[Failed]

// warnings say what is to be known before any figure is read.
func (t *terminal) warnings(l *Load) {
	if l.Unreliable != "" || l.Interrupted {
		t.line("")
	}
	if l.Unreliable != "" {
		t.coloured(alarm, Mark(Error), unreliableReason(l))
	}
	if l.Interrupted {
		t.coloured(styles[Inconclusive], Mark(Error), interruptedWords)
	}
}

// coloured is a text after a sign, in a style, wrapped like any other.
func (t *terminal) coloured(style lipgloss.Style, sign, text string) {
	head := sign + " "
	for line := range strings.Lines(wrapAtBlanks(plain(text), t.width-2)) {
		t.line("%s", style.Render(head+strings.TrimSpace(line)))
		head = "  "
	}
}

func (t *terminal) plan(p LoadPlan) {
	t.section("plan")
	t.hanging("  ", safetext.Line(p.Description))
	t.hanging("  ", planMeans(p))
	if p.Closed {
		t.hanging("  ", closedWords)
	}
}

// tallies list what was counted, numbers under each other.
func (t *terminal) tallies(l *Load) {
	t.section("deliveries")
	list := loadTallies(l)
	var rows []row
	for _, entry := range list {
		rows = append(rows, row{sign: statusSign(entry.sign), cells: []string{entry.name, number(entry.count)}, note: entry.note})
	}
	t.rows(rows, lipgloss.Left, lipgloss.Right)
}

// outcomes list what came up how often, with what was said the first time.
func (t *terminal) outcomes(title string, counts []LoadCount, all uint64) {
	if len(counts) == 0 {
		return
	}
	t.section(title)
	var rows []row
	for _, c := range counts {
		rows = append(rows, row{
			cells: []string{shortName(c.Name), number(c.Count), shareOf(c.Count, all)},
			note:  safetext.Line(c.Example),
		})
	}
	t.rows(rows, lipgloss.Left, lipgloss.Right, lipgloss.Right)
}

// shortName is a name for a column.
func shortName(name string) string { return ansi.Truncate(safetext.Line(name), 20, "…") }

// sums are what stands in one line each.
func (t *terminal) sums(l *Load) {
	t.section("in all")
	t.labelled("took", took(l.DurationMs))
	t.labelled("rate", throughputText(l.Throughput))
	t.labelled("quota", quotaText(l))
	t.labelled("cost", costText(l))
}

// took writes how long a run was.
func took(ms float64) string {
	if !usable(ms) {
		return nothing
	}
	if ms < float64(time.Minute/time.Millisecond) {
		return inMs(ms)
	}
	return clock(ms)
}

// conditions list what must hold, and whether it does.
func (t *terminal) conditions(list []LoadThreshold) {
	if len(list) == 0 {
		return
	}
	t.section("conditions")
	var rows []row
	for _, c := range list {
		note := "measured " + safetext.Line(c.Value)
		if !c.Holds {
			note += ": it does not hold"
		}
		rows = append(rows, row{sign: statusSign(thresholdStatus(c.Holds)), cells: []string{shortName(c.Text)}, note: note})
	}
	t.rows(rows, lipgloss.Left)
}

// thresholdStatus is the verdict on what must hold.
func thresholdStatus(holds bool) Status {
	if holds {
		return Passed
	}
	return Failed
}

// loadVerdict says what comes of it all, and tells again why it is not to be believed.
func (t *terminal) loadVerdict(l *Load) {
	style := styles[l.Verdict]
	if l.Unreliable != "" {
		style = alarm
	}
	t.line("")
	t.coloured(style, Mark(l.Verdict), fmt.Sprintf("verdict: %s: %s", l.Verdict, loadVerdict(l)))
}
