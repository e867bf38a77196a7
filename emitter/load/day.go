package load

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// DayOptions configure a Day.
type DayOptions struct {
	Webhooks int    // zero means 1
	Limit    uint64 // triggers of each; zero means delivery.DailyQuota
	// TimeScale is how much faster the day passes; zero means DefaultTimeScale.
	TimeScale float64
	Seed      uint64 // of the times and lengths of bursts
}

// DefaultTimeScale turns a day into a minute.
const DefaultTimeScale = 1440

const hours24 = 24 * time.Hour // the period of a quota

// Day returns a plan that uses up the quota of each webhook within a realistic day: in
// bursts, for a push brings a few events, a discussion some more, a script dozens, with more
// of them in the afternoon than at night. These figures are an assumption.
func Day(o DayOptions) (Plan, error) {
	o.Webhooks = max(1, o.Webhooks)
	o.Limit, o.TimeScale = cmp.Or(o.Limit, delivery.DailyQuota), cmp.Or(o.TimeScale, DefaultTimeScale)
	if !(o.TimeScale > 0) {
		return nil, fmt.Errorf("a time scale of %v: it must be above zero", o.TimeScale)
	}
	return newDay(o), nil
}

func newDay(o DayOptions) *day {
	d := &day{DayOptions: o, days: make(minHeap[*webhookDay], o.Webhooks)}
	for i := range d.days {
		w := &webhookDay{webhook: i, left: o.Limit}
		d.days[i] = w
		w.rng.Seed(o.Seed, uint64(i))
		w.advance()
	}
	heap.Init(&d.days)
	return d
}

// day is a day of many webhooks, of which each holds only its next trigger.
type day struct {
	DayOptions
	days minHeap[*webhookDay]
}

func (d *day) Next() (Trigger, bool) {
	if len(d.days) == 0 {
		return Trigger{}, false
	}
	w := d.days[0]
	t := Trigger{Due: time.Duration(float64(w.at) / d.TimeScale), Webhook: w.webhook}
	if w.left == 0 {
		heap.Pop(&d.days)
		return t, true
	}
	w.advance()
	heap.Fix(&d.days, 0)
	return t, true
}

func (d *day) Restart() Plan { return newDay(d.DayOptions) }

func (d *day) String() string {
	length := time.Duration(float64(hours24) / d.TimeScale).Round(time.Millisecond)
	words := fmt.Sprintf("a day's %s triggers within %v, in bursts", humanize.Comma(int64(d.Limit)), length)
	if d.Webhooks > 1 {
		words += fmt.Sprintf(", for each of %s webhooks", humanize.Comma(int64(d.Webhooks)))
	}
	return words
}

type webhookDay struct {
	webhook int
	at      time.Duration // of its next trigger, in the day's own time
	left    uint64        // triggers after that one
	burst   int           // how many of them belong to the same burst
	gap     time.Duration // in it, on average
	passed  float64       // share of the day's bursts, from 0 to 1
	rng     rand.PCG
}

var bursts = []struct {
	percent  int // of all bursts
	min, max int // triggers
	gap      time.Duration
}{
	{60, 1, 4, 2 * time.Second},          // a push, what follows from it, another push
	{30, 2, 12, 90 * time.Second},        // a discussion
	{10, 20, 60, 300 * time.Millisecond}, // a script
}

const meanBurst = 7.6 // triggers, from the table above

func (w *webhookDay) advance() {
	w.left--
	if w.burst > 0 {
		w.burst--
		w.at = min(w.at+time.Duration(float64(w.gap)*-math.Log(1-w.random())), hours24)
		return
	}
	// The first of that many bursts at random times in the rest of the day.
	bursts := math.Max(1, float64(w.left+1)/meanBurst)
	w.passed = 1 - (1-w.passed)*math.Pow(1-w.random(), 1/bursts)
	w.at = max(w.at, time.Duration(timeOfDay(w.passed)*float64(hours24)))
	w.beginBurst()
}

func (w *webhookDay) beginBurst() {
	kind := int(w.random() * 100)
	for _, b := range bursts {
		if kind -= b.percent; kind < 0 {
			w.burst = b.min - 1 + int(w.random()*float64(b.max-b.min+1))
			w.gap = b.gap
			return
		}
	}
}

// random returns a number in [0, 1).
func (w *webhookDay) random() float64 { return float64(w.rng.Uint64()>>11) / (1 << 53) }

// timeOfDay returns by when in a day a share of its bursts has come, both from 0 to 1. At
// 15:00 there are nine times as many as at 03:00.
func timeOfDay(share float64) float64 {
	const swing, dawn = 0.8, 9.0 / 24
	shareBy := func(t float64) float64 {
		return t + swing/(2*math.Pi)*(math.Cos(2*math.Pi*dawn)-math.Cos(2*math.Pi*(t-dawn)))
	}
	low, high := 0.0, 1.0
	for range 32 {
		middle := (low + high) / 2
		if shareBy(middle) < share {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

func (w *webhookDay) Before(o *webhookDay) bool {
	return w.at < o.at || w.at == o.at && w.webhook < o.webhook
}
