package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options are what the comparison was asked for.
type options struct {
	rounds     int
	quick      bool
	long       bool
	only       []string
	bin        string
	json       string
	clientCore int
	serverCore int
	sizes
}

// sizes say how much is sent. The time of a run is what a tool sends for.
type sizes struct {
	closed   time.Duration // as fast as it is answered
	fixed    time.Duration // at fixedRate
	stalled  time.Duration // whole seconds
	paced    time.Duration
	memoryAt []uint64 // requests at which to look, rising
}

// tables returns the names of what is measured.
func tables() []string { return []string{"cpu", "stall", "pacing", "memory"} }

func parseOptions(args []string) (options, error) {
	var o options
	var only string
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.IntVar(&o.rounds, "rounds", 5, "how often each tool runs, in turn with the others")
	flags.BoolVar(&o.quick, "quick", false, "one short round, which shows that all works and nothing else")
	flags.BoolVar(&o.long, "long", false, "look at the memory after 10,000,000 requests, too")
	flags.StringVar(&only, "only", strings.Join(tables(), ","), "which `tables`, with commas between them")
	flags.StringVar(&o.bin, "bin", "", "`folder` of hubhook, vegeta and k6 (default that of this program)")
	flags.StringVar(&o.json, "json", "peers.json", "`file` for what was measured, each run by itself")
	flags.IntVar(&o.clientCore, "client-core", 0, "`core` of the tool")
	flags.IntVar(&o.serverCore, "server-core", 1, "`core` of the server, which must be another")
	if err := parse(flags, args); err != nil {
		return o, err
	}
	o.only = strings.Split(only, ",")
	// These give figures; a round of them takes about two minutes.
	o.sizes = sizes{4 * time.Second, 4 * time.Second, 10 * time.Second, 10 * time.Second, []uint64{100_000, 1_000_000}}
	if o.quick {
		o.sizes = sizes{time.Second, time.Second, 2 * time.Second, 2 * time.Second, []uint64{10_000, 50_000}}
		o.rounds = 1
	}
	if o.long {
		o.memoryAt = append(o.memoryAt, 10_000_000)
	}
	if o.bin == "" {
		self, err := os.Executable()
		if err != nil {
			return o, err
		}
		o.bin = filepath.Dir(self)
	}
	return o, o.check(flags.NArg())
}

func (o options) check(more int) error {
	for _, name := range o.only {
		if !slices.Contains(tables(), name) {
			return fmt.Errorf("there is no table %q: they are %s", name, strings.Join(tables(), ", "))
		}
	}
	switch {
	case more > 0:
		return errors.New("there is nothing to name beside the flags")
	case o.rounds < 1:
		return fmt.Errorf("--rounds is %d, and must be one at least", o.rounds)
	case o.clientCore == o.serverCore:
		return fmt.Errorf("the tool and the server are both to run on core %d: each needs one of its own", o.clientCore)
	case runtime.NumCPU() < 2:
		return errors.New("this machine has one core, and the tool and the server need one each")
	}
	return nil
}
