package wording

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
)

// Unreliable words why the results are unreliable; empty if they are not.
func Unreliable(l *reports.Load) string {
	if l.Unreliable == "" {
		return ""
	}
	return "not to be believed: " + safetext.Line(l.Unreliable)
}

// What is said of a run whatever came of it.
const (
	Interrupted = "interrupted: the figures are those up to then"
	Closed      = "no schedule: latency is that of the handler's pace, not of callers'"
)

// LoadVerdict words what the verdict on a load run is based on.
func LoadVerdict(l *reports.Load) string {
	words := thresholdsText(l.BrokenThresholds(), uint64(len(l.Thresholds)))
	if l.Verdict == reports.Failed && l.BrokenThresholds() == 0 && l.Counts.Accepted == 0 {
		words = "no delivery was accepted"
	}
	if l.Capacity != nil && len(l.Thresholds) == 0 {
		words = Capacity(l.Capacity)
	}
	joint := "; "
	if l.Verdict == reports.Inconclusive && l.BrokenThresholds() == 0 {
		joint = ", but "
	}
	switch {
	case l.Capacity != nil && l.Capacity.AtLeast && !l.Interrupted:
		return words + ", but it was hubhook that could not send faster: the handler may take more"
	case l.Unreliable != "":
		return words + joint + "the figures are " + Unreliable(l)
	case l.Interrupted:
		return words + joint + "the run was interrupted"
	}
	return words
}

func thresholdsText(broken, all uint64) string {
	switch {
	case all == 0:
		return "there was no condition"
	case all == 1 && broken == 1:
		return "the condition does not hold"
	case all == 1:
		return "the condition holds"
	case broken == 0 && all == 2:
		return "both conditions hold"
	case broken == 0:
		return fmt.Sprintf("all %s hold", Count(all, "condition"))
	case broken == 1:
		return fmt.Sprintf("1 of %s does not hold", Count(all, "condition"))
	}
	return fmt.Sprintf("%s of %s do not hold", Number(broken), Count(all, "condition"))
}

// PlanMeans words the webhooks, connections and retries of a plan.
func PlanMeans(p reports.LoadPlan) string {
	parts := []string{
		english.Plural(max(p.Webhooks, 0), "webhook", ""),
		"as many as " + english.Plural(max(p.Connections, 0), "connection", ""),
	}
	if p.Retries == "" {
		parts = append(parts, "no retries")
	} else {
		parts = append(parts, "retries after "+strings.ReplaceAll(p.Retries, ",", ", "))
	}
	if p.TimeScale != 1 && p.TimeScale > 0 {
		parts = append(parts, fmt.Sprintf("time %s times as fast", Approximate(p.TimeScale)))
	}
	return strings.Join(parts, ", ")
}

// Throughput words how many attempts a second were planned, sent and answered.
func Throughput(t reports.LoadThroughput) string {
	text := fmt.Sprintf("%s reached, %s answered", PerSecond(t.Reached), PerSecond(t.Answered))
	if t.Asked == 0 {
		return text
	}
	return PerSecond(t.Asked) + " asked, " + text
}

// Quota words how much of its quota the busiest webhook used, and all of them together.
func Quota(l *reports.Load) string {
	q := l.Quota
	if q.Limit == 0 {
		return "none"
	}
	text := fmt.Sprintf("used %s of %s in 24 hours", Number(q.Used), Count(q.Limit, "trigger"))
	if q.Used > q.Limit {
		text = fmt.Sprintf("%s; a webhook has %s in 24 hours", Count(q.Used, "trigger"), Number(q.Limit))
	}
	if l.Plan.Webhooks > 1 {
		text = "the busiest webhook: " + text
	}
	if l.Capacity != nil { // which says how many
		return text
	}
	return text + quotaTogether(l.Quota)
}

// quotaTogether words how many webhooks would use up their quota; empty up to one.
func quotaTogether(q reports.LoadQuota) string {
	if q.WebhooksAtQuota <= 1 {
		return ""
	}
	return fmt.Sprintf("; as many as %s webhooks at full quota", Approximate(q.WebhooksAtQuota))
}

// Capacity words the highest rate that holds.
func Capacity(c *reports.LoadCapacity) string {
	if c.Rate == 0 {
		return "holds at no rate that was tried"
	}
	holds := "holds"
	if c.AtLeast {
		holds = "holds at least"
	}
	return fmt.Sprintf("%s %s: %s, spread evenly", holds, PerSecond(c.Rate), CapacityWebhooks(c))
}

