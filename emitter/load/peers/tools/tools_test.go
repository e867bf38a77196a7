package tools

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What each tool writes, shortened, is read in milliseconds.
func TestWhatToolsTell(t *testing.T) {
	started := time.Date(2026, 11, 25, 17, 0, 0, 123456789, time.UTC)
	for _, c := range []struct {
		file, text string
		read       func(Place) (Summary, error)
		want       Summary
	}{
		{"wrk.json", `{"sent":9,"failed":1,"p50":0.485,"p90":1.1,"p95":1.5,"p99":2.011}`, wrkSummary,
			Summary{Sent: 9, Failed: 1, P50: 0.485, P90: 1.1, P95: 1.5, P99: 2.011}},
		{"vegeta.json", `{"latencies":{"mean":1,"50th":1500000,"90th":2000000,"95th":2500000,"99th":190000000,"max":3},"requests":9,"status_codes":{"0":1,"202":8}}`, vegetaSums,
			Summary{Sent: 9, Failed: 1, P50: 1.5, P90: 2, P95: 2.5, P99: 190}},
		{"k6.json", `{"metrics":{"http_req_duration":{"type":"trend","values":{"p(50)":1.5,"p(90)":2,"p(95)":2.5,"p(99)":190}},"http_reqs":{"values":{"count":9,"rate":3}},
			"http_req_failed":{"values":{"rate":0.1,"passes":1,"fails":8}},"dropped_iterations":{"values":{"count":4,"rate":1}}}}`, k6Summary,
			Summary{Sent: 9, Failed: 1, Dropped: 4, P50: 1.5, P90: 2, P95: 2.5, P99: 190}},
		{"load.json", `{"started":"2026-11-25T17:00:00.123456789Z","counts":{"attempts":13,"accepted":8,"failed":1,"unsent":4},"behind":"late","latency":{"p50":1.5,"p90":2,"p95":2.5,"p99":190},"service":{"p50":1}}`, hubhookSummary,
			Summary{Sent: 9, Failed: 1, Dropped: 4, Started: started, Unreliable: "late", P50: 1.5, P90: 2, P95: 2.5, P99: 190}},
	} {
		p := Place{Dir: t.TempDir()}
		if _, err := c.read(p); err == nil {
			t.Errorf("%s is not there, and that is no error", c.file)
		}
		for text, want := range map[string]Summary{c.text: c.want, "{": {}} {
			if err := os.WriteFile(filepath.Join(p.Dir, c.file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := c.read(p)
			if got != want || (err != nil) != (text == "{") {
				t.Errorf("%s: %+v, %v, wanted %+v", text, got, err, want)
			}
		}
	}
}

// All are asked for the same.
func TestToolsAreAskedForTheSameLoad(t *testing.T) {
	for _, c := range []struct {
		tool Tool
		load Load
		want []string // in arguments and environment
	}{
		{Wrk(), Load{Duration: 4 * time.Second, Connections: 64}, []string{"--connections 64", "--duration 4s", "http://h/webhook"}},
		{Hubhook(), Load{Duration: 4 * time.Second, Connections: 64}, []string{"--rate max", "--duration 4s", "--connections 64", "http://h/webhook"}},
		{Hubhook(), Load{Rate: 1000, Duration: 10 * time.Second}, []string{"--rate 1000/s", "--duration 10s", "--seed 7"}},
		{Vegeta(), Load{Duration: 4 * time.Second, Connections: 64}, []string{"-rate=0", "-max-workers=64", "-duration=4s", "-lazy", "-targets=targets"}},
		{Vegeta(), Load{Rate: 1000, Duration: time.Second}, []string{"-rate=1000"}},
		{K6(), Load{Rate: 1000, Duration: time.Second, Connections: 300}, []string{"PEERS_RATE=1000", "PEERS_VUS=300", "PEERS_DURATION=1s", "PEERS_URL=http://h/webhook"}},
	} {
		command, err := c.tool.Command(Place{URL: "http://h/webhook", Dir: t.TempDir(), Targets: "targets", Seed: 7}, c.load)
		if err != nil {
			t.Fatal(err)
		}
		line := strings.Join(slices.Concat(command.Args, command.Env), " ")
		for _, want := range c.want {
			if !strings.Contains(line+" ", want+" ") {
				t.Errorf("%s is asked for %q, without %q", c.tool.Name, line, want)
			}
		}
		if c.load.Connections == 0 && strings.Contains(line, "-max-workers") {
			t.Errorf("vegeta may have as many workers as it likes, and is asked for %q", line)
		}
	}
}
