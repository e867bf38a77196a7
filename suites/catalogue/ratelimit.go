package catalogue

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
	"github.com/hubhook/hubhook/suites/observe"
)

const (
	whyQuota = "a webhook may be triggered 1,000 times a day, often in bursts; every delivery that you do not accept comes again, on top of the next ones"

	fixQuota = "Store each delivery (in a queue, a table), answer 2xx, and do the work afterwards. Exempt the webhook's path from rate limits (nginx limit_req, slowapi, express-rate-limit, your host's), or raise them to at least 1,000 deliveries in a burst."
	fixCrowd = "Look for what handles only a few requests at once: SQLite without WAL and a busy timeout, a small pool of database connections, one worker process with a short backlog. Answer 2xx as soon as the delivery is in a queue, and let a fixed number of workers do the rest."
	fixSwift = "Do no work before the answer: store the delivery, answer 2xx, and let a background worker go on. Before the answer, do not wait for a lock that the worker holds."
	fixSheds = "If the queue is full, answer 503 (or 429) with Retry-After: <seconds>, and keep nothing of the delivery. Do not let an exception become a 500, and do not break the connection."
	fixEach  = "Use a bounded queue; if it is full, answer 503, never drop silently. Remember the Webhook-Id and store the delivery in one step (a unique index, a lock), let one worker take each, and change counters atomically. If you mean to handle several events of a repo as one, skip this check: --skip RAT-06."
)

// rateLimitChecks returns the checks of whether the handler bears what a webhook may send.
func rateLimitChecks() []check.Check {
	many := check.Needs{Burst: true}
	few := check.Check{Area: check.AreaRateLimit, Level: check.Must, Why: whyQuota, Fix: fixQuota, Example: check.ExampleOverload}
	quota := few
	quota.Needs = many
	crowd := quota
	crowd.Level, crowd.Fix = check.Should, fixCrowd
	return []check.Check{
		// No more than other areas send: a handler that others depend on bears it too.
		single(few, "RAT-01", docRateLimit, "accepts 100 deliveries one after another", burst(100, 1, check.BeAccepted)),
		single(quota, "RAT-02", docRateLimit, "accepts a day's quota, 1,000 deliveries, one after another",
			burst(check.DailyQuota, 1, check.BeAccepted)),
		single(crowd, "RAT-05a", docRateLimit, "accepts a day's quota over 10 connections at once",
			burst(check.DailyQuota, 10, check.BeAccepted)),
		single(crowd, "RAT-05b", docRateLimit, "accepts a day's quota over 50 connections at once",
			burst(check.DailyQuota, 50, check.BeAccepted)),
		{
			ID: "RAT-03", Area: check.AreaRateLimit, Level: check.Must, Spec: docDelivery, Fix: fixSwift, Example: check.ExampleAnswerFirst, Needs: many,
			Title: "answers each of a day's quota over 10 connections within the Hub's time",
			Why:   "a handler that works before it answers falls further and further behind in a burst, until the Hub no longer waits",
			Run:   burst(check.DailyQuota, 10, check.BeInTime),
		},
		{
			ID: "RAT-04", Area: check.AreaRateLimit, Level: check.Must, Spec: docDelivery, Example: check.ExampleOverload, Needs: many,
			Title: "accepts deliveries again soon after it has shed load",
			Why:   "the Hub tries again after a while; a handler that stays full, or locks the sender out, fails until the webhook is suspended",
			Fix:   "Make every limit end by itself: workers empty the queue, a token bucket refills within a minute, no lasting ban. Release what a request holds (a connection, a slot in a semaphore) in finally or defer, also after an error.",
			Run:   recovers,
		},
		{
			ID: "RAT-06", Area: check.AreaRateLimit, Level: check.Should, Spec: docDelivery, Fix: fixEach, Example: check.ExampleIdempotency,
			Needs: check.Needs{Burst: true, Observer: true},
			Title: "acts exactly once for each delivery of a day's quota over 50 connections",
			Why:   "a delivery that you answered with 2xx never comes again: if you drop it then, it is lost; if two workers take it, it is done twice",
			Run:   actsOnceForEach,
		},
		{
			ID: "RAT-07", Area: check.AreaRateLimit, Level: check.Should, Spec: docDelivery, Fix: fixSwift, Example: check.ExampleAnswerFirst, Needs: many,
			Title: "answers 99% of a day's quota over 10 connections at once",
			Why:   "the Hub asks for an answer at once; a handler that is slow with 10 connections runs into the time-out with more",
			Run:   p99InBurst,
		},
		{
			ID: "RAT-08", Area: check.AreaRateLimit, Level: check.Should, Spec: docDelivery, Example: check.ExampleIdempotency, Needs: many,
			Title: "is no slower at the end of a day's quota than at its beginning",
			Why:   "a handler that gets slower with each delivery will one day no longer answer in time, although nothing seems to have changed",
			Fix:   "Look for what grows with each delivery: a list of ids that is searched from the start (use a set or a unique index), a file that is rewritten as a whole, a table without an index, a log in memory. Limit how much you remember.",
			Run:   keepsPace,
		},
		{
			ID: "RAT-09", Area: check.AreaRateLimit, Level: check.Should, Spec: rfcRetryAfter, Fix: fixSheds, Example: check.ExampleOverload, Needs: many,
			Title: "where it sheds load, does so by 429 or 503 with Retry-After",
			Why:   "the answer shows the sender, and anyone who reads its log, whether your handler is full or broken",
			Run:   signalsOverload,
		},
		{
			ID: "RAT-10", Area: check.AreaRateLimit, Level: check.Should, Spec: rfcPersist,
			Title: "accepts the first delivery after silence, on a connection that was left idle",
			Why:   "hours pass between bursts; by then, what a handler holds open (such as a connection to its database) may be closed",
			Fix:   "Check or reopen idle connections to your database before you use them. Keep idle HTTP connections open for a minute or more; never close one after a request arrived on it.", Example: check.ExampleServer,
			Begin: (*check.Handler).LeaveIdle,
			Run:   acceptsAfterIdle,
		},
		{
			ID: "RAT-11", Area: check.AreaRateLimit, Level: check.Should, Spec: docSecret, Example: check.ExampleReject,
			Needs: check.Needs{Burst: true, Secret: true},
			Title: "accepts genuine deliveries in a flood of forged ones",
			Why:   "if a limit counts before the secret is compared, anyone who finds the URL can lock out the Hub",
			Fix:   "Compare the secret first, and count only genuine deliveries against a limit. Refuse a wrong secret quickly: no database, no log of the body, no pause, no lock-out.",
			Run:   acceptsAmongForged,
		},
	}
}

