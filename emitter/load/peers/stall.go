package main

import (
	"context"
	"fmt"
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
	P90 float64 `json:"p90"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	// Seen says that it was seen: for each request, when it was due and when the server
	// answered. Otherwise it follows from the stalls alone.
	Seen bool `json:"seen"`
}

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
		run.Truth, err = truth(run)
		return run, err
	})
	return err
}

// truth is what the latencies of a run were.
func truth(r Run) (*Truth, error) {
	if r.Told.Started.IsZero() {
		of := func(percent float64) float64 { return ms(measure.Stalled(stall.Length, stall.Every, percent)) }
		return &Truth{P90: of(90), P95: of(95), P99: of(99)}, nil
	}
	matched, err := matched(r)
	if err != nil {
		return nil, err
	}
	latencies := measure.Schedule{Start: r.Told.Started, Rate: measuredRate}.Latencies(matched)
	of := func(percent float64) float64 { return ms(measure.Percentile(latencies, percent)) }
	return &Truth{P90: of(90), P95: of(95), P99: of(99), Seen: true}, nil
}

// matched are the requests of a run of hubhook, in the order in which they were due.
func matched(r Run) ([]server.Exchange, error) {
	generator, err := emitter.New(emitter.Options{Seed: seed})
	if err != nil {
		return nil, err
	}
	numbered, err := generator.Numbered(emitter.FeedOptions{})
	if err != nil {
		return nil, err
	}
	id := func(number int) string { return string(numbered.AppendID(nil, uint64(number))) }
	list, err := measure.Matched(int(r.Told.Sent), id, r.seen)
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
		title: fmt.Sprintf("Latency at %s/s, of a server that stalls for %v each second", humanize.Comma(measuredRate), stall.Length),
		head:  []string{"tool", "sent", "p90 ms: told, true", "p95 ms", "p99 ms", "truth", "RSS MB"},
	}
	for i, label := range labels(r.Stall) {
		cells := []string{label, humanize.Comma(int64(median(values(r.Stall, label, func(r Run) float64 { return float64(r.Server.Requests) }, all))))}
		for _, of := range []func(Run) (told, truth float64){
			func(r Run) (float64, float64) { return r.Told.P90, r.Truth.P90 },
			func(r Run) (float64, float64) { return r.Told.P95, r.Truth.P95 },
			func(r Run) (float64, float64) { return r.Told.P99, r.Truth.P99 },
		} {
			cells = append(cells, toldAndTrue(r.Stall, label, of))
		}
		how := "analytic"
		if r.Stall[0][i].Truth.Seen {
			how = "at the server"
		}
		t.row(append(cells, how, fmt.Sprintf("%.0f", median(values(r.Stall, label, func(r Run) float64 { return r.PeakMB }, all))))...)
	}
	t.remarks(r.Stall)
	return t.String()
}

// toldAndTrue writes the medians of what was told and of the truth, and how far the
// first is from the second.
func toldAndTrue(rounds [][]Run, label string, of func(Run) (told, truth float64)) string {
	told := values(rounds, label, func(r Run) float64 { told, _ := of(r); return told }, all)
	truth := values(rounds, label, func(r Run) float64 { _, truth := of(r); return truth }, all)
	off := values(rounds, label, func(r Run) float64 { return 100 * measure.Deviation(of(r)) }, all)
	percent := strings.Replace(fmt.Sprintf("%+.1f %%", median(off)), "-", "−", 1)
	return fmt.Sprintf("%.1f, %.1f (%s)", median(told), median(truth), percent)
}
