package reports

import (
	"fmt"
	"math"
)

// timeline is what the charts over time have in common.
type timeline struct {
	intervals []LoadInterval
	each      string // how long an interval is, in words
	x         scale
}

func timelineOf(l *Load) timeline {
	intervals, together := thinned(l.Intervals)
	t := timeline{intervals: intervals, x: scale{high: 1}}
	ends := make([]float64, 0, len(intervals))
	for _, i := range intervals {
		ends = append(ends, i.AtMs+i.WidthMs)
	}
	if high := greatest(ends); high > 0 {
		t.x.high = high
	}
	if len(intervals) > 0 {
		t.each = clock(intervals[0].WidthMs)
	}
	if together > 1 {
		t.each += fmt.Sprintf(" (%d intervals, of whose latencies the longest is shown)", together)
	}
	return t
}

// over is a chart of what came up in each interval.
func (t timeline) over(g graph) graph {
	g.along, g.over, g.x = "time", "from", t.x.timeTicks()
	for _, i := range t.intervals {
		left, right := t.x.at(i.AtMs), t.x.at(i.AtMs+i.WidthMs)
		g.rows = append(g.rows, clock(i.AtMs))
		g.at = append(g.at, (left+right)/2)
		g.edges = append(g.edges, [2]float64{left, right})
	}
	return g
}

// atEnds is a chart of what was so at the end of each interval, and of nothing at the
// start.
func (t timeline) atEnds(g graph) graph {
	g.along, g.over, g.x, g.rows, g.at = "time", "at", t.x.timeTicks(), []string{clock(0)}, []float64{0}
	for _, i := range t.intervals {
		end := i.AtMs + i.WidthMs
		g.rows, g.at = append(g.rows, clock(end)), append(g.at, t.x.at(end))
	}
	return g
}

// endValues are those of atEnds.
func (t timeline) endValues(of func(LoadInterval) float64) []float64 {
	return append([]float64{0}, t.values(of)...)
}

// values are those of all intervals.
func (t timeline) values(of func(LoadInterval) float64) (list []float64) {
	for _, i := range t.intervals {
		list = append(list, of(i))
	}
	return list
}

// rates are how often a second something came up in each interval.
func (t timeline) rates(count func(LoadInterval) uint64) []float64 {
	return t.values(func(i LoadInterval) float64 {
		if !(i.WidthMs > 0) {
			return math.NaN()
		}
		return float64(count(i)) / i.WidthMs * 1000
	})
}

// latency is the chart of latencies over time, with the bounds of conditions where
// they are near.
func (t timeline) latency(conditions []LoadThreshold) graph {
	g := t.over(graph{id: "latency", title: "Latency over time", written: inMs, brief: briefMs})
	g.note = "Of the attempts that ended in each " + t.each + "."
	var all []float64
	for _, s := range []struct {
		name, kind string
		of         func(LoadTimes) float64
	}{
		{"max", "max", func(t LoadTimes) float64 { return t.Max }},
		{"p99", "p99", func(t LoadTimes) float64 { return t.P99 }},
		{"p95", "p95", func(t LoadTimes) float64 { return t.P95 }},
		{"p50", "p50", func(t LoadTimes) float64 { return t.P50 }},
	} {
		values := t.values(func(i LoadInterval) float64 {
			if i.Latency.Count == 0 {
				return math.NaN()
			}
			return s.of(i.Latency)
		})
		g.lines = append(g.lines, series{name: s.name, kind: s.kind, values: values})
		all = append(all, values...)
	}
	g.levels = levelsOf(conditions, greatest(all))
	for _, l := range g.levels {
		all = append(all, l.value)
	}
	g.y = forLatency(all)
	if g.y.log {
		g.note += " The scale is logarithmic."
	}
	return g
}

// answers is the chart of complete answers by class, one upon the other.
func (t timeline) answers() graph {
	g := t.over(graph{id: "answers", title: "Answers over time", written: perSecond, brief: briefNumber})
	g.note = "Complete answers a second, by the class of their status."
	for _, class := range []int{2, 3, 1, 4, 5} {
		values := t.rates(func(i LoadInterval) uint64 { return i.Answers[class] })
		if greatest(values) > 0 {
			g.stack = append(g.stack, series{name: fmt.Sprintf("%dxx", class), kind: fmt.Sprintf("s%d", class), values: values})
		}
	}
	g.y = fromZero(sums(g.stack))
	return g
}

// sums are how high series reach together.
func sums(stack []series) (list []float64) {
	for _, s := range stack {
		if list == nil {
			list = make([]float64, len(s.values))
		}
		for i, v := range s.values {
			if usable(v) {
				list[i] += v
			}
		}
	}
	return list
}

// faults is the chart of attempts without a complete answer.
func (t timeline) faults() graph {
	g := t.over(graph{id: "faults", title: "No complete answer over time", written: perSecond, brief: briefNumber})
	g.note = "Attempts a second that were refused, cut off or not answered in time, on a scale of their own."
	g.stack = []series{{name: "faults", kind: "s0", values: t.rates(func(i LoadInterval) uint64 { return i.Answers[0] })}}
	g.y = fromZero(g.stack[0].values)
	return g
}

// rate is the chart of what was to be sent, and was.
func (t timeline) rate(closed bool) graph {
	g := t.over(graph{id: "rate", title: "Rate over time", written: perSecond, brief: briefNumber})
	g.note = "Attempts a second. Where the lines part, the plan, the sender or the handler did not keep up with the one before."
	asked := series{name: "asked", kind: "asked", stepped: true, values: t.rates(func(i LoadInterval) uint64 { return i.Due })}
	sent := series{name: "sent", kind: "sent", stepped: true, values: t.rates(func(i LoadInterval) uint64 { return i.Sent })}
	answered := series{name: "answered", kind: "answered", stepped: true, values: t.rates(LoadInterval.answered)}
	g.lines = []series{asked, sent, answered}
	if closed {
		g.lines = g.lines[1:]
	}
	g.y = fromZero(concat(g.lines))
	return g
}

// waiting is the chart of what had not come to an end.
func (t timeline) waiting() graph {
	g := t.atEnds(graph{id: "waiting", title: "Waiting and in flight over time", written: wholeNumber, brief: briefNumber})
	g.note = "In flight: sent and not answered. Waiting: due, but all connections were taken."
	g.lines = []series{
		{name: "waiting", kind: "waiting", values: t.endValues(func(i LoadInterval) float64 { return float64(i.Waiting) })},
		{name: "in flight", kind: "flight", values: t.endValues(func(i LoadInterval) float64 { return float64(i.InFlight) })},
	}
	g.y = wholeFromZero(concat(g.lines))
	return g
}

// quota is the chart of how much of its quota the busiest webhook had used.
func (t timeline) quota(q LoadQuota) graph {
	g := t.atEnds(graph{id: "quota", title: "Quota over time", written: wholeNumber, brief: briefNumber})
	g.note = "Triggers of the busiest webhook, against those that it has in 24 hours."
	used := t.endValues(func(i LoadInterval) float64 { return float64(i.MostUsed) })
	g.lines = []series{{name: "used", kind: "used", values: used}}
	g.levels = []level{{float64(q.Limit), "quota: " + number(q.Limit)}}
	g.y = wholeFromZero(append(used, float64(q.Limit)))
	return g
}

func concat(list []series) (values []float64) {
	for _, s := range list {
		values = append(values, s.values...)
	}
	return values
}

func wholeNumber(v float64) string {
	if !usable(v) {
		return nothing
	}
	return number(uint64(min(v, mostDrawn)))
}