// burst expects every response of the first n deliveries of a day's quota to match.
func burst(n, connections int, matcher func() check.ResponseMatcher) run {
	return func(g gomega.Gomega, h *check.Handler) {
		b := h.DailyBurst(n, connections)
		h.RequireAnyAccepted(b)
		expectEach(g, b, matcher())
		h.RequireComplete(b)
	}
}

func expectEach(g gomega.Gomega, b check.Burst, matcher check.ResponseMatcher) {
	first, failures := -1, 0
	for i, response := range b.Responses {
		if holds, err := matcher.Match(response); err == nil && holds {
			continue
		}
		if failures++; first < 0 {
			first = i
		}
	}
	if first < 0 {
		return
	}
	which := b.Position(first)
	if failures > 1 {
		which += fmt.Sprintf(", the first of %d like it", failures)
	}
	g.Expect(b.Responses[first]).To(matcher.At(which))
}

// minIdle is how long a connection is left idle at least: longer than what a handler
// does between two deliveries of a burst. Mostly it is the whole run.
const minIdle = 2500 * time.Millisecond

// acceptsAfterIdle expects the first delivery to be accepted after a while without any.
func acceptsAfterIdle(g gomega.Gomega, h *check.Handler) {
	conn, idle := h.AwaitIdle(minIdle)
	d := h.NewDelivery(check.Describe("on a connection that was left idle for " + idle.Round(100*time.Millisecond).String()))
	response := h.AttemptOver(conn, d)
	if response.ClosedIdle() {
		// Closing an idle connection is right; a sender opens another one.
		response = h.Attempt(d.AsRetry())
	}
	g.Expect(response).To(check.BeAccepted())
}

