package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

// Peak is the most memory that hubhook had had when it had sent so much.
type Peak struct {
	Requests uint64  `json:"requests"` // by the server's count
	Seconds  float64 `json:"seconds"`  // since the start of the run
	PeakMB   float64 `json:"peakMB"`   // resident
}

// maxMemoryTime is how long the run lasts at most.
const maxMemoryTime = 20 * time.Minute

// measureMemory measures in one run, up to the last count, whether memory grows.
func (b *bench) measureMemory(ctx context.Context, r *Result) error {
	ctx, cancel := context.WithTimeout(ctx, maxMemoryTime+time.Minute)
	defer cancel()
	p, err := b.place()
	if err != nil {
		return err
	}
	command, err := tools.Hubhook().Command(p, tools.Load{Duration: maxMemoryTime, Connections: connections})
	if err != nil {
		return fmt.Errorf("prepare hubhook: %w", err)
	}
	s, err := b.startServer(ctx, server.Options{Marks: b.memoryAt})
	if err != nil {
		return err
	}
	defer s.end()
	child, err := b.startChild(ctx, command)
	if err != nil {
		return err
	}
	r.Memory, err = b.peaks(s, child)
	return errors.Join(err, interrupt(child))
}

// peaks measures a tool's memory each time that the server reports a count.
func (b *bench) peaks(s *serving, child *child) (list []Peak, err error) {
	began := time.Now()
	for _, count := range b.memoryAt {
		fmt.Fprintf(os.Stderr, "memory, up to %s requests\n", humanize.Comma(int64(count)))
		line, err := s.next()
		if err != nil {
			return list, err
		}
		list = append(list, Peak{Requests: line.Mark, Seconds: time.Since(began).Seconds(), PeakMB: child.look()})
	}
	return list, nil
}

// interrupt ends a tool as a person does, and returns an error if it ended before.
func interrupt(child *child) error {
	if err := child.cmd.Process.Signal(os.Interrupt); err != nil {
		return errors.Join(err, child.wait())
	}
	if err := child.wait(); err == nil || !strings.Contains(err.Error(), "interrupted") {
		return fmt.Errorf("it was interrupted, and did not say so: %w", err)
	}
	return nil
}

func (r *Result) memoryTable() string {
	if len(r.Memory) == 0 {
		return ""
	}
	t := table{title: "Memory of hubhook, as fast as it is answered", head: []string{"requests", "after s", "RSS peak MB"}}
	for _, p := range r.Memory {
		t.row(humanize.Comma(int64(p.Requests)), fmt.Sprintf("%.1f", p.Seconds), fmt.Sprintf("%.1f", p.PeakMB))
	}
	return t.String()
}
