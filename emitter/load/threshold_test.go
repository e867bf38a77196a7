package load

import (
	"strings"
	"testing"

	"github.com/hubhook/hubhook/reports"
)

// measured is a run of 1,000 attempts, of which 10 failed.
func measured() *reports.Load {
	return &reports.Load{
		DurationMs: 10000,
		Counts:     reports.LoadCounts{Attempts: 1000, Accepted: 990, Failed: 8, Unsent: 2},
		Statuses:   []reports.LoadCount{{Name: "202", Count: 990}, {Name: "429", Count: 3}, {Name: "500", Count: 4}, {Name: "503", Count: 1}},
		Latency:    reports.LoadTimes{Count: 1000, Min: 0.5, Mean: 12, P50: 10, P90: 80, P95: 131.5, P99: 400, P999: 900, Max: 1200},
		Lateness:   reports.LoadTimes{P99: 0.25},
		Verdict:    reports.Passed,
	}
}

func TestThresholds(t *testing.T) {
	for _, c := range []struct {
		text  string
		holds bool
		value string
	}{
		{"p99<500ms", true, "400ms"},
		{"p99<400ms", false, "400ms"},
		{"p99<=0.4s", true, "400ms"},
		{"p95 < 132ms", true, "132ms"}, // with three digits
		{"p99.9>=1s", false, "900ms"},
		{"max>1s", true, "1.2s"},
		{"mean=12ms", true, "12ms"},
		{"min<1ms", true, "500µs"},
		{"P50<20ms", true, "10ms"},
		{"errors<=1%", true, "1%"},
		{"errors<1%", false, "1%"},
		{"errors<11", true, "10"},
		{"errors>0%", true, "1%"},
		{"unsent==0", false, "2"},
		{"429>0", true, "3"},
		{"5xx<=5", true, "5"},
		{"5xx<0.1%", false, "0.5%"},
		{"404!=0", false, "0"},
		{"rate>=99/s", true, "99.8/s"},
		{"rate>6000/m", false, "99.8/s"},
		{"late<10ms", true, "250µs"},
	} {
		threshold, err := ParseThreshold(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if result := threshold.Evaluate(measured()); result.Holds != c.holds || result.Value != c.value {
			t.Errorf("%s: holds %v with %s, wanted %v with %s", c.text, result.Holds, result.Value, c.holds, c.value)
		}
		if result := threshold.Negate().Evaluate(measured()); result.Holds == c.holds {
			t.Errorf("%s and its opposite, %s, are both %v", c.text, threshold.Negate(), c.holds)
		}
		if again, err := ParseThreshold(threshold.String()); err != nil || again.String() != threshold.String() {
			t.Errorf("%s is written as %s, which reads as %s (%v)", c.text, threshold, again, err)
		}
	}
}

func TestInvalidThresholds(t *testing.T) {
	for text, says := range map[string]string{
		"":                "no condition",
		"p99":             "no condition",
		"p99>":            "no condition",
		"p99>500":         "a duration",
		"p99>-1s":         "a duration",
		"errors>a few":    "no condition",
		"errors>few":      "a part of all",
		"errors>101%":     "a part of all",
		"errors>NaN":      "a part of all",
		"rate>fast":       "no rate",
		"rate>1000/fort":  "no rate",
		"latency>5s":      "unknown measure",
		"erors>0":         "did you mean errors",
		"600>0":           "unknown measure",
		"p99>500ms or so": "no condition",
		"<":               "no condition",
	} {
		if c, err := ParseThreshold(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is read as %v, %v", text, c, err)
		}
	}
	if list, err := ParseThresholds("p99<500ms, errors<0.1%"); err != nil || len(list) != 2 {
		t.Errorf("two conditions are read as %v, %v", list, err)
	}
	if _, err := ParseThresholds("  "); err == nil {
		t.Error("no condition is taken for some")
	}
}

// Of a run in which nothing happened, nothing holds: neither a threshold nor its
// opposite.
func TestNothingHoldsOfNothing(t *testing.T) {
	c, err := ParseThreshold("errors<=0%")
	if err != nil {
		t.Fatal(err)
	}
	empty := &reports.Load{Verdict: reports.Passed}
	ApplyThresholds(empty, []Threshold{c})
	if empty.Verdict != reports.Failed || c.Negate().Evaluate(empty).Holds {
		t.Errorf("the verdict is %s", empty.Verdict)
	}
	full := measured()
	full.Counts.Accepted = 0
	if ApplyThresholds(full, nil); full.Verdict != reports.Failed {
		t.Errorf("where nothing was accepted the verdict is %s", full.Verdict)
	}
	full = measured()
	if ApplyThresholds(full, nil); full.Verdict != reports.Passed {
		t.Errorf("without conditions the verdict is %s", full.Verdict)
	}
}

func TestRates(t *testing.T) {
	for text, want := range map[string]float64{"1000/s": 1000, "1000": 1000, "60/m": 1, "3600/h": 1, "86400/d": 1, "0.5/s": 0.5} {
		if got, err := ParseRate(text); err != nil || got != want {
			t.Errorf("%s is read as %v, %v", text, got, err)
		}
	}
}

func FuzzParseThreshold(f *testing.F) {
	for _, seed := range []string{"p99<500ms", "errors<=0.1%", "5xx=0", "rate>900/s", "p99.9!=1h", "late>NaN"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseThreshold(text)
		if err != nil {
			return
		}
		if c.Evaluate(measured()).Holds == c.Negate().Evaluate(measured()).Holds {
			t.Errorf("%q: %s and %s are the same", text, c, c.Negate())
		}
	})
}
