package load

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// triggers are all of a plan.
func triggers(p Plan) (list []Trigger) {
	for t, ok := p.Next(); ok; t, ok = p.Next() {
		list = append(list, t)
	}
	return list
}

// within counts the triggers from one moment up to another.
func within(list []Trigger, from, to time.Duration) (n int) {
	for _, t := range list {
		if t.Due >= from && t.Due < to {
			n++
		}
	}
	return n
}

func made(t *testing.T) func(Plan, error) Plan {
	return func(p Plan, err error) Plan {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// A plan from its beginning is the same, however much of it was used.
func TestPlansCanBeginAgain(t *testing.T) {
	for _, p := range []Plan{
		made(t)(Steady(1000, time.Second)),
		made(t)(Ramp(5, 500, time.Second)),
		made(t)(Spread(made(t)(Steady(1000, time.Second)), 3, 200)),
		made(t)(Day(DayOptions{Webhooks: 3, Seed: 7})),
	} {
		first := triggers(p)
		if again := triggers(p.Restart()); !slices.Equal(first, again) {
			t.Errorf("%v: %d triggers, then %d others", p, len(first), len(again))
		}
		a := newDueCounter(p)
		if half := a.until(first[len(first)/2].Due); half < uint64(len(first)/2) || a.until(time.Hour) != uint64(len(first)) {
			t.Errorf("%v: %d are due at its middle, and in the end %d", p, half, a.count)
		}
	}
}

func TestSteadyIsEven(t *testing.T) {
	list := triggers(made(t)(Steady(1000, 30*time.Second)))
	if len(list) != 30000 {
		t.Fatalf("%d triggers", len(list))
	}
	for i, trigger := range list {
		if want := time.Duration(i) * time.Millisecond; (trigger.Due - want).Abs() > time.Microsecond {
			t.Fatalf("trigger %d is due after %v, wanted %v", i, trigger.Due, want)
		}
	}
}

// A rate may be so low that there is less than one a second.
func TestSteadyMayBeSlow(t *testing.T) {
	list := triggers(made(t)(Steady(1000.0/86400, time.Hour)))
	if len(list) != 42 || (list[1].Due-86400*time.Millisecond).Abs() > time.Microsecond {
		t.Errorf("%d triggers, the second after %v", len(list), list[1].Due)
	}
}

func TestRampGrowsAndFallsEvenly(t *testing.T) {
	for _, c := range []struct {
		from, to float64
		first    int // within the first second
		last     int // within the last of ten
		all      int
	}{
		{0, 1000, 50, 950, 5000},
		{1000, 0, 950, 50, 5000},
		{10, 5000, 260, 4750, 25050},
		{999.999, 1000, 1000, 1000, 10000}, // where there is next to no slope
	} {
		list := triggers(made(t)(Ramp(c.from, c.to, 10*time.Second)))
		first, last := within(list, 0, time.Second), within(list, 9*time.Second, 10*time.Second+time.Millisecond)
		if len(list) != c.all || math.Abs(float64(first-c.first)) > 2 || math.Abs(float64(last-c.last)) > 2 {
			t.Errorf("%v..%v: %d triggers, %d at first and %d at last; wanted %d, %d and %d", c.from, c.to, len(list), first, last, c.all, c.first, c.last)
		}
		if !slices.IsSortedFunc(list, func(a, b Trigger) int { return int(a.Due - b.Due) }) {
			t.Errorf("%v..%v goes back in time", c.from, c.to)
		}
	}
}

func TestAtOnceIsOneMoment(t *testing.T) {
	list := triggers(made(t)(AtOnce(1000)))
	if len(list) != 1000 || list[999].Due != 0 {
		t.Errorf("%d triggers, the last after %v", len(list), list[len(list)-1].Due)
	}
}

// No webhook is triggered more often than its quota has it, whatever the rate.
func TestSpreadKeepsToTheQuota(t *testing.T) {
	list := triggers(made(t)(Spread(made(t)(Steady(5000, 10*time.Second)), 7, 1000)))
	used := make([]int, 7)
	for i, trigger := range list {
		if trigger.Webhook != i%7 {
			t.Fatalf("trigger %d is of webhook %d", i, trigger.Webhook)
		}
		used[trigger.Webhook]++
	}
	if len(list) != 7000 || slices.Max(used) != 1000 || slices.Min(used) != 1000 {
		t.Errorf("%d triggers, used %v", len(list), used)
	}
}

func TestPlansThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		about string
		make  func() (Plan, error)
		says  string
	}{
		{"no rate", func() (Plan, error) { return Steady(0, time.Second) }, "above zero"},
		{"a rate below zero", func() (Plan, error) { return Steady(-1, time.Second) }, "above zero"},
		{"a rate that is no number", func() (Plan, error) { return Steady(math.NaN(), time.Second) }, "above zero"},
		{"an endless rate", func() (Plan, error) { return Steady(math.Inf(1), time.Second) }, "at most"},
		{"no time", func() (Plan, error) { return Steady(1, 0) }, "duration"},
		{"a level ramp", func() (Plan, error) { return Ramp(5, 5, time.Second) }, "nowhere"},
		{"a ramp below zero", func() (Plan, error) { return Ramp(-5, 5, time.Second) }, "above zero"},
		{"a ramp in no time", func() (Plan, error) { return Ramp(1, 5, -time.Second) }, "duration"},
		{"nothing at once", func() (Plan, error) { return AtOnce(0) }, "nothing"},
		{"no webhooks", func() (Plan, error) { return Spread(&curve{}, 0, 1000) }, "one at least"},
		{"a day that stands still", func() (Plan, error) { return Day(DayOptions{TimeScale: -1}) }, "above zero"},
	} {
		if p, err := c.make(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", c.about, p, err)
		}
	}
}

