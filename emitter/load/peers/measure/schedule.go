package measure

import (
	"fmt"
	"slices"
	"time"

	"github.com/hubhook/hubhook/emitter/load/peers/server"
)

// Schedule says when requests are due: from Start on, Rate of them a second.
type Schedule struct {
	Start time.Time // when the first is due
	Rate  float64   // above zero
}

func after(number int, rate float64) time.Duration {
	return time.Duration(float64(number) / rate * float64(time.Second))
}

// Matched returns requests in the order of their numbers, each as the server saw it. id is
// the Webhook-Id of a number. One that did not come, or was not answered, is an error.
func Matched(count int, id func(number int) string, seen []server.Exchange) ([]server.Exchange, error) {
	byID := make(map[string]server.Exchange, len(seen))
	for _, e := range seen {
		if _, twice := byID[e.ID]; twice {
			return nil, fmt.Errorf("the server saw %s twice", e.ID)
		}
		byID[e.ID] = e
	}
	matched := make([]server.Exchange, count)
	for number := range matched {
		e, came := byID[id(number)]
		switch {
		case !came:
			return nil, fmt.Errorf("request %d of %d did not come", number, count)
		case e.Answered.IsZero():
			return nil, fmt.Errorf("request %d of %d was not answered", number, count)
		}
		matched[number] = e
	}
	return matched, nil
}

// Latencies returns the true ones of matched requests, sorted: from when each was due to its answer.
func (s Schedule) Latencies(matched []server.Exchange) []time.Duration {
	return s.sorted(matched, func(e server.Exchange) time.Time { return e.Answered })
}

// Lateness returns how long after its moment each of matched requests came, sorted.
func (s Schedule) Lateness(matched []server.Exchange) []time.Duration {
	return s.sorted(matched, func(e server.Exchange) time.Time { return e.Arrived })
}

func (s Schedule) sorted(matched []server.Exchange, at func(server.Exchange) time.Time) []time.Duration {
	list := make([]time.Duration, len(matched))
	for number, e := range matched {
		list[number] = at(e).Sub(s.Start.Add(after(number, s.Rate)))
	}
	slices.Sort(list)
	return list
}

// Fit returns the schedule of a rate that suits requests best, if nobody reported when it
// began: it takes them in the order in which they came, and the earliest is not late at
// all. No schedule of that rate is kinder. They come back in that order.
func Fit(seen []server.Exchange, rate float64) (Schedule, []server.Exchange) {
	ordered := slices.Clone(seen)
	slices.SortStableFunc(ordered, func(a, b server.Exchange) int { return a.Arrived.Compare(b.Arrived) })
	s := Schedule{Rate: rate}
	for number, e := range ordered {
		if start := e.Arrived.Add(-after(number, rate)); number == 0 || start.Before(s.Start) {
			s.Start = start
		}
	}
	return s, ordered
}
