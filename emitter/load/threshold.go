package load

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// Threshold is a condition that a run must keep, such as "p99<500ms".
type Threshold struct {
	metric metric
	op     string
	value  float64 // in the metric's unit
	share  bool    // value is a share of all attempts, from 0 to 1
}

var thresholdSyntax = regexp.MustCompile(`^([a-zA-Z0-9.]+)\s*(<=|>=|==|!=|<|>|=)\s*(\S+)$`)

// ParseThreshold reads "p99<500ms", "errors<=0.1%", "5xx=0", "rate>900/s": a measure, one of
// < <= > >= = == !=, and a value. Measures of time are p50, p90, p95, p99, p99.9, max, mean
// and min of the latency, and late, the p99 of the sender's own lateness. errors, unsent,
// givenup and statuses are counts, or with a % shares of all attempts. rate and capacity are
// requests a second.
func ParseThreshold(text string) (Threshold, error) {
	parts := thresholdSyntax.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return Threshold{}, fmt.Errorf("%q is no condition: expected a measure, a comparison and a value, such as p99>500ms or errors>0.1%%", text)
	}
	c := Threshold{op: parts[2]}
	if c.op == "=" {
		c.op = "=="
	}
	var err error
	if c.metric, err = findMetric(strings.ToLower(parts[1])); err != nil {
		return Threshold{}, fmt.Errorf("%q: %w", text, err)
	}
	if err := c.parseValue(parts[3]); err != nil {
		return Threshold{}, fmt.Errorf("%q: %w", text, err)
	}
	return c, nil
}

func (c *Threshold) parseValue(text string) error {
	switch c.metric.unit {
	case milliseconds:
		d, err := time.ParseDuration(text)
		if err != nil || d < 0 {
			return fmt.Errorf("%s is a duration, and %q is none, such as 500ms or 2s", c.metric.name, text)
		}
		c.value = float64(d) / float64(time.Millisecond)
		return nil
	case perSecond:
		rate, err := ParseRate(text)
		c.value = rate
		return err
	}
	number, percent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || !(value >= 0) || percent && value > 100 {
		return fmt.Errorf("%s is a number or a part of all attempts, and %q is neither, such as 10 or 0.1%%",
			c.metric.name, text)
	}
	c.value, c.share = value, percent
	if percent {
		c.value /= 100
	}
	return nil
}

// ParseRate reads "1000/s", "60/m", "3600/h" or "1000" and returns requests a second.
func ParseRate(text string) (float64, error) {
	number, per, _ := strings.Cut(text, "/")
	seconds, known := map[string]float64{"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}[per]
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || !known || !(value >= 0) || value > maxRate*seconds {
		return 0, fmt.Errorf("%q is no rate: expected one such as 1000/s, 60/m or 1000/d", text)
	}
	return value / seconds, nil
}

// ParseThresholds reads thresholds separated by spaces or commas, at least one.
func ParseThresholds(text string) ([]Threshold, error) {
	var list []Threshold
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		c, err := ParseThreshold(part)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no condition in %q: expected one or more, such as 'p99<500ms errors<0.1%%'", text)
	}
	return list, nil
}

// comparison is an operator of thresholds.
type comparison struct {
	opposite string
	holds    func(value, limit float64) bool
}

var comparisons = map[string]comparison{
	"<":  {">=", func(value, limit float64) bool { return value < limit }},
	"<=": {">", func(value, limit float64) bool { return value <= limit }},
	">":  {"<=", func(value, limit float64) bool { return value > limit }},
	">=": {"<", func(value, limit float64) bool { return value >= limit }},
	"==": {"!=", func(value, limit float64) bool { return value == limit }},
	"!=": {"==", func(value, limit float64) bool { return value != limit }},
}

// Negate returns the opposite threshold.
func (c Threshold) Negate() Threshold {
	c.op = comparisons[c.op].opposite
	return c
}

// Measures reports whether the threshold is about a measure.
func (c Threshold) Measures(name string) bool { return c.metric.name == name }

// String returns the threshold as ParseThreshold reads it.
func (c Threshold) String() string { return c.metric.name + c.op + c.format(c.value) }

// format writes a value in the threshold's unit.
func (c Threshold) format(value float64) string {
	switch {
	case c.metric.unit == milliseconds:
		return roundDuration(time.Duration(value * float64(time.Millisecond))).String()
	case c.metric.unit == perSecond:
		return humanize.FtoaWithDigits(value, 2) + "/s"
	case c.share:
		return humanize.FtoaWithDigits(value*100, 4) + "%"
	}
	return humanize.FtoaWithDigits(value, 2)
}

