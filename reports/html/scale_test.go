package html

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/internal/wording"
)

func TestFiguresAreWrittenForPeople(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{wording.Ms(0), "0s"}, {wording.Ms(0.00005), "0.05µs"}, {wording.Ms(0.0123), "12.3µs"}, {wording.Ms(0.8734), "873µs"}, {wording.Ms(0.99949), "999µs"}, {wording.Ms(0.9996), "1.00ms"},
		{wording.Ms(1.2345), "1.23ms"}, {wording.Ms(9.996), "10.0ms"}, {wording.Ms(99.96), "100ms"}, {wording.Ms(999.4), "999ms"}, {wording.Ms(999.6), "1.00s"}, {wording.Ms(60_000), "60.0s"}, {wording.Ms(3_600_000), "3,600s"},
		{wording.Ms(math.NaN()), "–"}, {wording.Ms(math.Inf(1)), "–"}, {wording.Ms(-1), "–"},
		{wording.PerSecond(1000), "1,000/s"}, {wording.PerSecond(12.5), "12.5/s"}, {wording.PerSecond(0.25), "0.25/s"}, {wording.PerSecond(4), "4/s"}, {wording.PerSecond(0), "0/s"}, {wording.PerSecond(math.NaN()), "–"},
		{wording.Share(0, 0), "–"}, {wording.Share(0, 3), "0 %"}, {wording.Share(3, 3), "100 %"}, {wording.Share(1, 3), "33.3 %"}, {wording.Share(1, 10), "10.0 %"},
		{wording.Share(999_999, 1_000_000), "99.999 %"}, {wording.Share(9_999_999, 10_000_000), "99.999 %"}, {wording.Share(1, 10_000_000), "<0.001 %"}, {wording.Share(42, 100_000), "0.042 %"},
		{wording.Elapsed(0), "0s"}, {wording.Elapsed(250), "250ms"}, {wording.Elapsed(90_000), "1m30s"}, {wording.Elapsed(120_000), "2m"}, {wording.Elapsed(7_200_000), "2h"}, {wording.Elapsed(math.Inf(1)), "–"}, {wording.Elapsed(1e300), wording.Elapsed(1e200)},
		{wording.Count(1, "webhook"), "1 webhook"}, {wording.Count(0, "webhook"), "0 webhooks"}, {wording.Count(1234, "retry"), "1,234 retries"}, {wording.Count(1, "retry"), "1 retry"}, {wording.Number(math.MaxUint64), wording.Number(math.MaxInt64)},
		{wording.Approximate(33_955), "34,000"}, {wording.Approximate(1), "1"}, {wording.Approximate(74.25), "74.2"}, {wording.Approximate(999_999), "1,000,000"}, {wording.Approximate(math.NaN()), "–"},
		{briefMs(100), "100ms"}, {briefMs(1), "1ms"}, {briefMs(0.05), "50µs"}, {briefMs(10_000), "10s"}, {briefNumber(2_500_000), "2.5M"}, {briefNumber(5e9), "5G"}, {briefNumber(0), "0"},
		{percentileWords(99.9), "99.9 %"}, {percentileWords(100), "max"}, {percentileWords(99.9999), "99.9999 %"}, {nineWords(1), "90 %"}, {nineWords(2), "99 %"}, {nineWords(5), "99.999 %"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func labels(ticks []tick) (list []string) {
	for _, t := range ticks {
		list = append(list, t.label)
	}
	return list
}

func TestTicksAreRound(t *testing.T) {
	for name, c := range map[string]struct{ got, want []tick }{
		"from zero":           {fromZero([]float64{3, 7.2}).ticks(briefNumber), []tick{{0, "0"}, {0.25, "2"}, {0.5, "4"}, {0.75, "6"}, {1, "8"}}},
		"nothing":             {fromZero(nil).ticks(briefNumber), []tick{{0, "0"}, {0.5, "0.5"}, {1, "1"}}},
		"what is counted":     {wholeFromZero([]float64{1}).ticks(briefNumber), []tick{{0, "0"}, {0.25, "1"}, {0.5, "2"}, {0.75, "3"}, {1, "4"}}},
		"latencies far apart": {forLatency([]float64{0.2, 900}).ticks(briefMs), []tick{{0, "100µs"}, {0.25, "1ms"}, {0.5, "10ms"}, {0.75, "100ms"}, {1, "1s"}}},
		"latencies close by":  {forLatency([]float64{10, 100}).ticks(briefMs), []tick{{0, "0s"}, {0.5, "50ms"}, {1, "100ms"}}},
		"half a minute":       {scale{high: 30_000}.timeTicks(), []tick{{0, "0s"}, {1. / 6, "5s"}, {2. / 6, "10s"}, {0.5, "15s"}, {4. / 6, "20s"}, {5. / 6, "25s"}, {1, "30s"}}},
		"ten minutes":         {scale{high: 600_000}.timeTicks(), []tick{{0, "0s"}, {0.2, "2m"}, {0.4, "4m"}, {0.6, "6m"}, {0.8, "8m"}, {1, "10m"}}},
		"percentiles":         {scale{high: 3}.tailTicks(), []tick{{0, "0 %"}, {scale{high: 3}.at(tail(50)), "50 %"}, {1. / 3, "90 %"}, {2. / 3, "99 %"}, {1, "max"}}},
	} {
		if diff := cmp.Diff(labels(c.want), labels(c.got)); diff != "" {
			t.Errorf("%s: labels (-want +got):\n%s", name, diff)
			continue
		}
		for i := range c.got {
			if math.Abs(c.got[i].at-c.want[i].at) > 1e-9 {
				t.Errorf("%s: %s stands at %v, want %v", name, c.got[i].label, c.got[i].at, c.want[i].at)
			}
		}
	}
}

func TestLabelsHaveRoom(t *testing.T) {
	ticks := []tick{{0, "0 %"}, {0.03, "50 %"}, {0.3, "90 %"}, {0.6, "99 %"}, {0.73, "99.5 %"}, {0.97, "99.9 %"}, {1, "max"}}
	if diff := cmp.Diff([]bool{true, false, true, true, false, false, true}, fitting(ticks, phoneDrawing)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var shown []string
	for _, tick := range (graph{x: ticks, y: scale{high: 1}, brief: briefNumber}).chart().Ticks {
		if tick.Minor {
			tick.Label += ", not on a phone"
		}
		shown = append(shown, tick.Label)
	}
	if diff := cmp.Diff([]string{"0 %", "90 %", "99 %", "99.5 %, not on a phone", "max"}, shown); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	levels := graph{y: scale{high: 100}, levels: []level{{50, "a"}, {52, "b"}, {53, "c"}, {90, "d"}}}.placed()
	var got []string
	for _, l := range levels {
		got = append(got, l.Label+l.Anchor)
	}
	if diff := cmp.Diff([]string{"aend", "bstart", "", "dend"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatIsMissingIsAGap(t *testing.T) {
	values := []float64{1, 2, math.NaN(), 3, math.NaN(), 4, 5}
	points := make([]point, len(values))
	for i, v := range values {
		points[i] = point{float64(i) / 10, v / 10}
	}
	line, alone := linePath(points, func(i int) bool { return wording.Valid(values[i]) })
	if want := "M0 180L100 160M500 120L600 100"; string(line) != want {
		t.Errorf("the line is %s, want %s", line, want)
	}
	if len(alone) != 1 || alone[0] != points[3] {
		t.Errorf("alone stand %v", alone)
	}
	bands := []band{{0, 0.1, 0, 0.5}, {0.1, 0.2, 0, 0}, {0.2, 0.3, 0.25, 0.5}}
	if got, want := string(stackPath(bands)), "M0 100L100 100L100 200L0 200ZM200 100L300 100L300 150L200 150Z"; got != want {
		t.Errorf("the stack is %s, want %s", got, want)
	}
}

// Intervals that are put together hold what all of them held.
func TestLongRunIsThinned(t *testing.T) {
	var intervals []reports.LoadInterval
	for i := range 1301 {
		n := uint64(i)
		intervals = append(intervals, reports.LoadInterval{
			AtMs: float64(i) * 1000, WidthMs: 1000, Due: 2, Sent: 1, Waiting: n, InFlight: i, Triggers: n, MostUsed: n,
			Latency: reports.LoadTimes{Count: uint64(i % 2), P50: float64(i % 7), Max: float64(i)}, Answers: [6]uint64{0: 1, 2: 1},
		})
	}
	list, each := thinned(intervals)
	if each != 3 || len(list) != 434 {
		t.Fatalf("%d intervals, %d together", len(list), each)
	}
	want := reports.LoadInterval{
		AtMs: 3000, WidthMs: 3000, Due: 6, Sent: 3, Waiting: 5, InFlight: 5, Triggers: 5, MostUsed: 5,
		Latency: reports.LoadTimes{Count: 2, P50: 5, Max: 5}, Answers: [6]uint64{0: 3, 2: 3},
	}
	if diff := cmp.Diff(want, list[1]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if last := list[433]; last.AtMs+last.WidthMs != 1301_000 || last.Due != 4 {
		t.Errorf("the last: %+v", last)
	}
	if same, each := thinned(intervals[:600]); each != 1 || len(same) != 600 {
		t.Errorf("%d of 600 are left", len(same))
	}
}

// Whatever the values, all stands within the drawing, and what is written is a number.
func FuzzScale(f *testing.F) {
	for _, v := range [][3]float64{{0, 0, 0}, {1, 2, 3}, {math.NaN(), math.Inf(1), -1}, {1e-300, 1e300, 0}, {0.03, 60_000, 5}, {5e-324, math.MaxFloat64, math.Inf(-1)}} {
		f.Add(v[0], v[1], v[2])
	}
	f.Fuzz(func(t *testing.T, a, b, c float64) {
		values := []float64{a, b, c}
		written := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		for name, s := range map[string]scale{"from zero": fromZero(values), "whole": wholeFromZero(values), "latency": forLatency(values)} {
			for _, v := range append(values, 0, -1, math.NaN()) {
				if at := s.at(v); !(at >= 0 && at <= 1) {
					t.Errorf("%s %+v: %v stands at %v", name, s, v, at)
				}
			}
			ticks := append(s.ticks(written), s.timeTicks()...)
			if len(s.ticks(written)) < 2 || len(ticks) > 40 {
				t.Errorf("%s %+v: %d ticks", name, s, len(ticks))
			}
			for _, tick := range ticks {
				if !(tick.at >= 0 && tick.at <= 1) || strings.ContainsAny(tick.label, "NI") {
					t.Errorf("%s %+v: a tick %+v", name, s, tick)
				}
			}
		}
		if at := (scale{high: 5}).at(tail(a)); !(at >= 0 && at <= 1) {
			t.Errorf("percentile %v stands at %v", a, at)
		}
	})
}