// signalsOverload looks at what was not accepted of all bursts.
func signalsOverload(g gomega.Gomega, h *check.Handler) {
	sent, rejected := 0, 0
	for _, b := range h.AcceptedBursts() {
		sent += len(b.Responses)
		if len(b.NotAccepted()) == 0 {
			continue
		}
		h.ShowBurst(b)
		for i, response := range b.Responses {
			if !response.Accepted() {
				rejected++
				g.Expect(response).To(check.BeOverloaded().At(b.Position(i)))
			}
		}
	}
	if rejected == 0 {
		h.RequireRunning()
		h.Skip("nothing was shed: all %d deliveries of the bursts were accepted", sent)
	}
}

// recovers expects the handler to accept a delivery about the repo of a burst again of
// which it did not accept everything.
func recovers(g gomega.Gomega, h *check.Handler) {
	h.TakeOverload()
	bursts := h.AcceptedBursts()
	overloaded := slices.DeleteFunc(slices.Clone(bursts), func(b check.Burst) bool { return len(b.NotAccepted()) == 0 })
	if len(overloaded) == 0 {
		g.Expect(h.Attempt(bursts[len(bursts)-1].Next())).To(check.BeAccepted())
		return
	}
	last := overloaded[len(overloaded)-1]
	rejected := last.NotAccepted()
	h.ShowBurst(last)
	g.Expect(h.RetryUntilAccepted(last, rejected[len(rejected)-1])).To(check.BeAccepted().At(
		fmt.Sprintf("within %v of having shed load, Retry-After heeded", h.Limits().Recover)))
}

// minForP99 is the least number of responses of which 1% is at least one.
const minForP99 = 100

// p99InBurst expects 99% of the responses that accept something at once, of a day's quota
// over 10 connections. A delivery without a response took too long.
func p99InBurst(g gomega.Gomega, h *check.Handler) {
	b := h.DailyBurst(check.DailyQuota, 10)
	h.RequireAnyAccepted(b)
	var times []time.Duration
	for _, response := range b.Responses {
		switch {
		case response.Unanswered():
			times = append(times, math.MaxInt64)
		case response.Accepted():
			times = append(times, response.Duration())
		}
	}
	if len(times) < minForP99 {
		h.RequireRunning()
		h.Inconclusive("%d deliveries of the burst were accepted, which are too few to tell: see RAT-05", len(times))
	}
	slices.Sort(times)
	limit := h.Limits().Prompt
	p99 := times[(len(times)*99+99)/100-1]
	if p99 > limit {
		h.Fail(fmt.Sprintf("%d deliveries over %d connections", len(times), b.Connections),
			fmt.Sprintf("99%% of them answered within %v", limit), describeSlow(times, limit))
	}
	h.RequireComplete(b)
}

