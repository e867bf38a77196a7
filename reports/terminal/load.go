package terminal

import (
	"fmt"
	"io"
	"slices"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

// WriteLoad writes a load run for a person to read.
func WriteLoad(w io.Writer, l *reports.Load, o Options) error {
	return render(w, o, func(t *printer) {
		t.head("hubhook load", l.Target, l.Tool, l.Seed)
		t.warnings(l)
		t.plan(l.Plan)
		t.tallies(l)
		t.outcomes("answers", l.Statuses, l.Counts.Attempts)
		t.outcomes("no complete answer", l.Faults, l.Counts.Attempts)
		t.times(l)
		t.totals(l)
		t.capacity(l.Capacity)
		t.thresholds(l.Thresholds)
		t.loadVerdict(l)
	})
}

var alarm = statusStyle(reports.Failed)

// warnings come before any figure that they are about.
func (t *printer) warnings(l *reports.Load) {
	if l.Unreliable != "" || l.Interrupted {
		t.line("")
	}
	if l.Unreliable != "" {
		t.colored(alarm, wording.Mark(reports.Error), wording.Unreliable(l))
	}
	if l.Interrupted {
		t.colored(statusStyle(reports.Inconclusive), wording.Mark(reports.Error), wording.Interrupted)
	}
}

func (t *printer) plan(p reports.LoadPlan) {
	t.section("plan")
	t.hanging("  ", safetext.Line(p.Description))
	t.hanging("  ", wording.PlanMeans(p))
	if p.Closed {
		t.hanging("  ", wording.Closed)
	}
}

func (t *printer) tallies(l *reports.Load) {
	t.section("deliveries")
	var rows []row
	for _, entry := range wording.LoadTallies(l) {
		rows = append(rows, row{sign: statusSign(entry.Sign), cells: []string{entry.Name, wording.Number(entry.Count)},
			note: entry.Note})
	}
	t.rows(rows, lipgloss.Left, lipgloss.Right)
}

func (t *printer) outcomes(title string, counts []reports.LoadCount, all uint64) {
	if len(counts) == 0 {
		return
	}
	t.section(title)
	var rows []row
	for _, c := range counts {
		rows = append(rows, row{
			cells: []string{shortName(c.Name), wording.Number(c.Count), wording.Share(c.Count, all)},
			note:  safetext.Line(c.Example),
		})
	}
	t.rows(rows, lipgloss.Left, lipgloss.Right, lipgloss.Right)
}

func shortName(name string) string { return ansi.Truncate(safetext.Line(name), 20, "…") }

func (t *printer) totals(l *reports.Load) {
	t.section("in all")
	t.labelled("took", wording.LoadDuration(l.DurationMs))
	t.labelled("rate", wording.Throughput(l.Throughput))
	t.labelled("quota", wording.Quota(l))
	t.labelled("cost", wording.Cost(l))
}

func (t *printer) thresholds(list []reports.LoadThreshold) {
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
		rows = append(rows, row{sign: statusSign(wording.ThresholdStatus(c.Holds)), cells: []string{shortName(c.Text)},
			note: note})
	}
	t.rows(rows, lipgloss.Left)
}

func (t *printer) loadVerdict(l *reports.Load) {
	style := statusStyle(l.Verdict)
	if l.Unreliable != "" {
		style = alarm
	}
	t.line("")
	t.colored(style, wording.Mark(l.Verdict), fmt.Sprintf("verdict: %s: %s", l.Verdict, wording.LoadVerdict(l)))
}

func (t *printer) capacity(c *reports.LoadCapacity) {
	if c == nil {
		return
	}
	t.section("capacity")
	t.hanging("  ", wording.Capacity(c))
	t.labelled("while", safetext.Line(c.Thresholds))
	if c.Limit != "" {
		t.labelled("limit", safetext.Line(c.Limit))
	}
	if len(c.Steps) == 0 {
		return
	}
	rows := []row{{cells: t.stepCells("asked", "reached", "p50", "p99", "errors"), style: faint}}
	for _, step := range c.Steps {
		rows = append(rows, row{
			sign: statusSign(wording.ThresholdStatus(step.Holds)),
			cells: t.stepCells(wording.PerSecond(step.Rate), wording.PerSecond(step.Reached),
				wording.FormatFigure(step.Latency, wording.Figures()[0]),
				wording.FormatFigure(step.Latency, wording.Figures()[3]), wording.Percent(step.Errors)),
			note: safetext.Line(step.Why),
		})
	}
	t.rows(rows, slices.Repeat([]lipgloss.Position{lipgloss.Right}, len(rows[0].cells))...)
}

// stepCells drops what a narrow terminal has no room for.
func (t *printer) stepCells(asked, reached, p50, p99, errors string) []string {
	if t.width < minTimesWidth {
		return []string{asked, p99}
	}
	return []string{asked, reached, p50, p99, errors}
}

// minTimesWidth is the width that percentiles side by side need, in columns.
const minTimesWidth = 76

func (t *printer) times(l *reports.Load) {
	table := [][]string{{""}}
	for _, f := range wording.Figures() {
		table[0] = append(table[0], f.Name)
	}
	for _, kind := range wording.MeasuredTimes(l) {
		line := []string{kind.Name}
		for _, f := range wording.Figures() {
			line = append(line, wording.FormatFigure(kind.Times, f))
		}
		table = append(table, line)
	}
	if t.width < minTimesWidth {
		table = transposed(table)
	}
	var rows []row
	for _, cells := range table {
		rows = append(rows, row{cells: cells})
	}
	rows[0].style = faint
	align := slices.Repeat([]lipgloss.Position{lipgloss.Right}, len(table[0]))
	align[0] = lipgloss.Left
	t.section("times")
	t.rows(rows, align...)
	for _, kind := range wording.MeasuredTimes(l) {
		t.hanging("  "+faint.Render(kind.Name+":")+" ", kind.Meaning)
	}
}

func transposed(table [][]string) [][]string {
	turned := make([][]string, len(table[0]))
	for i := range turned {
		for _, line := range table {
			turned[i] = append(turned[i], line[i])
		}
	}
	return turned
}
