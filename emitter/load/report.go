package load

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/emitter/load/internal/osclock"
	"github.com/hubhook/hubhook/reports"
)

// How late the sender may be, in all but one in a hundred requests that had a free connection.
// More makes a run unreliable, if it is more than a small part of what was measured.
const (
	maxLateness = 10 * time.Millisecond
	lateFactor  = 10 // a latency of this many times the lateness is the handler's all the same
)

func (e *engine) report(ctx context.Context) *reports.Load {
	r := e.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	cost := osclock.Used().Since(e.before)
	l := &reports.Load{
		Schema: reports.LoadSchema, Seed: e.Seed, Verdict: reports.Passed,
		Started: e.start, DurationMs: millis(r.elapsed), Interrupted: ctx.Err() != nil,
		Plan: reports.LoadPlan{
			Description: e.description(), Closed: e.Closed > 0, Webhooks: e.Webhooks, Connections: e.Connections,
			TimeScale: e.TimeScale, Retries: e.Retries.String(),
		},
		Counts: reports.LoadCounts{
			Triggers: r.triggers, Attempts: r.attempts, Retries: r.retries, Accepted: r.accepted, Failed: r.failed,
			Aborted: r.aborted, Unsent: r.unsent, Resent: r.resent, Connections: r.connections, GivenUp: r.abandoned,
		},
		Statuses: r.statusCounts(), Faults: r.faults.counts(),
		Latency: summarize(r.latency), Service: summarize(r.service), Lateness: summarize(r.lateness),
		Curve:     percentiles(r.latency),
		Intervals: r.bins.intervals(),
		Quota: reports.LoadQuota{
			Limit: e.Limit, Enforced: e.Webhooks > 1 || r.maxUsed <= e.Limit, Used: r.maxUsed,
			WebhooksAtQuota: float64(r.triggers) / float64(e.Limit),
		},
		Cost: reports.LoadCost{CPUSeconds: cost.CPU.Seconds(), PeakMemoryMB: cost.PeakMB},
	}
	l.Count()
	l.Unreliable = r.unreliableReason()
	if l.Unreliable != "" || l.Interrupted {
		l.Verdict = reports.Inconclusive
	}
	return l
}

func (e *engine) description() string {
	if e.Closed > 0 {
		return fmt.Sprintf("as fast as it is answered, for %v", e.Closed)
	}
	return e.Plan.String()
}

// unreliableReason returns why the results are unreliable, or "".
func (r *recorder) unreliableReason() string {
	if files := r.faults[client.KindFiles]; files != nil {
		return fmt.Sprintf("this machine let the sender open no more files, %d times: raise its limit (ulimit -n), or ask for fewer connections", files.Count)
	}
	late := time.Duration(r.lateness.ValueAtQuantile(99)) * time.Microsecond
	latency := time.Duration(r.latency.ValueAtQuantile(99)) * time.Microsecond
	if late > maxLateness && late*lateFactor > latency && !r.closed {
		return fmt.Sprintf("the sender could not keep up with its own plan: one request in a hundred was sent %v late or more though a connection was free; ask for less, or give it more of the machine", late.Round(100*time.Microsecond))
	}
	return ""
}

func (t *tally) statusCounts() []reports.LoadCount {
	list := []reports.LoadCount{}
	for status, count := range t.statuses {
		if count > 0 {
			list = append(list, reports.LoadCount{Name: strconv.Itoa(status), Count: count})
		}
	}
	return list
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// quantile returns a value in milliseconds.
func quantile(h *hdrhistogram.Histogram, percent float64) float64 {
	return float64(h.ValueAtQuantile(percent)) / 1000
}

func summarize(h *hdrhistogram.Histogram) reports.LoadTimes {
	if h == nil || h.TotalCount() == 0 {
		return reports.LoadTimes{}
	}
	return reports.LoadTimes{
		Count: uint64(h.TotalCount()), Mean: h.Mean() / 1000, Min: float64(h.Min()) / 1000, Max: float64(h.Max()) / 1000,
		P50: quantile(h, 50), P90: quantile(h, 90), P95: quantile(h, 95), P99: quantile(h, 99), P999: quantile(h, 99.9),
	}
}

// percentiles returns a curve with ten points for each half of what is left to 100 %.
func percentiles(h *hdrhistogram.Histogram) []reports.LoadPoint {
	points := []reports.LoadPoint{}
	total := float64(h.TotalCount())
	if total == 0 {
		return points
	}
	for i := 0; ; i++ {
		left := math.Pow(2, -float64(i)/10)
		if left*total < 1 {
			return append(points, reports.LoadPoint{Percentile: 100, Ms: float64(h.Max()) / 1000})
		}
		percent := 100 * (1 - left)
		points = append(points, reports.LoadPoint{Percentile: percent, Ms: quantile(h, percent)})
	}
}

// intervals returns the bins as a report has them.
func (b *bins) intervals() []reports.LoadInterval {
	list := make([]reports.LoadInterval, len(b.list))
	var due, sent, done, unsent, triggers, mostUsed uint64
	for i := range b.list {
		at := &b.list[i]
		due, sent, done, unsent, triggers = due+at.due, sent+at.sent, done+at.done, unsent+at.unsent, triggers+at.triggers
		mostUsed = max(mostUsed, at.maxUsed)
		list[i] = reports.LoadInterval{
			AtMs: millis(time.Duration(i) * b.width), WidthMs: millis(b.width),
			Due: at.due, Sent: at.sent, InFlight: int(sent - done), Waiting: max(due, sent+unsent) - sent - unsent,
			Triggers: triggers, MostUsed: mostUsed, Latency: summarize(at.latency), Answers: at.answers,
		}
	}
	return list
}
