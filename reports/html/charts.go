package html

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
	"github.com/hubhook/hubhook/reports/safetext"
)

func loadCharts(l *reports.Load) []chart {
	t := timelineOf(l)
	var list []chart
	for _, g := range []struct {
		shown bool
		graph func() graph
	}{
		{l.Capacity != nil && len(measuredSteps(l.Capacity)) > 0, func() graph { return capacityGraph(l.Capacity) }},
		{anyInterval(l, func(i reports.LoadInterval) uint64 { return i.Latency.Count }),
			func() graph { return t.latency(l.Thresholds) }},
		{len(l.Curve) > 0, func() graph { return percentileGraph(l) }},
		{anyInterval(l, reports.LoadInterval.Answered), t.answers},
		{anyInterval(l, func(i reports.LoadInterval) uint64 { return i.Answers[0] }), t.faults},
		{anyInterval(l, active), func() graph { return t.rate(l.Plan.Closed) }},
		{anyInterval(l, active), t.waiting},
		{l.Quota.Limit > 0 && anyInterval(l, func(i reports.LoadInterval) uint64 { return i.MostUsed }),
			func() graph { return t.quota(l.Quota) }},
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

func anyInterval(l *reports.Load, count func(reports.LoadInterval) uint64) bool {
	return slices.ContainsFunc(l.Intervals, func(i reports.LoadInterval) bool { return count(i) > 0 })
}

func active(i reports.LoadInterval) uint64 { return i.Due | i.Sent | i.Answered() }

// percentileGraph stretches the axis towards the few long latencies, as HdrHistogram does.
func percentileGraph(l *reports.Load) graph {
	g := graph{id: "percentiles", title: "Latency by percentile", along: "percentiles", over: "percentile",
		written: wording.Ms, brief: briefMs}
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
	return g.overLatency(concat(g.lines))
}

// curvePoints merges the curve with the percentiles of service: NaN if service has no
// value, nil if it adds nothing.
func curvePoints(l *reports.Load) (points []reports.LoadPoint, service []float64) {
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
	slices.SortStableFunc(points, func(a, b reports.LoadPoint) int { return cmp.Compare(a.Percentile, b.Percentile) })
	points = slices.CompactFunc(points, func(a, b reports.LoadPoint) bool { return a.Percentile == b.Percentile })
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

func percentilePoints(t reports.LoadTimes) []reports.LoadPoint {
	return []reports.LoadPoint{
		{Percentile: 0, Ms: t.Min}, {Percentile: 50, Ms: t.P50}, {Percentile: 90, Ms: t.P90}, {Percentile: 95, Ms: t.P95},
		{Percentile: 99, Ms: t.P99}, {Percentile: 99.9, Ms: t.P999}, {Percentile: 100, Ms: t.Max},
	}
}

func percentileWords(p float64) string {
	if p == 100 {
		return "max"
	}
	return strconv.FormatFloat(p, 'g', 9, 64) + " %"
}

func capacityGraph(c *reports.LoadCapacity) graph {
	g := graph{id: "capacity", title: "Latency by rate", along: "rates", over: "rate", written: wording.Ms, brief: briefMs}
	g.note = fmt.Sprintf("The rates that were tried: a dot where %s, a cross where not.", safetext.Line(c.Thresholds))
	steps := measuredSteps(c)
	slices.SortStableFunc(steps, func(a, b reports.LoadStep) int { return cmp.Compare(a.Rate, b.Rate) })
	var rates []float64
	for _, s := range steps {
		rates = append(rates, s.Rate)
	}
	x := fromZero(rates)
	g.x = x.ticks(func(v float64) string { return briefNumber(v) + "/s" })
	p99, p50 := series{name: "p99", kind: "p99", dots: true}, series{name: "p50", kind: "p50", dots: true}
	for _, s := range steps {
		g.rows, g.at = append(g.rows, wording.PerSecond(s.Rate)), append(g.at, x.at(s.Rate))
		p99.values, p50.values = append(p99.values, s.Latency.P99), append(p50.values, s.Latency.P50)
		p99.crossed, p50.crossed = append(p99.crossed, !s.Holds), append(p50.crossed, !s.Holds)
	}
	g.lines = []series{p99, p50}
	return g.overLatency(concat(g.lines))
}

func measuredSteps(c *reports.LoadCapacity) (list []reports.LoadStep) {
	for _, s := range c.Steps {
		if s.Latency.Count > 0 && wording.Valid(s.Rate) {
			list = append(list, s)
		}
	}
	return list
}

// A timeline is what the charts over time have in common.
type timeline struct {
	intervals []reports.LoadInterval
	each      string // how long an interval is, in words
	x         scale
}

func timelineOf(l *reports.Load) timeline {
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
		t.each = wording.Elapsed(intervals[0].WidthMs)
	}
	if together > 1 {
		t.each += fmt.Sprintf(" (%d intervals, of whose latencies the longest is shown)", together)
	}
	return t
}

func (t timeline) over(g graph) graph {
	g.along, g.over, g.x = "time", "from", t.x.timeTicks()
	for _, i := range t.intervals {
		left, right := t.x.at(i.AtMs), t.x.at(i.AtMs+i.WidthMs)
		g.rows = append(g.rows, wording.Elapsed(i.AtMs))
		g.at = append(g.at, (left+right)/2)
		g.edges = append(g.edges, [2]float64{left, right})
	}
	return g
}

// atEnds prepares a chart of the state at the end of each interval, from nothing at the
// start.
func (t timeline) atEnds(g graph) graph {
	g.along, g.over, g.x, g.rows, g.at = "time", "at", t.x.timeTicks(), []string{wording.Elapsed(0)}, []float64{0}
	for _, i := range t.intervals {
		end := i.AtMs + i.WidthMs
		g.rows, g.at = append(g.rows, wording.Elapsed(end)), append(g.at, t.x.at(end))
	}
	return g
}

func (t timeline) endValues(of func(reports.LoadInterval) float64) []float64 {
	return append([]float64{0}, t.values(of)...)
}

func (t timeline) values(of func(reports.LoadInterval) float64) (list []float64) {
	for _, i := range t.intervals {
		list = append(list, of(i))
	}
	return list
}

func (t timeline) rates(count func(reports.LoadInterval) uint64) []float64 {
	return t.values(func(i reports.LoadInterval) float64 {
		if !(i.WidthMs > 0) {
			return math.NaN()
		}
		return float64(count(i)) / i.WidthMs * 1000
	})
}

// latency draws latencies over time, with the thresholds that are near.
func (t timeline) latency(conditions []reports.LoadThreshold) graph {
	g := t.over(graph{id: "latency", title: "Latency over time", written: wording.Ms, brief: briefMs})
	g.note = "Of the attempts that ended in each " + t.each + "."
	var all []float64
	for _, s := range []struct {
		name string
		of   func(reports.LoadTimes) float64
	}{
		{"max", func(t reports.LoadTimes) float64 { return t.Max }},
		{"p99", func(t reports.LoadTimes) float64 { return t.P99 }},
		{"p95", func(t reports.LoadTimes) float64 { return t.P95 }},
		{"p50", func(t reports.LoadTimes) float64 { return t.P50 }},
	} {
		values := t.values(func(i reports.LoadInterval) float64 {
			if i.Latency.Count == 0 {
				return math.NaN()
			}
			return s.of(i.Latency)
		})
		g.lines = append(g.lines, series{name: s.name, kind: s.name, values: values})
		all = append(all, values...)
	}
	g.levels = levelsOf(conditions, greatest(all))
	for _, l := range g.levels {
		all = append(all, l.value)
	}
	return g.overLatency(all)
}

func (t timeline) answers() graph {
	g := t.over(graph{id: "answers", title: "Answers over time", written: wording.PerSecond, brief: briefNumber})
	g.note = "Complete answers a second, by the class of their status."
	for _, class := range []int{2, 3, 1, 4, 5} {
		values := t.rates(func(i reports.LoadInterval) uint64 { return i.Answers[class] })
		if greatest(values) > 0 {
			g.stack = append(g.stack, series{name: fmt.Sprintf("%dxx", class), kind: fmt.Sprintf("s%d", class), values: values})
		}
	}
	g.y = fromZero(sums(g.stack))
	return g
}

func sums(stack []series) (list []float64) {
	for _, s := range stack {
		if list == nil {
			list = make([]float64, len(s.values))
		}
		for i, v := range s.values {
			if wording.Valid(v) {
				list[i] += v
			}
		}
	}
	return list
}

func (t timeline) faults() graph {
	g := t.over(graph{id: "faults", title: "No complete answer over time", written: wording.PerSecond, brief: briefNumber})
	g.note = "Attempts a second that were refused, cut off or not answered in time, on a scale of their own."
	g.stack = []series{{name: "faults", kind: "s0",
		values: t.rates(func(i reports.LoadInterval) uint64 { return i.Answers[0] })}}
	g.y = fromZero(g.stack[0].values)
	return g
}

func (t timeline) rate(closed bool) graph {
	g := t.over(graph{id: "rate", title: "Rate over time", written: wording.PerSecond, brief: briefNumber})
	g.note = "Attempts a second. Where the lines part, the plan, the sender or the handler did not keep up with the one before."
	line := func(name string, count func(reports.LoadInterval) uint64) series {
		return series{name: name, kind: name, stepped: true, values: t.rates(count)}
	}
	g.lines = []series{
		line("asked", func(i reports.LoadInterval) uint64 { return i.Due }),
		line("sent", func(i reports.LoadInterval) uint64 { return i.Sent }),
		line("answered", reports.LoadInterval.Answered),
	}
	if closed {
		g.lines = g.lines[1:]
	}
	g.y = fromZero(concat(g.lines))
	return g
}

func (t timeline) waiting() graph {
	g := t.atEnds(graph{id: "waiting", title: "Waiting and in flight over time", written: wholeNumber, brief: briefNumber})
	g.note = "In flight: sent and not answered. Waiting: due, but all connections were taken."
	g.lines = []series{
		{name: "waiting", kind: "waiting",
			values: t.endValues(func(i reports.LoadInterval) float64 { return float64(i.Waiting) })},
		{name: "in flight", kind: "flight",
			values: t.endValues(func(i reports.LoadInterval) float64 { return float64(i.InFlight) })},
	}
	g.y = wholeFromZero(concat(g.lines))
	return g
}

func (t timeline) quota(q reports.LoadQuota) graph {
	g := t.atEnds(graph{id: "quota", title: "Quota over time", written: wholeNumber, brief: briefNumber})
	g.note = "Triggers of the busiest webhook, against those that it has in 24 hours."
	used := t.endValues(func(i reports.LoadInterval) float64 { return float64(i.MostUsed) })
	g.lines = []series{{name: "used", kind: "used", values: used}}
	g.levels = []level{{float64(q.Limit), "quota: " + wording.Number(q.Limit)}}
	g.y = wholeFromZero(append(used, float64(q.Limit)))
	return g
}

// overLatency sets the scale of a chart of latencies, and says so if it is logarithmic.
func (g graph) overLatency(values []float64) graph {
	if g.y = forLatency(values); g.y.log {
		g.note += " The scale is logarithmic."
	}
	return g
}

func concat(list []series) (values []float64) {
	for _, s := range list {
		values = append(values, s.values...)
	}
	return values
}

func wholeNumber(v float64) string {
	if !wording.Valid(v) {
		return wording.None
	}
	return wording.Number(uint64(min(v, maxDrawn)))
}

// maxIntervals is how many intervals a page shows one by one.
const maxIntervals = 600

// thinned merges neighboring intervals until at most maxIntervals are left, and returns
// how many are in each. Latencies are the longest, since an average of percentiles is
// none.
func thinned(intervals []reports.LoadInterval) ([]reports.LoadInterval, int) {
	each := max((len(intervals)+maxIntervals-1)/maxIntervals, 1)
	var list []reports.LoadInterval
	for group := range slices.Chunk(intervals, each) {
		sum := group[0]
		for _, next := range group[1:] {
			sum = mergedInterval(sum, next)
		}
		list = append(list, sum)
	}
	return list, each
}

func mergedInterval(i reports.LoadInterval, next reports.LoadInterval) reports.LoadInterval {
	sum := next // what is of its end
	sum.AtMs, sum.WidthMs = i.AtMs, i.WidthMs+next.WidthMs
	sum.Due += i.Due
	sum.Sent += i.Sent
	sum.Latency = longestTimes(i.Latency, next.Latency)
	for class, n := range i.Answers {
		sum.Answers[class] += n
	}
	return sum
}

func longestTimes(t reports.LoadTimes, other reports.LoadTimes) reports.LoadTimes {
	switch {
	case t.Count == 0:
		return other
	case other.Count == 0:
		return t
	}
	return reports.LoadTimes{
		Count: t.Count + other.Count,
		Mean:  max(t.Mean, other.Mean), Min: min(t.Min, other.Min),
		P50: max(t.P50, other.P50), P90: max(t.P90, other.P90), P95: max(t.P95, other.P95),
		P99: max(t.P99, other.P99), P999: max(t.P999, other.P999), Max: max(t.Max, other.Max),
	}
}
