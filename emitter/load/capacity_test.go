package load

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/reports"
)

// found is what a search for the capacity of a function finds, in a time of its own.
func found(ctx context.Context, t *testing.T, conditions string, answer func(number uint64) client.Result) *reports.Load {
	t.Helper()
	list, err := ParseThresholds(conditions)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uint64]bool{}
	f := newSearch(ctx, Options{Connections: 10}, Search{Thresholds: list})
	f.run = func(ctx context.Context, o Options) (*reports.Load, error) {
		l, err := simulate(ctx, t, o, answer)
		for number := o.FirstIndex; err == nil && number < o.FirstIndex+l.Counts.Triggers; number++ {
			if seen[number] {
				t.Fatalf("delivery %d is sent by two steps", number)
			}
			seen[number] = true
		}
		return l, err
	}
	if err := f.find(); err != nil {
		t.Fatal(err)
	}
	return f.report()
}

// A handler that serves ten at a time in 50 ms each can take 200 a second.
func TestCapacityIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := found(t.Context(), t, "p99<500ms errors<0.1%", func(uint64) client.Result {
			time.Sleep(50 * time.Millisecond)
			return accepted()
		})
		c := l.Capacity
		if c.Rate < 195 || c.Rate > 220 { // within three seconds, somewhat more than 200 goes
			t.Errorf("found %v/s: %+v", c.Rate, c)
		}
		if want := uint64(c.Rate * 86.4); c.Webhooks != want {
			t.Errorf("that is %d webhooks, wanted %d", c.Webhooks, want)
		}
		if l.Verdict != reports.Passed || math.Abs(float64(l.Counts.Triggers)-c.Rate*6) > 1 {
			t.Errorf("the report is not the last try of that rate: %s, %+v", l.Verdict, l.Counts)
		}
		for _, step := range c.Steps {
			if step.Holds != (step.Why == "") || step.Holds != (step.Latency.P99 < 500) {
				t.Errorf("step %+v", step)
			}
		}
	})
}

// A handler for which even the least is too much has none.
func TestCapacityOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := found(t.Context(), t, "errors<1%", func(uint64) client.Result { return client.Result{Status: 500} })
		if l.Capacity.Rate != 0 || l.Capacity.Webhooks != 0 || l.Verdict != reports.Failed || len(l.Capacity.Steps) < 3 {
			t.Errorf("%s: %+v", l.Verdict, l.Capacity)
		}
	})
}

// One that is slow is found where the search goes down.
func TestCapacityBelowTheFirstStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := found(t.Context(), t, "p99<1s", func(uint64) client.Result {
			time.Sleep(500 * time.Millisecond)
			return accepted()
		})
		if c := l.Capacity; c.Rate < 18 || c.Rate > 24 { // within three seconds, somewhat more than 20 goes
			t.Errorf("found %v/s: %+v", c.Rate, c.Steps)
		}
	})
}

// A hiccup does not end the search.
func TestCapacityBearsAHiccup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hiccup := true
		l := found(t.Context(), t, "max<500ms", func(number uint64) client.Result {
			if number == 100 && hiccup {
				hiccup = false
				time.Sleep(time.Second)
			}
			time.Sleep(50 * time.Millisecond)
			return accepted()
		})
		if l.Capacity.Rate < 150 {
			t.Errorf("found %v/s", l.Capacity.Rate)
		}
	})
}

// A handler that dies of a rate ends the search, with what held before.
func TestCapacityOfAHandlerThatDies(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := found(t.Context(), t, "errors<1%", func(number uint64) client.Result {
			if number > 3000 { // in the fourth step
				return client.Result{Err: refused()}
			}
			return accepted()
		})
		c := l.Capacity
		if last := c.Steps[len(c.Steps)-1]; c.Rate != 400 || last.Holds || last.Why != "nothing answered any more" {
			t.Errorf("found %v/s, limited: %s; %+v", c.Rate, c.Limit, c.Steps)
		}
	})
}

func TestCapacitySearchCanBeInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		l := found(ctx, t, "p99<50ms", func(uint64) client.Result { return accepted() })
		if !l.Interrupted || l.Verdict != reports.Inconclusive || len(l.Capacity.Steps) != 2 {
			t.Errorf("%s: %+v", l.Verdict, l.Capacity)
		}
	})
}

// Where it is the sender that cannot go faster, what was found is no capacity of the
// handler, and no verdict on it.
func TestCapacityThatTheSenderLimits(t *testing.T) {
	list, err := ParseThresholds("p99<500ms")
	if err != nil {
		t.Fatal(err)
	}
	f := newSearch(t.Context(), Options{}, Search{Thresholds: list})
	f.run = func(_ context.Context, o Options) (*reports.Load, error) {
		l := &reports.Load{Counts: reports.LoadCounts{Accepted: 1}, Verdict: reports.Passed}
		if o.Plan.(*curve).at(1) < 1.0/1000 {
			l.Unreliable = "late by 80ms at p99"
		}
		return l, nil
	}
	if err := f.find(); err != nil {
		t.Fatal(err)
	}
	l := f.report()
	if c := l.Capacity; c.Rate < 900 || c.Rate > 1000 || !c.AtLeast || l.Verdict != reports.Inconclusive {
		t.Errorf("verdict %s, found %+v", l.Verdict, c)
	}
}
