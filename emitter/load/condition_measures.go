package load

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
)

// unit is what a metric is measured in.
type unit int

const (
	inMs unit = iota
	inCount
	inPerSecond
)

// metric is something that is measured.
type metric struct {
	unit unit
	of   func(*reports.Load) float64
}

// metrics are those that conditions can be about. Statuses are others: see metricNamed.
func metrics() map[string]metric {
	latency := func(of func(reports.LoadTimes) float64) metric {
		return metric{inMs, func(l *reports.Load) float64 { return of(l.Latency) }}
	}
	count := func(of func(reports.LoadCounts) uint64) metric {
		return metric{inCount, func(l *reports.Load) float64 { return float64(of(l.Counts)) }}
	}
	return map[string]metric{
		"min":   latency(func(t reports.LoadTimes) float64 { return t.Min }),
		"mean":  latency(func(t reports.LoadTimes) float64 { return t.Mean }),
		"p50":   latency(func(t reports.LoadTimes) float64 { return t.P50 }),
		"p90":   latency(func(t reports.LoadTimes) float64 { return t.P90 }),
		"p95":   latency(func(t reports.LoadTimes) float64 { return t.P95 }),
		"p99":   latency(func(t reports.LoadTimes) float64 { return t.P99 }),
		"p99.9": latency(func(t reports.LoadTimes) float64 { return t.P999 }),
		"max":   latency(func(t reports.LoadTimes) float64 { return t.Max }),
		// How late the sender itself was.
		"late":    {inMs, func(l *reports.Load) float64 { return l.Lateness.P99 }},
		"errors":  count(func(c reports.LoadCounts) uint64 { return c.Failed + c.Unsent }),
		"unsent":  count(func(c reports.LoadCounts) uint64 { return c.Unsent }),
		"givenup": count(func(c reports.LoadCounts) uint64 { return c.GivenUp }),
		"rate":    {inPerSecond, reached},
		"capacity": {inPerSecond, func(l *reports.Load) float64 {
			if l.Capacity == nil {
				return 0
			}
			return l.Capacity.Rate
		}},
	}
}

// reached is how many requests a second were answered, over the whole run.
func reached(l *reports.Load) float64 {
	if l.DurationMs <= 0 {
		return 0
	}
	return float64(l.Counts.Accepted+l.Counts.Failed) / l.DurationMs * 1000
}

// metricNames are the names, in the order in which help tells them.
func metricNames() []string {
	return []string{"p50", "p90", "p95", "p99", "p99.9", "max", "mean", "min", "errors", "unsent", "givenup", "rate", "capacity", "late"}
}

var statusNames = regexp.MustCompile(`^[1-5](xx|\d\d)$`)

func metricNamed(name string) (metric, error) {
	if m, ok := metrics()[name]; ok {
		return m, nil
	}
	if statusNames.MatchString(name) {
		return metric{inCount, func(l *reports.Load) float64 { return float64(countOf(l, name)) }}, nil
	}
	if near, ok := schemas.Closest(name, metricNames()); ok {
		return metric{}, fmt.Errorf("unknown measure %q: did you mean %s?", name, near)
	}
	return metric{}, fmt.Errorf("unknown measure %q: they are %s, and statuses such as 429 or 5xx", name, strings.Join(metricNames(), ", "))
}

// countOf is how many answers had a status, or one of a class.
func countOf(l *reports.Load, name string) (n uint64) {
	for _, status := range l.Statuses {
		if status.Name == name || strings.HasSuffix(name, "xx") && status.Name[0] == name[0] {
			n += status.Count
		}
	}
	return n
}
