package reports_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/terminal"
)

// now is a run that has all that a line can tell.
func now() reports.LoadProgress {
	return reports.LoadProgress{
		Elapsed: 72*time.Second + 400*time.Millisecond, Description: "step 3: 800/s", Asked: 800, Reached: 431.2, InFlight: 100, Waiting: 1234,
		P50: 1.24, P95: 98.7, P99: 812, Unreliable: true,
		Statuses: []reports.LoadCount{{Name: "202", Count: 9430}, {Name: "503", Count: 12}},
		Faults:   []reports.LoadCount{{Name: "timeout", Count: 3}},
	}
}

// What says least is left out first.
func TestLineLeavesOutWhatSaysLeast(t *testing.T) {
	for width, want := range map[int]string{
		0:   "! behind the plan  1m12s  431/s of 800/s  p99 812ms  timeout: 3  1,234 waiting",
		200: "! behind the plan  1m12s  step 3: 800/s  431/s of 800/s  p50 1.24ms  p95 98.7ms  p99 812ms  202: 9,430  503: 12  timeout: 3  1,234 waiting  100 in flight",
		120: "! behind the plan  1m12s  step 3: 800/s  431/s of 800/s  p99 812ms  202: 9,430  503: 12  timeout: 3  1,234 waiting",
		70:  "! behind the plan  1m12s  431/s of 800/s  p99 812ms  1,234 waiting",
		41:  "! behind the plan  1m12s  431/s of 800/s",
		30:  "! behind the plan  1m12s",
		20:  "! behind the plan",
		8:   "! behind",
	} {
		if line := terminal.ProgressLine(now(), terminal.Options{Width: width}); line != want {
			t.Errorf("at %d columns:\n%q, want\n%q", width, line, want)
		}
	}
}

func TestLineNeverWraps(t *testing.T) {
	wide := now()
	wide.Statuses[1].Name = "5\x1b[2J"
	wide.Description, wide.Faults[0].Name = "步骤\n三\x1b[2J 👩‍👩‍👧", strings.Repeat("x", 300)+"\x1b[2J"
	for _, state := range []reports.LoadProgress{now(), wide, {}, {InFlight: -1, Reached: -1, P99: 1e300}} {
		for width := -1; width <= 200; width++ {
			for _, profile := range []colorprofile.Profile{colorprofile.NoTTY, colorprofile.ANSI, colorprofile.TrueColor} {
				line := terminal.ProgressLine(state, terminal.Options{Width: width, Profile: profile})
				most := max(width, 0)
				if width == 0 {
					most = 80
				}
				if columns := ansi.StringWidth(line); columns > most || strings.ContainsAny(line, "\n\r") || strings.Contains(line, "\x1b[2J") {
					t.Fatalf("%d columns of %d: %q", columns, most, line)
				}
			}
		}
	}
}

func TestLineIsColoredOnlyWhereItCanBe(t *testing.T) {
	for profile, colored := range map[colorprofile.Profile]bool{colorprofile.Unknown: false, colorprofile.NoTTY: false, colorprofile.ANSI: true} {
		line := terminal.ProgressLine(now(), terminal.Options{Width: 200, Profile: profile})
		if got := strings.Contains(line, "\x1b["); got != colored {
			t.Errorf("%v: colored is %t: %q", profile, got, line)
		}
		if ansi.Strip(line) != terminal.ProgressLine(now(), terminal.Options{Width: 200}) {
			t.Errorf("%v: with colors it says otherwise", profile)
		}
	}
}

func TestLineForALogHasAll(t *testing.T) {
	want := "! behind the plan, 1m12s, step 3: 800/s, 431/s of 800/s, p50 1.24ms, p95 98.7ms, p99 812ms, 202: 9,430, 503: 12, timeout: 3, 1,234 waiting, 100 in flight"
	if line := terminal.ProgressLog(now()); line != want {
		t.Errorf("%q, want\n%q", line, want)
	}
	if line := terminal.ProgressLog(reports.LoadProgress{Elapsed: time.Second, Reached: 7}); line != "1s, 7/s, 0 in flight" {
		t.Errorf("without a schedule: %q", line)
	}
}

func Example_progressLine() {
	state := reports.LoadProgress{
		Elapsed: 12 * time.Second, Asked: 1000, Reached: 998, P50: 0.9, P95: 2.1, P99: 4.25, InFlight: 3,
		Statuses: []reports.LoadCount{{Name: "202", Count: 11_970}},
	}
	fmt.Println(terminal.ProgressLine(state, terminal.Options{Width: 60}))
	// Output: 12s  998/s of 1,000/s  p50 900µs  p99 4.25ms  202: 11,970
}
