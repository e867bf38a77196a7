package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/load/peers/server"
	"github.com/hubhook/hubhook/emitter/load/peers/tools"
)

func TestOptions(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // the error
	}{
		{[]string{"--only", "cpu,stal"}, `no table "stal": they are cpu, stall, pacing, memory`},
		{[]string{"--rounds", "0"}, "--rounds is 0"},
		{[]string{"--client-core", "1"}, "both to run on core 1"},
		{[]string{"fast"}, "nothing to name"},
		{[]string{"--rounds", "x"}, `invalid value "x" for flag -rounds`},
	} {
		if _, err := parseOptions(c.args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: wanted %q, it is %v", c.args, c.want, err)
		}
	}
	o, err := parseOptions([]string{"--quick", "--rounds", "9", "--long"})
	if err != nil || o.rounds != 1 || !slices.Contains(o.memoryAt, 10_000_000) || o.closed > time.Second {
		t.Errorf("quick is %+v, %v", o, err)
	}
}

func TestResultIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "peers.json")
	for _, value := range []any{&Result{Schema: resultSchema}, math.NaN()} {
		file, err := newWholeFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, isResult := value.(*Result)
		if err := file.write(value); (err == nil) != isResult {
			t.Errorf("writing %v: %v", value, err)
		}
		file.discard()
	}
	var r Result
	text, err := os.ReadFile(name)
	if err != nil || json.Unmarshal(text, &r) != nil || r.Schema != resultSchema {
		t.Errorf("it holds %q, %v", text, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
	if _, err := newWholeFile(filepath.Join(dir, "none", "peers.json")); err == nil {
		t.Error("a folder that is not there is no error")
	}
}

func TestPeakOfAProcess(t *testing.T) {
	for status, want := range map[string]int64{
		"Name:\thubhook\nVmPeak:\t 99 kB\nVmHWM:\t   12340 kB\nVmRSS:\t 1 kB\n": 12340,
		"Name:\thubhook\nState:\tZ (zombie)\n":                                  0,
		"Name:\tx\nVmHWM:\tmany kB\n":                                           0,
		"":                                                                      0,
	} {
		if got := peakKB(status); got != want {
			t.Errorf("in %q it is %d, wanted %d", status, got, want)
		}
	}
}

func TestOthersAreWhatIsLeftOfTheMachine(t *testing.T) {
	before := parseUse("cpu  100 0 100 1000 50 0 0 0 0 0\ncpu0 1 1 1 1\n")
	after := parseUse("cpu  300 100 200 1500 150 0 0 0 0 0\n").since(before)
	if after.busy != 4 || after.all != 10 {
		t.Fatalf("used is %+v, wanted 4 s of 10", after)
	}
	if got := after.others(3); got != 0.1 {
		t.Errorf("of 4 s, 3 are known, and others used %v of 10", got)
	}
	if got := after.others(5); got != 0 {
		t.Errorf("of 4 s, 5 are known, and others used %v", got)
	}
}

// run1 is a run that cost this many seconds of CPU for 100,000 requests.
func run1(label string, cost float64) Run {
	return Run{
		Label: label, CPUSeconds: cost, Summary: tools.Summary{P50: 0.5, P99: 2},
		Server: server.Stats{Requests: 100_000, BodyBytes: 90_000_000, Seconds: 2, CPUSeconds: 1},
	}
}

func TestCostsAreComparedRoundByRound(t *testing.T) {
	rounds := [][]Run{
		{run1("wrk", 1), run1("hubhook", 2)},
		{run1("wrk", 4), run1("hubhook", 2)},
		{run1("wrk", 2), run1("hubhook", 2)},
	}
	text := cpuTable("a title", rounds, []string{"wrk"})
	for _, want := range []string{
		"| hubhook | 2.00 [2.00–2.00] | 1.00 [0.50–2.00] | 500/2,000  | 50,000 ",
		"| 100,000 | 900    | 50 %",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// Where the server filled its core, requests a second say nothing of the tool.
func TestRateOfAFullServerIsNotShown(t *testing.T) {
	full := run1("wrk", 1)
	full.Server.CPUSeconds = 1.95
	if text := cpuTable("", [][]Run{{full}}, nil); !strings.Contains(text, "| –          |") || strings.Contains(text, "50,000") {
		t.Errorf("a rate is told:\n%s", text)
	}
	if text := cpuTable("", [][]Run{{full}, {run1("wrk", 1)}}, nil); !strings.Contains(text, "50,000") {
		t.Errorf("the round in which it had room is left out, too:\n%s", text)
	}
}

func TestWhatWeakensATableIsSaid(t *testing.T) {
	r := run1("k6", 1)
	r.Summary.Failed, r.Summary.Dropped, r.Summary.Unreliable, r.Others = 1, 1500, "late", 0.25
	text := cpuTable("", [][]Run{{r}, {r}}, nil)
	for _, want := range []string{
		"k6 says that 2 of its requests failed.", "k6 says that it never sent 3,000 requests that were due.",
		"k6 says of 2 of its 2 runs that its own figures are not to be believed.", "Others used 25 [25–25] % of the machine meanwhile.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// A run of hubhook is held against what the server saw of the ids of its seed; others
// against their best schedule, or what follows from the stalls where they left some out.
func TestTruth(t *testing.T) {
	generator, err := emitter.New(emitter.Options{Seed: payloadSeed})
	if err != nil {
		t.Fatal(err)
	}
	numbered, err := generator.Indexed(emitter.FeedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Unix(1_700_000_000, 0)
	r := Run{Label: "hubhook", Summary: tools.Summary{Sent: 100, Started: began}}
	for n := range 100 {
		due := began.Add(time.Duration(n) * time.Millisecond)
		r.seen = append(r.seen, server.Exchange{
			ID: string(numbered.AppendID(nil, uint64(n))), Arrived: due.Add(2 * time.Millisecond), Answered: due.Add(time.Duration(n+1) * time.Millisecond),
		})
	}
	if got, err := truthOfRun(r, 100); err != nil || *got != (Truth{P90: 90, P95: 95, P99: 99, By: byID}) {
		t.Errorf("it is %+v, %v", got, err)
	}
	if got, err := pace(r); err != nil || *got.Absolute != (Lateness{2, 2, 2}) || got.Fitted != (Lateness{}) {
		t.Errorf("all came 2 ms late: %+v, %v", got, err)
	}
	r.Summary.Sent++
	if _, err := truthOfRun(r, 100); err == nil {
		t.Error("a request that never came is no error")
	}
	r.Summary.Started = time.Time{}
	if got, err := truthOfRun(r, 100); err != nil || *got != (Truth{P90: 88, P95: 93, P99: 97, By: byOrder}) {
		t.Errorf("without the beginning it is %+v, %v: all came 2 ms late", got, err)
	}
	if got, err := truthOfRun(r, 110); err != nil || *got != (Truth{P90: 100, P95: 150, P99: 190, By: byStall}) {
		t.Errorf("of 110, with 10 left out, it is %+v, %v", got, err)
	}
}

func TestDeviationIsTold(t *testing.T) {
	r := &Result{Stall: [][]Run{{{Label: "vegeta, 10 workers", Summary: tools.Summary{P90: 0.4, P95: 150, P99: 209}, Truth: &Truth{P90: 100, P95: 150, P99: 190, By: byStall}}}}}
	text := r.stallTable()
	for _, want := range []string{"0.4, 100.0 (−99.6 %)", "150.0, 150.0 (+0.0 %)", "209.0, 190.0 (+10.0 %)", "analytic"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
