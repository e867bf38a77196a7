package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter/load/peers/measure"
	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

const (
	connections = 64
	fixedRate   = 5000 // requests a second
	// fullCore is the share of its core from which on the server, not the tool, may limit a
	// run.
	fullCore = 0.95
	// mostTargets is how many requests a second vegeta gets: more than it sends.
	mostTargets = 40000
)

func (b *bench) prepare(ctx context.Context) error {
	count := uint64(max(fixedRate*b.fixed.Seconds(), measuredRate*b.stalled.Seconds(),
		measuredRate*b.paced.Seconds()) * 1.1)
	if slices.Contains(b.only, "cpu") {
		count = max(count, uint64(mostTargets*b.closed.Seconds()))
	}
	p, err := b.place()
	if err != nil {
		return err
	}
	return tools.Targets(ctx, p, count)
}

func (b *bench) measureCPU(ctx context.Context, r *Result) (err error) {
	var closed, fixed []entry
	for _, tool := range []tools.Tool{tools.Wrk(), tools.Hubhook(), tools.Vegeta(), tools.K6()} {
		closed = append(closed, entry{tool.Name, tool, tools.Load{Duration: b.closed, Connections: connections}})
		if tool.Open {
			fixed = append(fixed, entry{tool.Name, tool, tools.Load{Rate: fixedRate, Duration: b.fixed,
				Connections: connections}})
		}
	}
	run := func(e entry) (Run, error) { return b.run(ctx, e, server.Options{}) }
	if r.Closed, err = b.each(ctx, "cpu, closed loop", closed, run); err != nil {
		return err
	}
	r.Fixed, err = b.each(ctx, fmt.Sprintf("cpu at %d/s", fixedRate), fixed, run)
	return err
}

// cost returns the CPU time of 100,000 requests, in seconds.
func (r Run) cost() float64 { return r.CPUSeconds / max(float64(r.Server.Requests), 1) * 1e5 }

// busy returns the share of its core that the server used.
func (r Run) busy() float64 {
	if r.Server.Seconds <= 0 {
		return 0
	}
	return r.Server.CPUSeconds / r.Server.Seconds
}

func (r Run) rate() float64 {
	if r.Server.Seconds <= 0 {
		return 0
	}
	return float64(r.Server.Requests) / r.Server.Seconds
}

// labels returns those of a table's entries, in order.
func labels(rounds [][]Run) (list []string) {
	for _, r := range rounds[0] {
		list = append(list, r.Label)
	}
	return list
}

// values returns a value of one entry for each round, without the runs that keep rejects.
func values(rounds [][]Run, label string, of func(Run) float64, keep func(Run) bool) (list []float64) {
	for _, runs := range rounds {
		for _, r := range runs {
			if r.Label == label && keep(r) {
				list = append(list, of(r))
			}
		}
	}
	return list
}

func all(Run) bool { return true }

func (r *Result) cpuTables() string {
	if len(r.Closed) == 0 {
		return ""
	}
	return cpuTable("CPU of a request: as fast as it is answered, 64 connections", r.Closed,
		[]string{"wrk", "vegeta", "k6"}) + "\n" +
		cpuTable(fmt.Sprintf("CPU of a request: at %s/s, 64 connections at most", humanize.Comma(fixedRate)), r.Fixed,
			[]string{"vegeta", "k6"})
}

// cpuTable compares the costs of a request.
func cpuTable(title string, rounds [][]Run, others []string) string {
	t := table{title: title, head: []string{"tool", "CPU s / 100,000"}}
	for _, other := range others {
		t.head = append(t.head, "by "+other+"'s")
	}
	t.head = append(t.head, "p50/p99 µs", "requests/s", "RSS MB", "sent", "body B", "server's core")
	for _, label := range labels(rounds) {
		of := func(f func(Run) float64) []float64 { return values(rounds, label, f, all) }
		costs := of(Run.cost)
		cells := []string{label, spread(costs, "%.2f")}
		for _, other := range others {
			cells = append(cells, spread(measure.Ratios(costs, values(rounds, other, Run.cost, all)), "%.2f"))
		}
		reached := "–"
		if kept := values(rounds, label, Run.rate, func(r Run) bool { return r.busy() <= fullCore }); len(kept) > 0 {
			reached = humanize.Comma(int64(median(kept)))
		}
		t.row(append(cells,
			fmt.Sprintf("%s/%s", micros(median(of(func(r Run) float64 { return r.Summary.P50 }))),
				micros(median(of(func(r Run) float64 { return r.Summary.P99 })))),
			reached,
			fmt.Sprintf("%.0f", median(of(func(r Run) float64 { return r.PeakMB }))),
			humanize.Comma(int64(median(of(func(r Run) float64 { return float64(r.Server.Requests) })))),
			fmt.Sprintf("%.0f", median(of(func(r Run) float64 { return float64(r.Server.BodyBytes) / max(float64(r.Server.Requests), 1) }))),
			fmt.Sprintf("%.0f %%", 100*median(of(Run.busy))))...)
	}
	t.remarks(rounds)
	return t.String()
}

func micros(ms float64) string { return humanize.Comma(int64(ms * 1000)) }

// remarks returns what speaks against the figures of a table.
func (t *table) remarks(rounds [][]Run) {
	for _, label := range labels(rounds) {
		sum := func(f func(Run) float64) (n float64) {
			for _, value := range values(rounds, label, f, all) {
				n += value
			}
			return n
		}
		if failed := sum(func(r Run) float64 { return float64(r.Summary.Failed) }); failed > 0 {
			t.note("%s says that %s of its requests failed.", label, humanize.Comma(int64(failed)))
		}
		if dropped := sum(func(r Run) float64 { return float64(r.Summary.Dropped) }); dropped > 0 {
			t.note("%s says that it never sent %s requests that were due.", label, humanize.Comma(int64(dropped)))
		}
		if behind := sum(func(r Run) float64 { return float64(min(len(r.Summary.Unreliable), 1)) }); behind > 0 {
			t.note("%s says of %.0f of its %d runs that its own figures are not to be believed.", label, behind, len(rounds))
		}
	}
	var others []float64
	for _, runs := range rounds {
		for _, r := range runs {
			others = append(others, 100*r.Others)
		}
	}
	t.note("Others used %s %% of the machine meanwhile.", spread(others, "%.0f"))
}
