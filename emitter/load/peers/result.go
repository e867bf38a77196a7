package main

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// Result is all that was measured: of each table the runs of each round, in turn.
type Result struct {
	Schema  string  `json:"schema"`           // the name of this form
	Machine Machine `json:"machine"`          // where, and with what
	Quick   bool    `json:"quick,omitempty"`  // the figures mean nothing: one short round
	Closed  [][]Run `json:"closed,omitempty"` // CPU of a request, as fast as it is answered
	Fixed   [][]Run `json:"fixed,omitempty"`  // the same at a fixed rate
	Stall   [][]Run `json:"stall,omitempty"`  // what tools report about a server that stalls
	Pacing  [][]Run `json:"pacing,omitempty"` // how well tools send on time
	Memory  []Peak  `json:"memory,omitempty"` // of hubhook only, in one run
}

const resultSchema = "hubhook.peers.v1"

// compare makes all runs that were asked for.
func (b *bench) compare(ctx context.Context) (*Result, error) {
	if err := b.prepare(ctx); err != nil {
		return nil, err
	}
	r := &Result{Schema: resultSchema, Machine: b.machine(), Quick: b.quick}
	for _, part := range []struct {
		name    string
		measure func(context.Context, *Result) error
	}{
		{"cpu", b.measureCPU}, {"stall", b.measureStall}, {"pacing", b.measurePacing}, {"memory", b.measureMemory},
	} {
		if !slices.Contains(b.only, part.name) {
			continue
		}
		if err := part.measure(ctx, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// write writes the tables.
func (r *Result) write(w io.Writer) error {
	text := r.Machine.String() + "\n"
	if r.Quick {
		text += "\nOne short round: these figures show that all works, and nothing else.\n"
	}
	for _, part := range []string{r.cpuTables(), r.stallTable(), r.pacingTable(), r.memoryTable()} {
		if part != "" {
			text += "\n" + part
		}
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write tables: %w", err)
	}
	return nil
}
