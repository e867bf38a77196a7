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
	// maxTargets is how many requests a second vegeta gets: more than it sends.
	maxTargets = 40000
)

func (b *bench) prepare(ctx context.Context) error {
	count := uint64(max(fixedRate*b.fixed.Seconds(), measuredRate*b.stalled.Seconds(),
		measuredRate*b.paced.Seconds()) * 1.1)
	if slices.Contains(b.only, "cpu") {
		count = max(count, uint64(maxTargets*b.closed.Seconds()))
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
func (r Run) busy() float64 { return r.perSecond(r.Server.CPUSeconds) }

func (r Run) rate() float64 { return r.perSecond(float64(r.Server.Requests)) }

func (r Run) perSecond(n float64) float64 {
	if r.Server.Seconds <= 0 {
		return 0
	}
	return n / r.Server.Seconds
}

// series is the runs of one entry, one for each round.
type series []Run

// byEntry returns the runs of each entry of a table, in order.
func byEntry(rounds [][]Run) []series {
	list := make([]series, len(rounds[0]))
	for _, runs := range rounds {
		for i, r := range runs {
			list[i] = append(list[i], r)
		}
	}
	return list
}

func (s series) values(of func(Run) float64) (list []float64) {
	for _, r := range s {
		list = append(list, of(r))
	}
	return list
}

func (s series) median(of func(Run) float64) float64 { return measure.SpreadOf(s.values(of)).Median }

// sent and memory return cells of several tables.
func (s series) sent() string {
	return humanize.Comma(int64(s.median(func(r Run) float64 { return float64(r.Server.Requests) })))
}

func (s series) memory() string {
	return fmt.Sprintf("%.0f", s.median(func(r Run) float64 { return r.PeakMB }))
}

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
	entries := byEntry(rounds)
	for _, s := range entries {
		costs := s.values(Run.cost)
		cells := []string{s[0].Label, spread(costs, "%.2f")}
		for _, other := range others {
			at := slices.IndexFunc(entries, func(s series) bool { return s[0].Label == other })
			cells = append(cells, spread(measure.Ratios(costs, entries[at].values(Run.cost)), "%.2f"))
		}
		reached := "–"
		if kept := slices.DeleteFunc(slices.Clone(s), func(r Run) bool { return r.busy() > fullCore }); len(kept) > 0 {
			reached = humanize.Comma(int64(kept.median(Run.rate)))
		}
		t.row(append(cells,
			micros(s.median(func(r Run) float64 { return r.Summary.P50 }))+"/"+
				micros(s.median(func(r Run) float64 { return r.Summary.P99 })),
			reached, s.memory(), s.sent(),
			fmt.Sprintf("%.0f", s.median(func(r Run) float64 {
				return float64(r.Server.BodyBytes) / max(float64(r.Server.Requests), 1)
			})),
			fmt.Sprintf("%.0f %%", 100*s.median(Run.busy)))...)
	}
	t.remarks(entries)
	return t.String()
}

func micros(ms float64) string { return humanize.Comma(int64(ms * 1000)) }

// remarks returns what speaks against the figures of a table.
func (t *table) remarks(entries []series) {
	var others []float64
	for _, s := range entries {
		var failed, dropped uint64
		behind := 0
		for _, r := range s {
			failed, dropped = failed+r.Summary.Failed, dropped+r.Summary.Dropped
			behind += min(len(r.Summary.Unreliable), 1)
			others = append(others, 100*r.Others)
		}
		label := s[0].Label
		if failed > 0 {
			t.note("%s says that %s of its requests failed.", label, humanize.Comma(int64(failed)))
		}
		if dropped > 0 {
			t.note("%s says that it never sent %s requests that were due.", label, humanize.Comma(int64(dropped)))
		}
		if behind > 0 {
			t.note("%s says of %d of its %d runs that its own figures are not to be believed.", label, behind, len(s))
		}
	}
	t.note("Others used %s %% of the machine meanwhile.", spread(others, "%.0f"))
}