func describeSlow(times []time.Duration, limit time.Duration) string {
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

// How much slower the end of a burst may be than its beginning, and the least difference
// that is no noise.
const (
	maxSlowdown = 3
	minSlowing  = 20 * time.Millisecond
)

// keepsPace compares the beginning of a day's quota with its end.
func keepsPace(g gomega.Gomega, h *check.Handler) {
	b := h.DailyBurst(check.DailyQuota, 1)
	h.RequireAnyAccepted(b)
	if b.Accepted() < len(b.Responses) {
		h.Inconclusive("not all deliveries of the burst were accepted, so that their times are not those of the same work: see RAT-02")
	}
	h.RequireComplete(b)
	tenth := len(b.Responses) / 10
	first := median(durations(b.Responses[:tenth]))
	last := median(durations(b.Responses[len(b.Responses)-tenth:]))
	if last > maxSlowdown*first && last-first >= minSlowing {
		h.Fail(fmt.Sprintf("%d deliveries, one after another", len(b.Responses)),
			fmt.Sprintf("the last %d answered about as fast as the first %d, no more than %d times slower", tenth, tenth, maxSlowdown),
			fmt.Sprintf("half of the first within %v, half of the last within %v",
				first.Round(time.Microsecond), last.Round(time.Microsecond)))
	}
}

func durations(responses []check.Response) []time.Duration {
	var list []time.Duration
	for _, response := range responses {
		list = append(list, response.Duration())
	}
	return list
}

// A flood of forged deliveries comes in waves, over as many connections at once. With each
// wave comes a valid delivery, and one after the last: so each handler sees them in about
// the same order, however fast it is.
const (
	forgedPerWave = 20
	waves         = 10
)

// acceptsAmongForged expects the valid deliveries to be accepted. All are about one repo.
func acceptsAmongForged(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	h.TakeOverload()
	index := h.NextIndex()
	forged := h.NewSequence(check.UsualShape, index, wrongSecret())
	valid := h.NewSequence(check.UsualShape, index, check.Describe("genuine, among forged ones"))
	rejected := 0
	for wave := range waves {
		var deliveries []check.Delivery
		for i := range forgedPerWave {
			deliveries = append(deliveries, forged.At(wave*forgedPerWave+i))
		}
		if wave > 0 { // before the first one there is no flood
			deliveries = append(deliveries, valid.At(waves*forgedPerWave+wave))
		}
		responses := h.AttemptTogether(deliveries...)
		for _, response := range responses[:forgedPerWave] {
			if response.Rejected() {
				rejected++
			}
		}
		for _, response := range responses[forgedPerWave:] {
			g.Expect(response).To(check.BeAccepted())
		}
		if sent := (wave + 1) * forgedPerWave; rejected < sent {
			// Each wave more could take as long as a sender waits.
			h.Inconclusive("%d of %d forged deliveries were not refused, so that this is no flood of refusals: see SEC-02",
				sent-rejected, sent)
		}
	}
	g.Expect(h.Attempt(valid.At(waves * forgedPerWave))).To(check.BeAccepted())
}

// actsOnceForEach compares what counters grew by in a burst with what they grow by for one
// delivery.
func actsOnceForEach(g gomega.Gomega, h *check.Handler) {
	h.ActiveShape()
	b := h.DailyBurst(check.DailyQuota, 50)
	h.RequireAnyAccepted(b)
	switch {
	case b.Counts.Err != nil:
		h.RequireRunning()
		h.Inconclusive("the observer did not see what came of the burst: %s", b.Counts.Err)
	case len(b.Counts.PerDelivery) == 0:
		h.Inconclusive("the observer shows nothing that counts: no number, or length of a list, grows by as much for each delivery")
	case b.Broken:
		h.Inconclusive("a delivery of the burst got no complete answer, so that it may have been acted on or not: see RAT-05")
	}
	sent := fmt.Sprintf("%d deliveries over %d connections, each accepted, each with a Webhook-Id of its own", b.Accepted(), b.Connections)
	expected := withoutBounded(h, b.Counts, b.Counts.PerDelivery.Times(b.Accepted()))
	h.ExpectSameEffect(b.Counts.Burst.Only(expected), expected, nil, sent)
	h.RequireComplete(b)
}

// withoutBounded leaves out the counters that ended at a bound, such as the length of a
// list of the latest events: they grow no more for a delivery after the burst.
func withoutBounded(h *check.Handler, counts check.Counts, expected observe.Effect) observe.Effect {
	left := observe.Effect{}
	for pointer, want := range expected {
		short := counts.Burst.Growth(pointer).Cmp(expected.Growth(pointer)) < 0
		if short && len(counts.Afterwards) > 0 && counts.Afterwards[pointer] != counts.PerDelivery[pointer] {
			continue
		}
		if short && !counts.Open {
			h.Inconclusive("the observer shows less than was accepted, and since no more is accepted now, that may be as far as it counts: %s", counts.Burst.Only(expected))
		}
		left[pointer] = want
	}
	if len(left) == 0 {
		h.Inconclusive("the observer shows nothing that counts as far as a burst goes: %s, and no more", counts.Burst.Only(expected))
	}
	return left
}