// roundDuration leaves about three digits of a duration.
func roundDuration(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// Evaluate compares a run with the threshold. No threshold holds in a run without a finished
// attempt.
func (c Threshold) Evaluate(l *reports.Load) reports.LoadThreshold {
	result := reports.LoadThreshold{Text: c.String(), Value: "nothing was measured"}
	all := float64(l.Counts.Accepted + l.Counts.Failed + l.Counts.Unsent)
	if all == 0 {
		return result
	}
	if c.metric.unit == milliseconds && c.metric.name != "late" {
		result.LimitMs = c.value
	}
	value := c.metric.value(l)
	if c.share {
		value /= all
	}
	result.Value, result.Holds = c.format(value), comparisons[c.op].holds(value, c.value)
	return result
}

// ApplyThresholds adds thresholds to a report and sets its verdict to Failed unless all hold.
// A run in which no delivery was accepted has failed anyway: it shows only how fast they are
// rejected.
func ApplyThresholds(l *reports.Load, thresholds []Threshold) {
	for _, t := range thresholds {
		result := t.Evaluate(l)
		l.Thresholds = append(l.Thresholds, result)
		if !result.Holds {
			l.Verdict = reports.Failed
		}
	}
	if l.Counts.Accepted == 0 && !l.Interrupted {
		l.Verdict = reports.Failed
	}
}

type unit int

const (
	milliseconds unit = iota
	count
	perSecond
)

type metric struct {
	name  string
	unit  unit
	value func(*reports.Load) float64
}

// metrics returns all measures but statuses, which findMetric adds, in the order of the help.
func metrics() []metric {
	return []metric{
		{"p50", milliseconds, func(l *reports.Load) float64 { return l.Latency.P50 }},
		{"p90", milliseconds, func(l *reports.Load) float64 { return l.Latency.P90 }},
		{"p95", milliseconds, func(l *reports.Load) float64 { return l.Latency.P95 }},
		{"p99", milliseconds, func(l *reports.Load) float64 { return l.Latency.P99 }},
		{"p99.9", milliseconds, func(l *reports.Load) float64 { return l.Latency.P999 }},
		{"max", milliseconds, func(l *reports.Load) float64 { return l.Latency.Max }},
		{"mean", milliseconds, func(l *reports.Load) float64 { return l.Latency.Mean }},
		{"min", milliseconds, func(l *reports.Load) float64 { return l.Latency.Min }},
		{"errors", count, func(l *reports.Load) float64 { return float64(l.Counts.Failed + l.Counts.Unsent) }},
		{"unsent", count, func(l *reports.Load) float64 { return float64(l.Counts.Unsent) }},
		{"givenup", count, func(l *reports.Load) float64 { return float64(l.Counts.GivenUp) }},
		{"rate", perSecond, answeredRate},
		{"capacity", perSecond, foundCapacity},
		{"late", milliseconds, func(l *reports.Load) float64 { return l.Lateness.P99 }},
	}
}

func foundCapacity(l *reports.Load) float64 {
	if l.Capacity == nil {
		return 0
	}
	return l.Capacity.Rate
}

// answeredRate returns responses a second, over the whole run.
func answeredRate(l *reports.Load) float64 {
	if l.DurationMs <= 0 {
		return 0
	}
	return float64(l.Counts.Accepted+l.Counts.Failed) / l.DurationMs * 1000
}

var statusNames = regexp.MustCompile(`^[1-5](xx|\d\d)$`)

func findMetric(name string) (metric, error) {
	if statusNames.MatchString(name) {
		return metric{name, count, func(l *reports.Load) float64 { return float64(statusCount(l, name)) }}, nil
	}
	var names []string
	for _, m := range metrics() {
		if m.name == name {
			return m, nil
		}
		names = append(names, m.name)
	}
	if near, ok := suggest.Closest(name, names); ok {
		return metric{}, fmt.Errorf("unknown measure %q: did you mean %s?", name, near)
	}
	return metric{}, fmt.Errorf("unknown measure %q: they are %s, and statuses such as 429 or 5xx", name,
		strings.Join(names, ", "))
}

// statusCount counts the responses with a status, such as 429, or of a class, such as 5xx.
func statusCount(l *reports.Load, name string) (n uint64) {
	for _, status := range l.Statuses {
		if status.Name == name || strings.HasSuffix(name, "xx") && status.Name[0] == name[0] {
			n += status.Count
		}
	}
	return n
}
