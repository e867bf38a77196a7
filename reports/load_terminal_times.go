package reports

import "charm.land/lipgloss/v2"

// figure is one of the figures that sum up durations.
type figure struct {
	name string
	of   func(LoadTimes) float64
}

// figures are those of LoadTimes that are shown, in order.
func figures() []figure {
	return []figure{
		{"p50", func(t LoadTimes) float64 { return t.P50 }},
		{"p90", func(t LoadTimes) float64 { return t.P90 }},
		{"p95", func(t LoadTimes) float64 { return t.P95 }},
		{"p99", func(t LoadTimes) float64 { return t.P99 }},
		{"p99.9", func(t LoadTimes) float64 { return t.P999 }},
		{"max", func(t LoadTimes) float64 { return t.Max }},
		{"mean", func(t LoadTimes) float64 { return t.Mean }},
	}
}

// kindOfTimes is one of the three ways in which a run measures time.
type kindOfTimes struct {
	name, meaning string
	times         LoadTimes
}

func measuredTimes(l *Load) []kindOfTimes {
	return []kindOfTimes{
		{"latency", "from when a request was due to the end of its answer", l.Latency},
		{"service", "from when it was sent", l.Service},
		{"lateness", "of the sender itself, part of latency", l.Lateness},
	}
}

// leastWidthOfTimes is that of a terminal on which percentiles stand side by side.
const leastWidthOfTimes = 76

// times is the table of percentiles.
func (t *terminal) times(l *Load) {
	table := [][]string{{""}}
	for _, f := range figures() {
		table[0] = append(table[0], f.name)
	}
	for _, kind := range measuredTimes(l) {
		line := []string{kind.name}
		for _, f := range figures() {
			line = append(line, figureText(kind.times, f))
		}
		table = append(table, line)
	}
	if t.width < leastWidthOfTimes {
		table = transposed(table)
	}
	align := []lipgloss.Position{lipgloss.Left}
	rows := make([]row, len(table))
	for range len(table[0]) - 1 {
		align = append(align, lipgloss.Right)
	}
	for i, cells := range table {
		rows[i].cells = cells
	}
	rows[0].style = faint
	t.section("times")
	t.rows(rows, align...)
	for _, kind := range measuredTimes(l) {
		t.hanging("  "+faint.Render(kind.name+":")+" ", kind.meaning)
	}
}

// figureText is a figure, or a dash where nothing was measured.
func figureText(t LoadTimes, f figure) string {
	if t.Count == 0 {
		return nothing
	}
	return inMs(f.of(t))
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
