package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

type bench struct {
	options
	dir     string // of temporary files
	address string // of the server
	runs    int
}

// payloadSeed is that of hubhook's payloads and ids.
const payloadSeed = 7

func newBench(o options) (*bench, error) {
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, dir: dir}
	// The address stays the same: it is part of the requests that vegeta gets.
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.close()
		return nil, err
	}
	b.address = free.Addr().String()
	return b, free.Close()
}

func (b *bench) close() { _ = os.RemoveAll(b.dir) }

func (b *bench) place() (tools.Place, error) {
	b.runs++
	p := tools.Place{
		URL: "http://" + b.address + "/webhook", Bin: b.bin, Seed: payloadSeed,
		Dir: filepath.Join(b.dir, fmt.Sprint(b.runs)), Targets: filepath.Join(b.dir, "targets.json"),
	}
	return p, os.Mkdir(p.Dir, 0o700)
}

// entry is a tool that takes part, and its load.
type entry struct {
	label string
	tool  tools.Tool
	load  tools.Load
}

// Run is the result of one run of one tool.
type Run struct {
	Label   string        `json:"label"` // the tool's name, and its mode if it has several
	Summary tools.Summary `json:"told"`  // by the tool's own report
	// Server is what arrived: so much was sent.
	Server     server.Stats `json:"server"`
	CPUSeconds float64      `json:"cpuSeconds"` // of the tool, from its start to its end
	PeakMB     float64      `json:"peakMB"`     // resident
	// Others is the share of the whole machine that neither the tool nor the server used, but
	// others did.
	Others float64 `json:"others"`
	Truth  *Truth  `json:"truth,omitempty"` // of a run with stalls
	Pace   *Pace   `json:"pace,omitempty"`  // of a run that measures pacing

	seen []server.Exchange
}

// run lets a tool send its load to a server of its own.
func (b *bench) run(ctx context.Context, e entry, o server.Options) (r Run, err error) {
	ctx, cancel := context.WithTimeout(ctx, e.load.Duration+time.Minute)
	defer cancel()
	p, err := b.place()
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(p.Dir)
	if o.Log != "" {
		o.Log = filepath.Join(p.Dir, o.Log)
	}
	command, err := e.tool.Command(p, e.load)
	if err != nil {
		return r, fmt.Errorf("prepare %s: %w", e.tool.Name, err)
	}
	s, err := b.startServer(ctx, o)
	if err != nil {
		return r, err
	}
	r.Label = e.label
	if err := b.send(ctx, command, s, &r); err != nil {
		return r, fmt.Errorf("%s: %w", e.label, err)
	}
	if o.Log != "" {
		if r.seen, err = s.exchanges(); err != nil {
			return r, err
		}
	}
	if r.Summary, err = e.tool.Summary(p); err != nil {
		err = fmt.Errorf("what %s tells: %w", e.tool.Name, err)
	}
	return r, err
}

// send runs a tool against a server, and ends both.
func (b *bench) send(ctx context.Context, c tools.Command, s *serving, r *Run) error {
	before := machineUse()
	child, err := b.startChild(ctx, c)
	if err != nil {
		s.end()
		return err
	}
	if err := child.wait(); err != nil {
		s.end()
		return err
	}
	used := machineUse().since(before)
	if r.Server, err = s.finish(); err != nil {
		return err
	}
	if r.Server.Requests == 0 {
		return errors.New("none of its requests came to the server")
	}
	ended := child.cmd.ProcessState
	r.CPUSeconds, r.PeakMB = (ended.UserTime() + ended.SystemTime()).Seconds(), child.peakMB()
	r.Others = used.others(r.CPUSeconds + r.Server.CPUSeconds)
	return nil
}

// each runs all entries in turn, in rounds, so that what else the machine does affects them all.
func (b *bench) each(ctx context.Context, name string, list []entry, run func(entry) (Run, error)) ([][]Run, error) {
	rounds := make([][]Run, b.rounds)
	for i := range rounds {
		for _, e := range list {
			fmt.Fprintf(os.Stderr, "%s, round %d of %d: %s\n", name, i+1, b.rounds, e.label)
			r, err := run(e)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			rounds[i] = append(rounds[i], r)
		}
	}
	return rounds, nil
}
