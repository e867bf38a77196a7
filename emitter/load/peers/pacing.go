package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter/load/peers/measure"
	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

// Pace is how late requests came to the server.
type Pace struct {
	Fitted   Lateness  `json:"fitted"`             // by the schedule that suits the tool best
	Absolute *Lateness `json:"absolute,omitempty"` // by the moments that it named itself; nil if it named none
}

// Lateness sums up how long after their moments requests came, in milliseconds.
type Lateness struct {
	P50 float64 `json:"p50"` // half of them were no later
	P99 float64 `json:"p99"` // 99 of 100 were no later
	Max float64 `json:"max"` // none was later
}

func latenessOf(sorted []time.Duration) Lateness {
	of := func(percent float64) float64 { return ms(measure.Percentile(sorted, percent)) }
	return Lateness{P50: of(50), P99: of(99), Max: of(100)}
}

// measurePacing measures how well tools send on time.
func (b *bench) measurePacing(ctx context.Context, r *Result) (err error) {
	var list []entry
	for _, tool := range []tools.Tool{tools.Hubhook(), tools.Vegeta(), tools.K6()} {
		list = append(list, entry{tool.Name, tool, tools.Load{Rate: measuredRate, Duration: b.paced,
			Connections: connections}})
	}
	r.Pacing, err = b.each(ctx, "pacing", list, func(e entry) (Run, error) {
		run, err := b.run(ctx, e, server.Options{Log: "exchanges"})
		if err != nil {
			return run, err
		}
		run.Pace, err = pace(run)
		return run, err
	})
	return err
}

func pace(r Run) (*Pace, error) {
	schedule, ordered := measure.Fit(r.seen, measuredRate)
	p := &Pace{Fitted: latenessOf(schedule.Lateness(ordered))}
	if r.Summary.Started.IsZero() {
		return p, nil
	}
	matched, err := matched(r)
	if err != nil {
		return nil, err
	}
	absolute := latenessOf(measure.Schedule{Start: r.Summary.Started, Rate: measuredRate}.Lateness(matched))
	p.Absolute = &absolute
	return p, nil
}

func (r *Result) pacingTable() string {
	if len(r.Pacing) == 0 {
		return ""
	}
	t := table{
		title: fmt.Sprintf("Lateness at the server, at %s/s", humanize.Comma(measuredRate)),
		head:  []string{"tool", "sent", "p50 ms", "p99 ms", "max ms"},
	}
	row := func(s series, name string, of func(Run) Lateness) {
		time := func(f func(Lateness) float64) string {
			return spread(s.values(func(r Run) float64 { return f(of(r)) }), "%.2f")
		}
		t.row(name, s.sent(), time(func(l Lateness) float64 { return l.P50 }),
			time(func(l Lateness) float64 { return l.P99 }), time(func(l Lateness) float64 { return l.Max }))
	}
	entries := byEntry(r.Pacing)
	for _, s := range entries {
		row(s, s[0].Label, func(r Run) Lateness { return r.Pace.Fitted })
		if s[0].Pace.Absolute != nil {
			row(s, s[0].Label+", by its own clock", func(r Run) Lateness { return *r.Pace.Absolute })
		}
	}
	t.remarks(entries)
	return t.String()
}
