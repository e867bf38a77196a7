package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/hubhook/hubhook/reports/safetext"
)

// loadCharts are those that a run has something for, in the order in which they are shown.
func loadCharts(l *Load) []chart {
	t := timelineOf(l)
	var list []chart
	for _, g := range []struct {
		shown bool
		graph func() graph
	}{
		{l.Capacity != nil && len(measuredSteps(l.Capacity)) > 0, func() graph { return capacityGraph(l.Capacity) }},
		{anyInterval(l, func(i LoadInterval) uint64 { return i.Latency.Count }), func() graph { return t.latency(l.Thresholds) }},
		{len(l.Curve) > 0, func() graph { return percentileGraph(l) }},
		{anyInterval(l, LoadInterval.answered), t.answers},
		{anyInterval(l, func(i LoadInterval) uint64 { return i.Answers[0] }), t.faults},
		{anyInterval(l, active), func() graph { return t.rate(l.Plan.Closed) }},
		{anyInterval(l, active), t.waiting},
		{l.Quota.Limit > 0 && anyInterval(l, func(i LoadInterval) uint64 { return i.MostUsed }), func() graph { return t.quota(l.Quota) }},
	} {
		if !g.shown {
			continue
		}
		if graph := g.graph(); len(graph.rows) > 0 {
			list = append(list, graph.chart())
		}
	}
	return list
}

// anyInterval tells whether something came up in any interval.
func anyInterval(l *Load, count func(LoadInterval) uint64) bool {
	return slices.ContainsFunc(l.Intervals, func(i LoadInterval) bool { return count(i) > 0 })
}

// active counts what was due, sent or answered in an interval.
func active(i LoadInterval) uint64 { return i.Due | i.Sent | i.answered() }

// percentileGraph is the chart of latency by percentile. It is drawn far out where the few long
// ones are, as HdrHistogram does.
func percentileGraph(l *Load) graph {
	g := graph{id: "percentiles", title: "Latency by percentile", along: "percentiles", over: "percentile", written: inMs, brief: briefMs}
	g.note = "How long all but the slowest took."
	points, service := curvePoints(l)
	far := 1.0
	for _, p := range points {
		if p.Percentile < 100 {
			far = max(far, tail(p.Percentile))
		}
	}
	x := scale{high: far + 0.3}
	latencies := series{name: "latency", kind: "p99"}
	for _, p := range points {
		g.rows = append(g.rows, percentileWords(p.Percentile))
		g.at = append(g.at, x.at(tail(p.Percentile)))
		latencies.values = append(latencies.values, p.Ms)
	}
	g.x = x.tailTicks()
	g.lines = []series{latencies}
	if service != nil {
		g.lines = append(g.lines, series{name: "service", kind: "service", values: service, dots: true, loose: true})
		g.note += " Service is counted from the send: where it is far below, requests waited for the handler."
	}
	g.y = forLatency(concat(g.lines))
	if g.y.log {
		g.note += " The scale is logarithmic."
	}
	return g
}

// curvePoints are those of the curve and of the figures of service, with the value of
// service at each: NaN where there is none, and nil where it says no more.
func curvePoints(l *Load) (points []LoadPoint, service []float64) {
	known := map[float64]float64{}
	for _, p := range l.Curve {
		if p.Percentile >= 0 && p.Percentile <= 100 {
			points = append(points, p)
		}
	}
	if !l.Plan.Closed && l.Service.Count > 0 && l.Latency.Count > 0 {
		for i, p := range percentilePoints(l.Service) {
			known[p.Percentile] = p.Ms
			points = append(points, percentilePoints(l.Latency)[i])
		}
	}
	slices.SortStableFunc(points, func(a, b LoadPoint) int { return cmp.Compare(a.Percentile, b.Percentile) })
	points = slices.CompactFunc(points, func(a, b LoadPoint) bool { return a.Percentile == b.Percentile })
	if len(known) == 0 {
		return points, nil
	}
	for _, p := range points {
		ms, ok := known[p.Percentile]
		if !ok {
			ms = math.NaN()
		}
		service = append(service, ms)
	}
	return points, service
}

// percentilePoints are the figures that are percentiles.
func percentilePoints(t LoadTimes) []LoadPoint {
	return []LoadPoint{{0, t.Min}, {50, t.P50}, {90, t.P90}, {95, t.P95}, {99, t.P99}, {99.9, t.P999}, {100, t.Max}}
}

// percentileWords writes a percentile: "99.9 %". That of all is the longest.
func percentileWords(p float64) string {
	if p == 100 {
		return "max"
	}
	return strconv.FormatFloat(p, 'g', 9, 64) + " %"
}

// capacityGraph is the chart of the rates that a search tried.
func capacityGraph(c *LoadCapacity) graph {
	g := graph{id: "capacity", title: "Latency by rate", along: "rates", over: "rate", written: inMs, brief: briefMs}
	g.note = fmt.Sprintf("The rates that were tried: a dot where %s, a cross where not.", safetext.Line(c.Thresholds))
	steps := measuredSteps(c)
	slices.SortStableFunc(steps, func(a, b LoadStep) int { return cmp.Compare(a.Rate, b.Rate) })
	var rates []float64
	for _, s := range steps {
		rates = append(rates, s.Rate)
	}
	x := fromZero(rates)
	g.x = x.ticks(func(v float64) string { return briefNumber(v) + "/s" })
	p99, p50 := series{name: "p99", kind: "p99", dots: true}, series{name: "p50", kind: "p50", dots: true}
	for _, s := range steps {
		g.rows, g.at = append(g.rows, perSecond(s.Rate)), append(g.at, x.at(s.Rate))
		p99.values, p50.values = append(p99.values, s.Latency.P99), append(p50.values, s.Latency.P50)
		p99.crossed, p50.crossed = append(p99.crossed, !s.Holds), append(p50.crossed, !s.Holds)
	}
	g.lines = []series{p99, p50}
	g.y = forLatency(concat(g.lines))
	if g.y.log {
		g.note += " The scale is logarithmic."
	}
	return g
}

// measuredSteps are the steps in which anything was measured.
func measuredSteps(c *LoadCapacity) (list []LoadStep) {
	for _, s := range c.Steps {
		if s.Latency.Count > 0 && usable(s.Rate) {
			list = append(list, s)
		}
	}
	return list
}
