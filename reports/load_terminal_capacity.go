package reports

import (
	"charm.land/lipgloss/v2"
	"github.com/hubhook/hubhook/reports/safetext"
)

// capacity tells what a search found, and how.
func (t *terminal) capacity(c *LoadCapacity) {
	if c == nil {
		return
	}
	t.section("capacity")
	t.hanging("  ", capacityText(c))
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
			sign: statusSign(thresholdStatus(step.Holds)),
			cells: t.stepCells(perSecond(step.Rate), perSecond(step.Reached),
				figureText(step.Latency, figures()[0]), figureText(step.Latency, figures()[3]), inPercent(step.Errors)),
			note: safetext.Line(step.Why),
		})
	}
	align := make([]lipgloss.Position, len(rows[0].cells))
	for i := range align {
		align[i] = lipgloss.Right
	}
	t.rows(rows, align...)
}

// stepCells leaves out what a narrow terminal has no room for.
func (t *terminal) stepCells(asked, reached, p50, p99, errors string) []string {
	if t.width < leastWidthOfTimes {
		return []string{asked, p99}
	}
	return []string{asked, reached, p50, p99, errors}
}
