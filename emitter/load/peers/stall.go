package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/load/peers/measure"
	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

// measuredRate is that at which latency and pacing are measured, in requests a second.
const measuredRate = 1000

// stall is what the server does.
var stall = server.Stall{Length: 200 * time.Millisecond, Every: time.Second}

// Truth is what the latency was, in milliseconds.
type Truth struct {
	P90 float64 `json:"p90"` // of all that was due, as are the others
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	By  string  `json:"by"` // where it is from
}

// Where a truth is from. The first two are when each request was due, and when the server
// answered it.
const (
	byID    = "by id"    // of the moments that the tool named
	byOrder = "by order" // of the schedule that suits it best, if it sent all that was due
	byStall = "analytic" // what follows only from the stalls
)

// measureStall measures what tools make of a handler that stalls.
func (b *bench) measureStall(ctx context.Context, r *Result) (err error) {
	at := func(connections int) tools.Load {
		return tools.Load{Rate: measuredRate, Duration: b.stalled, Connections: connections}
	}
	list := []entry{
		{"hubhook, 10 connections", tools.Hubhook(), at(10)},
		{"vegeta", tools.Vegeta(), at(0)},
		{"vegeta, 10 workers", tools.Vegeta(), at(10)},
		{"k6, 10 VUs", tools.K6(), at(10)},
		{"k6, 300 VUs", tools.K6(), at(300)},
	}
	r.Stall, err = b.each(ctx, "stall", list, func(e entry) (Run, error) {
		run, err := b.run(ctx, e, server.Options{Stall: stall, Log: "exchanges"})
		if err != nil {
			return run, err
		}
		run.Truth, err = truthOfRun(run, int(measuredRate*b.stalled.Seconds()))
		return run, err
	})
	return err
}

// truthOfRun returns what the latencies of a run were in which a number of requests were due.
func truthOfRun(r Run, due int) (*Truth, error) {
	answered := slices.DeleteFunc(slices.Clone(r.seen), func(e server.Exchange) bool { return e.Answered.IsZero() })
	if r.Summary.Started.IsZero() && len(answered) < due*999/1000 {
		return truthOf(byStall, func(percent float64) time.Duration {
			return measure.Stalled(stall.Length, stall.Every, percent)
		}), nil
	}
	by := byOrder
	schedule, ordered := measure.Fit(answered, measuredRate)
	if !r.Summary.Started.IsZero() {
		var err error
		if ordered, err = matched(r); err != nil {
			return nil, err
		}
		by, schedule.Start = byID, r.Summary.Started
	}
	latencies := schedule.Latencies(ordered)
	return truthOf(by, func(percent float64) time.Duration { return measure.Percentile(latencies, percent) }), nil
}

func truthOf(by string, percentile func(float64) time.Duration) *Truth {
	return &Truth{P90: ms(percentile(90)), P95: ms(percentile(95)), P99: ms(percentile(99)), By: by}
}

// matched returns the requests of a run of hubhook, in the order in which they were due.
func matched(r Run) ([]server.Exchange, error) {
	generator, err := emitter.New(emitter.Options{Seed: payloadSeed})
	if err != nil {
		return nil, err
	}
	numbered, err := generator.Indexed(emitter.FeedOptions{})
	if err != nil {
		return nil, err
	}
	id := func(number int) string { return string(numbered.AppendID(nil, uint64(number))) }
	list, err := measure.Matched(int(r.Summary.Sent), id, r.seen)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.Label, err)
	}
	return list, nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (r *Result) stallTable() string {
	if len(r.Stall) == 0 {
		return ""
	}
	t := table{
		title: fmt.Sprintf("Latency at %s/s, of a server that stalls for %v each second", humanize.Comma(measuredRate),
			stall.Length),
		head: []string{"tool", "sent", "p90 ms: told, true", "p95 ms", "p99 ms", "truth", "RSS MB"},
	}
	entries := byEntry(r.Stall)
	for _, s := range entries {
		t.row(s[0].Label, s.sent(),
			s.reportedAndTrue(func(r Run) (float64, float64) { return r.Summary.P90, r.Truth.P90 }),
			s.reportedAndTrue(func(r Run) (float64, float64) { return r.Summary.P95, r.Truth.P95 }),
			s.reportedAndTrue(func(r Run) (float64, float64) { return r.Summary.P99, r.Truth.P99 }),
			s.sources(), s.memory())
	}
	t.remarks(entries)
	return t.String()
}

// sources returns where the truths of an entry are from.
func (s series) sources() string {
	var list []string
	for _, r := range s {
		list = append(list, r.Truth.By)
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}

// reportedAndTrue writes the medians of what was reported and of the truth, and how far apart.
func (s series) reportedAndTrue(of func(Run) (reported, truth float64)) string {
	reported := s.median(func(r Run) float64 { reported, _ := of(r); return reported })
	truth := s.median(func(r Run) float64 { _, truth := of(r); return truth })
	off := s.median(func(r Run) float64 { return 100 * measure.Deviation(of(r)) })
	percent := strings.Replace(fmt.Sprintf("%+.1f %%", off), "-", "−", 1)
	return fmt.Sprintf("%.1f, %.1f (%s)", reported, truth, percent)
}
