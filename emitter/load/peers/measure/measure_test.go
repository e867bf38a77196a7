package measure_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/measure"
	"github.com/hubhook/hubhook/emitter/load/peers/server"
)

func TestPercentileIsTheNearestRank(t *testing.T) {
	hundred := make([]int, 100)
	for i := range hundred {
		hundred[i] = i + 1
	}
	for _, c := range []struct {
		sorted  []int
		percent float64
		want    int
	}{
		{hundred, 0, 1}, {hundred, 1, 1}, {hundred, 50, 50}, {hundred, 90, 90}, {hundred, 99, 99}, {hundred, 99.1, 100}, {hundred, 100, 100},
		{[]int{3}, 1, 3}, {[]int{3}, 99, 3}, {[]int{1, 2, 3}, 50, 2}, {[]int{1, 2, 3, 4}, 50, 2}, {nil, 50, 0},
	} {
		if got := measure.Percentile(c.sorted, c.percent); got != c.want {
			t.Errorf("percentile %v of %d values is %d, wanted %d", c.percent, len(c.sorted), got, c.want)
		}
	}
}

// What a stall of 200 ms each second makes of requests is what one finds by making them.
func TestStallsByAnalysisAreStallsByTrial(t *testing.T) {
	const length, every = 200 * time.Millisecond, time.Second
	for _, offset := range []time.Duration{0, 70 * time.Millisecond, 950 * time.Millisecond} {
		var latencies []time.Duration
		for due := offset; due < offset+10*every; due += time.Millisecond {
			latencies = append(latencies, max(0, length-due%every))
		}
		slices.Sort(latencies)
		for _, percent := range []float64{50, 79, 90, 95, 99} {
			tried, analysed := measure.Percentile(latencies, percent), measure.Stalled(length, every, percent)
			if (tried - analysed).Abs() > 2*time.Millisecond {
				t.Errorf("from %v on, percentile %v is %v, by analysis %v", offset, percent, tried, analysed)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   measure.Spread
	}{
		{nil, measure.Spread{}},
		{[]float64{3}, measure.Spread{3, 3, 3}},
		{[]float64{9, 1, 2}, measure.Spread{2, 1, 9}},
		{[]float64{4, 1, 2, 9}, measure.Spread{3, 1, 9}},
	} {
		before := slices.Clone(c.values)
		if got := measure.SpreadOf(c.values); got != c.want {
			t.Errorf("of %v it is %v, wanted %v", c.values, got, c.want)
		}
		if !slices.Equal(before, c.values) {
			t.Errorf("%v became %v", before, c.values)
		}
	}
}

// A slow round weighs on both tools: the ratio of the medians would be 1.
func TestRatiosAreOfTheSameRound(t *testing.T) {
	own, other := []float64{2, 1, 4}, []float64{4, 2, 2}
	if got, want := measure.Ratios(own, other), []float64{0.5, 0.5, 2}; !slices.Equal(got, want) {
		t.Errorf("they are %v, wanted %v", got, want)
	}
	if got := measure.Ratios(own, []float64{0, 2}); !slices.Equal(got, []float64{0.5}) {
		t.Errorf("where there is nothing to divide by, they are %v", got)
	}
}

func TestDeviation(t *testing.T) {
	if got := measure.Deviation(0.4, 100); math.Abs(got+0.996) > 1e-9 {
		t.Errorf("0.4 for 100 deviates by %v", got)
	}
	if got := measure.Deviation(1, 0); !math.IsNaN(got) {
		t.Errorf("from nothing, one deviates by %v", got)
	}
}

var start = time.Unix(1_700_000_000, 0)

func name(number int) string { return fmt.Sprint("id-", number) }

// seen are requests due at 1,000/s that came and were answered so much later.
func seen(came, answered []time.Duration) []server.Exchange {
	list := make([]server.Exchange, len(came))
	for i := range came {
		due := start.Add(time.Duration(i) * time.Millisecond)
		list[i] = server.Exchange{ID: name(i), Arrived: due.Add(came[i]), Answered: due.Add(answered[i])}
	}
	return list
}

func TestTruthIsFromTheMomentThatWasDue(t *testing.T) {
	came := []time.Duration{5, 4, 1}
	answered := []time.Duration{50, 40, 90}
	exchanges := seen(came, answered)
	slices.Reverse(exchanges) // the order in which they came says nothing
	matched, err := measure.Matched(3, name, exchanges)
	if err != nil {
		t.Fatal(err)
	}
	s := measure.Schedule{Start: start, Rate: 1000}
	if got, want := s.Latencies(matched), []time.Duration{40, 50, 90}; !reflect.DeepEqual(got, want) {
		t.Errorf("latencies are %v, wanted %v", got, want)
	}
	if got, want := s.Lateness(matched), []time.Duration{1, 4, 5}; !reflect.DeepEqual(got, want) {
		t.Errorf("they came late by %v, wanted %v", got, want)
	}
}

func TestWhatCannotBeMatchedIsSaid(t *testing.T) {
	whole := func() []server.Exchange { return seen([]time.Duration{0, 0}, []time.Duration{1, 1}) }
	for _, c := range []struct {
		want  string
		count int
		spoil func([]server.Exchange)
	}{
		{"request 2 of 3 did not come", 3, func([]server.Exchange) {}},
		{"request 0 of 2 did not come", 2, func(e []server.Exchange) { e[0].ID = "another" }},
		{"request 1 of 2 was not answered", 2, func(e []server.Exchange) { e[1].Answered = time.Time{} }},
		{"saw id-0 twice", 2, func(e []server.Exchange) { e[1].ID = name(0) }},
	} {
		exchanges := whole()
		c.spoil(exchanges)
		if _, err := measure.Matched(c.count, name, exchanges); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("wanted %q, it is %v", c.want, err)
		}
	}
}

// A tool that starts whenever it likes is not late by that.
func TestFitForgivesTheBeginning(t *testing.T) {
	for _, c := range []struct{ late, want []time.Duration }{
		{[]time.Duration{900, 900, 900}, []time.Duration{0, 0, 0}},
		{[]time.Duration{900, 905, 902}, []time.Duration{0, 2, 5}},
		{[]time.Duration{905, 900, 900}, []time.Duration{0, 0, 5}}, // the first is the late one
	} {
		answered := make([]time.Duration, len(c.late))
		for i := range answered {
			answered[i] = c.late[i] + 7
		}
		exchanges := seen(c.late, answered)
		slices.Reverse(exchanges)
		schedule, ordered := measure.Fit(exchanges, 1000)
		if got := schedule.Lateness(ordered); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v late, fitted: %v, wanted %v", c.late, got, c.want)
		}
		for i, latency := range schedule.Latencies(ordered) {
			if latency != c.want[i]+7 {
				t.Errorf("answered 7 ns after %v, fitted: %v", c.want[i], latency)
			}
		}
	}
	if _, ordered := measure.Fit(nil, 1000); len(ordered) != 0 {
		t.Errorf("of nothing it is %v", ordered)
	}
}