// Each webhook uses up its quota within the day, and never more.
func TestDayUsesUpEachQuota(t *testing.T) {
	const webhooks, limit = 20, 1000
	list := triggers(made(t)(Day(DayOptions{Webhooks: webhooks, Limit: limit, TimeScale: 1440, Seed: 7})))
	used := make([]int, webhooks)
	for i, trigger := range list {
		if i > 0 && trigger.Due < list[i-1].Due || trigger.Due > time.Minute {
			t.Fatalf("trigger %d is due after %v, the one before after %v", i, trigger.Due, list[i-1].Due)
		}
		used[trigger.Webhook]++
	}
	if slices.Max(used) != limit || slices.Min(used) != limit {
		t.Errorf("used %v", used)
	}
}

// A day has bursts: far more falls within a few seconds than if it were spread evenly,
// and more of them come in the afternoon than at night.
func TestDayHasBursts(t *testing.T) {
	list := triggers(made(t)(Day(DayOptions{Webhooks: 50, TimeScale: 1, Seed: 7})))
	close := 0
	last := map[int]time.Duration{}
	for _, trigger := range list {
		if before, ok := last[trigger.Webhook]; ok && trigger.Due-before < 10*time.Second {
			close++
		}
		last[trigger.Webhook] = trigger.Due
	}
	if part := float64(close) / float64(len(list)); part < 0.5 {
		t.Errorf("%.0f %% of triggers follow another one within ten seconds; evenly spread, 11 %% would", part*100)
	}
	night, afternoon := within(list, 2*time.Hour, 4*time.Hour), within(list, 14*time.Hour, 16*time.Hour)
	if afternoon < 4*night {
		t.Errorf("%d from two to four at night, %d in the afternoon", night, afternoon)
	}
}

// The same seed makes the same day, another one another.
func TestDayFollowsItsSeed(t *testing.T) {
	day := func(seed uint64) []Trigger { return triggers(made(t)(Day(DayOptions{Webhooks: 3, Seed: seed}))) }
	if !slices.Equal(day(1), day(1)) || slices.Equal(day(1), day(2)) {
		t.Error("a day does not follow its seed")
	}
}

func BenchmarkDay(b *testing.B) {
	var plan Plan
	for b.Loop() {
		if plan != nil {
			if _, more := plan.Next(); more {
				continue
			}
		}
		plan, _ = Day(DayOptions{Webhooks: 1000})
	}
}