// CapacityWebhooks words how many webhooks make that rate.
func CapacityWebhooks(c *reports.LoadCapacity) string {
	switch c.Webhooks {
	case 0:
		return "less than 1 webhook at full quota"
	case 1:
		return "1 webhook at full quota"
	}
	return Approximate(float64(c.Webhooks)) + " webhooks at full quota"
}

// Cost words what sending took of this machine.
func Cost(l *reports.Load) string {
	var parts []string
	if sent := l.Counts.Attempts - min(l.Counts.Unsent, l.Counts.Attempts); sent > 0 {
		parts = append(parts, fmt.Sprintf("%s CPU s per 100,000 attempts",
			Significant(l.Cost.CPUSeconds/float64(sent)*100_000)))
	}
	if l.Cost.PeakMemoryMB > 0 {
		parts = append(parts, Significant(l.Cost.PeakMemoryMB)+" MB at most")
	}
	if len(parts) == 0 {
		return "not known"
	}
	return strings.Join(parts, ", ")
}

type tally struct {
	Name  string
	Count uint64
	Sign  reports.Status // whose sign stands before it; none if empty
	Note  string
}

// LoadTallies returns what was counted, without zeros that say nothing.
func LoadTallies(l *reports.Load) []tally {
	c := l.Counts
	list := []tally{
		{Name: "triggers", Count: c.Triggers},
		{Name: "attempts", Count: c.Attempts, Note: retriesNote(c)},
		{Name: "accepted", Count: c.Accepted, Sign: reports.Passed, Note: Share(c.Accepted, c.Attempts)},
		{Name: "failed", Count: c.Failed, Sign: reports.Failed, Note: Share(c.Failed, c.Attempts)},
	}
	for _, more := range []tally{
		{Name: "unsent", Count: c.Unsent, Sign: reports.Skipped,
			Note: Share(c.Unsent, c.Attempts) + ": no connection became free in time"},
		{Name: "cut", Count: c.Aborted, Sign: reports.Skipped,
			Note: Share(c.Aborted, c.Attempts) + ": under way at the interrupt"},
		{Name: "given up", Count: c.GivenUp, Sign: reports.Failed, Note: "deliveries, whose last retry failed"},
		{Name: "resent", Count: c.Resent, Sign: reports.Skipped, Note: "requests, whose kept connection was closed"},
	} {
		if more.Count > 0 {
			list = append(list, more)
		}
	}
	return append(list, tally{Name: "connections", Count: c.Connections})
}

func retriesNote(c reports.LoadCounts) string {
	if c.Retries == 0 {
		return ""
	}
	return Count(c.Retries, "retry") + " among them"
}

// Total returns the sum of counts.
func Total(counts []reports.LoadCount) (sum uint64) {
	for _, c := range counts {
		sum += min(c.Count, math.MaxUint64-sum)
	}
	return sum
}

// LoadDuration writes how long a run took.
func LoadDuration(ms float64) string {
	if !Valid(ms) {
		return None
	}
	if ms < float64(time.Minute/time.Millisecond) {
		return Ms(ms)
	}
	return Elapsed(ms)
}

// ThresholdStatus returns the verdict on a threshold.
func ThresholdStatus(holds bool) reports.Status {
	if holds {
		return reports.Passed
	}
	return reports.Failed
}

type figure struct {
	Name string
	of   func(reports.LoadTimes) float64
}

// Figures returns those of LoadTimes that are shown, in order.
func Figures() []figure {
	return []figure{
		{"p50", func(t reports.LoadTimes) float64 { return t.P50 }},
		{"p90", func(t reports.LoadTimes) float64 { return t.P90 }},
		{"p95", func(t reports.LoadTimes) float64 { return t.P95 }},
		{"p99", func(t reports.LoadTimes) float64 { return t.P99 }},
		{"p99.9", func(t reports.LoadTimes) float64 { return t.P999 }},
		{"max", func(t reports.LoadTimes) float64 { return t.Max }},
		{"mean", func(t reports.LoadTimes) float64 { return t.Mean }},
	}
}

// A MeasuredTime is one of the three ways in which a run measures time.
type MeasuredTime struct {
	Name, Meaning string
	Times         reports.LoadTimes
}

// MeasuredTimes returns the latency, service and lateness of a run.
func MeasuredTimes(l *reports.Load) []MeasuredTime {
	return []MeasuredTime{
		{"latency", "from when a request was due to the end of its answer", l.Latency},
		{"service", "from when it was sent", l.Service},
		{"lateness", "of the sender itself, part of latency", l.Lateness},
	}
}

// FormatFigure writes a figure, or None if nothing was measured.
func FormatFigure(t reports.LoadTimes, f figure) string {
	if t.Count == 0 {
		return None
	}
	return Ms(f.of(t))
}
