package suites

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

// leastForTail is the number of answers from which on 1% of them is one at least.
const leastForTail = 100

// swiftInBurst wants 99% of the answers that accept something at once, of a day's
// quota over few connections. Who waited in vain waited too long.
func swiftInBurst(g gomega.Gomega, h *Handler) {
	b := h.Quota(dailyQuota, few)
	h.Control(b)
	var times []time.Duration
	for _, answer := range b.Answers {
		switch {
		case answer.Unanswered():
			times = append(times, math.MaxInt64)
		case answer.Accepted():
			times = append(times, answer.Duration())
		}
	}
	if len(times) < leastForTail {
		h.run.mayGoOn(h)
		h.Inconclusive("%d deliveries of the burst were accepted, which are too few to tell: see RAT-05", len(times))
	}
	slices.Sort(times)
	limit := h.run.options.Limits.Prompt
	slowest := times[(len(times)*99+99)/100-1]
	g.Expect(slowest <= limit).To(hold(func() string {
		return fmt.Sprintf("sent:      %d deliveries over %d connections\nexpected:  99%% of them answered within %v\ncame back: %s",
			len(times), b.Connections, limit, slowOnes(times, limit))
	}))
	h.Conclude(b)
}

func slowOnes(times []time.Duration, limit time.Duration) string {
	slow := 0
	for _, t := range times {
		if t > limit {
			slow++
		}
	}
	longest := "no answer at all for some"
	if last := times[len(times)-1]; last < math.MaxInt64 {
		longest = "the slowest answer after " + last.Round(time.Millisecond).String()
	}
	return fmt.Sprintf("%d later than that, %s; half of them within %v", slow, longest, median(times).Round(time.Microsecond))
}

// How much slower the end of a burst may be than its beginning, and from how much on
// that is no noise.
const (
	driftTimes = 3
	driftLeast = 20 * time.Millisecond
)

// keepsItsPace compares the beginning of a day's quota with its end.
func keepsItsPace(g gomega.Gomega, h *Handler) {
	b := h.Quota(dailyQuota, oneByOne)
	h.Control(b)
	if b.accepted() < len(b.Answers) {
		h.Inconclusive("not all deliveries of the burst were accepted, so that their times are not those of the same work: see RAT-02")
	}
	h.Conclude(b)
	tenth := len(b.Answers) / 10
	first, last := median(durations(b.Answers[:tenth])), median(durations(b.Answers[len(b.Answers)-tenth:]))
	g.Expect(last <= driftTimes*first || last-first < driftLeast).To(hold(func() string {
		return fmt.Sprintf("sent:      %d deliveries, one after another\nexpected:  the last %d answered about as fast as the first %d, no more than %d times slower\ncame back: half of the first within %v, half of the last within %v",
			len(b.Answers), tenth, tenth, driftTimes, first.Round(time.Microsecond), last.Round(time.Microsecond))
	}))
}

func durations(answers []Answer) []time.Duration {
	var list []time.Duration
	for _, answer := range answers {
		list = append(list, answer.Duration())
	}
	return list
}

// holding is a Gomega matcher for a condition, which words its failure itself.
type holding struct{ failure func() string }

var _ types.GomegaMatcher = holding{}

// hold wants a condition to be true.
func hold(failure func() string) types.GomegaMatcher { return holding{failure} }

func (h holding) Match(actual any) (bool, error) { return actual == true, nil }

func (h holding) FailureMessage(any) string { return h.failure() }

func (h holding) NegatedFailureMessage(any) string { return "not " + h.failure() }
