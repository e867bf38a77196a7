package load

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/dustin/go-humanize"
)

// DayOptions say what a day is like.
type DayOptions struct {
	Webhooks int    // 1 where zero
	Limit    uint64 // triggers of each; QuotaLimit where zero
	// TimeScale is how much faster the day passes; 1440, a minute for it, where zero.
	TimeScale float64
	Seed      uint64 // of when bursts come, and how long they are
}

// DefaultTimeScale makes a minute of a day.
const DefaultTimeScale = 1440

// hours24 is the stretch that a quota is for.
const hours24 = 24 * time.Hour

// Day triggers all of the quota of each webhook within a day as days are: in bursts,
// for a push brings a few events, a discussion some more, a script dozens, and more of
// them in the afternoon than at night. That it is like this is an assumption.
func Day(o DayOptions) (Plan, error) {
	o.Webhooks = max(1, o.Webhooks)
	if o.Limit == 0 {
		o.Limit = QuotaLimit
	}
	if o.TimeScale == 0 {
		o.TimeScale = DefaultTimeScale
	}
	if !(o.TimeScale > 0) {
		return nil, fmt.Errorf("a time scale of %v: it must be above zero", o.TimeScale)
	}
	return newDay(o), nil
}

func newDay(o DayOptions) *day {
	d := &day{DayOptions: o, days: make([]webhookDay, o.Webhooks)}
	for i := range d.days {
		w := &d.days[i]
		w.webhook, w.left = i, o.Limit
		w.rng.Seed(o.Seed, uint64(i))
		w.advance()
	}
	heap.Init(&d.days)
	return d
}

// day is a day of many webhooks. Each of them remembers no more than its next trigger.
type day struct {
	DayOptions
	days webhookDays
}

func (d *day) Next() (Trigger, bool) {
	if len(d.days) == 0 {
		return Trigger{}, false
	}
	w := &d.days[0]
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
	words := fmt.Sprintf("a day's %s triggers within %v, in bursts", humanize.Comma(int64(d.Limit)), d.duration())
	if d.Webhooks > 1 {
		words += fmt.Sprintf(", for each of %s webhooks", humanize.Comma(int64(d.Webhooks)))
	}
	return words
}

func (d *day) duration() time.Duration {
	return time.Duration(float64(hours24) / d.TimeScale).Round(time.Millisecond)
}

// webhookDay is what is left of the day of one webhook.
type webhookDay struct {
	webhook int
	at      time.Duration // of its next trigger, in the day's own time
	left    uint64        // triggers after that one
	burst   int           // of which so many belong to the same burst
	gap     time.Duration // in it, on average
	passed  float64       // how much of the day's bursts lies behind, from 0 to 1
	rng     rand.PCG
}

// bursts are the kinds of bursts, and how often they come, in a hundred.
var bursts = []struct {
	often       int
	least, most int // triggers
	gap         time.Duration
}{
	{60, 1, 4, 2 * time.Second},          // a push, what follows from it, another push
	{30, 2, 12, 90 * time.Second},        // a discussion
	{10, 20, 60, 300 * time.Millisecond}, // a script
}

// meanBurst is how many triggers a burst has on average.
const meanBurst = 7.6

// advance goes to the webhook's next trigger.
func (w *webhookDay) advance() {
	w.left--
	if w.burst > 0 {
		w.burst--
		w.at = min(w.at+time.Duration(float64(w.gap)*-math.Log(1-w.random())), hours24)
		return
	}
	// The next of so many bursts that lie anywhere in what is left of the day.
	bursts := math.Max(1, float64(w.left+1)/meanBurst)
	w.passed = 1 - (1-w.passed)*math.Pow(1-w.random(), 1/bursts)
	w.at = max(w.at, time.Duration(timeOfDay(w.passed)*float64(hours24)))
	w.beginBurst()
}

// beginBurst begins a burst.
func (w *webhookDay) beginBurst() {
	kind := int(w.random() * 100)
	for _, b := range bursts {
		if kind -= b.often; kind < 0 {
			w.burst = b.least - 1 + int(w.random()*float64(b.most-b.least+1))
			w.gap = b.gap
			return
		}
	}
}

// random is a number from 0 up to 1, 1 left out.
func (w *webhookDay) random() float64 { return float64(w.rng.Uint64()>>11) / (1 << 53) }

// timeOfDay is the part of a day within which a part of its bursts has come. There are
// nine times as many at three in the afternoon as at three at night.
func timeOfDay(part float64) float64 {
	const swing, dawn = 0.8, 9.0 / 24
	come := func(t float64) float64 {
		return t + swing/(2*math.Pi)*(math.Cos(2*math.Pi*dawn)-math.Cos(2*math.Pi*(t-dawn)))
	}
	low, high := 0.0, 1.0
	for range 32 {
		middle := (low + high) / 2
		if come(middle) < part {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// webhookDays is a heap of days, by their next trigger.
type webhookDays []webhookDay

func (d webhookDays) Len() int { return len(d) }
func (d webhookDays) Less(i, j int) bool {
	if d[i].at != d[j].at {
		return d[i].at < d[j].at
	}
	return d[i].webhook < d[j].webhook
}
func (d webhookDays) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *webhookDays) Push(x any)   { *d = append(*d, x.(webhookDay)) }
func (d *webhookDays) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	*d = (*d)[:last]
	return x
}
