package suites

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

const (
	whyQuota = "a webhook may be triggered 1,000 times a day, often in bursts; every delivery that you do not accept comes again, on top of the next ones"

	fixQuota = "Store each delivery (in a queue, a table), answer 2xx, and do the work afterwards. Exempt the webhook's path from rate limits (nginx limit_req, slowapi, express-rate-limit, your host's), or raise them to at least 1,000 deliveries in a burst."
	fixCrowd = "Look for what handles only a few requests at once: SQLite without WAL and a busy timeout, a small pool of database connections, one worker process with a short backlog. Answer 2xx as soon as the delivery is in a queue, and let a fixed number of workers do the rest."
	fixSwift = "Do no work before the answer: store the delivery, answer 2xx, and let a background worker go on. Before the answer, do not wait for a lock that the worker holds."
	fixSheds = "If the queue is full, answer 503 (or 429) with Retry-After: <seconds>, and keep nothing of the delivery. Do not let an exception become a 500, and do not break the connection."
	fixEach  = "Use a bounded queue; if it is full, answer 503, never drop silently. Remember the Webhook-Id and store the delivery in one step (a unique index, a lock), let one worker take each, and change counters atomically. If you mean to handle several events of a repo as one, skip this check: --skip RAT-06."
)

// rateLimitChecks ask whether the handler bears what a webhook may send.
func rateLimitChecks() []Check {
	burst := Needs{Burst: true}
	crowded := table(
		Check{ID: "RAT-05", Area: RateLimit, Level: Should, Spec: docRateLimit, Why: whyQuota, Fix: fixCrowd, Mend: MendOverload, Needs: burst},
		[]entry{
			{"accepts a day's quota over 10 connections at once", bears(dailyQuota, few, BeAccepted)},
			{"accepts a day's quota over 50 connections at once", bears(dailyQuota, crowd, BeAccepted)},
		})
	checks := []Check{
		{
			// No more than other areas send: a handler that others depend on bears it too.
			ID: "RAT-01", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota, Fix: fixQuota, Mend: MendOverload,
			Title: "accepts 100 deliveries one after another",
			Run:   bears(100, oneByOne, BeAccepted),
		},
		{
			ID: "RAT-02", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota, Fix: fixQuota, Mend: MendOverload, Needs: burst,
			Title: "accepts a day's quota, 1,000 deliveries, one after another",
			Run:   bears(dailyQuota, oneByOne, BeAccepted),
		},
		{
			ID: "RAT-03", Area: RateLimit, Level: Must, Spec: docDelivery, Fix: fixSwift, Mend: MendAnswerFirst, Needs: burst,
			Title: "answers each of a day's quota over 10 connections within the Hub's time",
			Why:   "a handler that works before it answers falls further and further behind in a burst, until the Hub no longer waits",
			Run:   bears(dailyQuota, few, BeAnsweredInTime),
		},
		{
			ID: "RAT-04", Area: RateLimit, Level: Must, Spec: docDelivery, Mend: MendOverload, Needs: burst,
			Title: "accepts deliveries again soon after it has shed load",
			Why:   "the Hub tries again after a while; a handler that stays full, or locks the sender out, fails until the webhook is suspended",
			Fix:   "Make every limit end by itself: workers empty the queue, a token bucket refills within a minute, no lasting ban. Release what a request holds (a connection, a slot in a semaphore) in finally or defer, also after an error.",
			Run:   recovers,
		},
	}
	checks = append(checks, crowded...)
	return append(checks,
		Check{
			ID: "RAT-06", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixEach, Mend: MendIdempotency,
			Needs: Needs{Burst: true, Observer: true},
			Title: "acts exactly once for each delivery of a day's quota over 50 connections",
			Why:   "a delivery that you answered with 2xx never comes again: if you drop it then, it is lost; if two workers take it, it is done twice",
			Run:   actsOnceForEach,
		},
		Check{
			ID: "RAT-07", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixSwift, Mend: MendAnswerFirst, Needs: burst,
			Title: "answers 99% of a day's quota over 10 connections at once",
			Why:   "the Hub asks for an answer at once; a handler that is slow with 10 connections runs into the time-out with more",
			Run:   swiftInBurst,
		},
		Check{
			ID: "RAT-08", Area: RateLimit, Level: Should, Spec: docDelivery, Mend: MendIdempotency, Needs: burst,
			Title: "is no slower at the end of a day's quota than at its beginning",
			Why:   "a handler that gets slower with each delivery will one day no longer answer in time, although nothing seems to have changed",
			Fix:   "Look for what grows with each delivery: a list of ids that is searched from the start (use a set or a unique index), a file that is rewritten as a whole, a table without an index, a log in memory. Limit how much you remember.",
			Run:   keepsItsPace,
		},
		Check{
			ID: "RAT-09", Area: RateLimit, Level: Should, Spec: rfcRetryAfter, Fix: fixSheds, Mend: MendOverload, Needs: burst,
			Title: "where it sheds load, does so by 429 or 503 with Retry-After",
			Why:   "the answer shows the sender, and anyone who reads its log, whether your handler is full or broken",
			Run:   shedsPolitely,
		},
		silenceCheck(),
		Check{
			ID: "RAT-11", Area: RateLimit, Level: Should, Spec: docSecret, Mend: MendRefuse,
			Needs: Needs{Burst: true, Secret: true},
			Title: "accepts genuine deliveries in a flood of forged ones",
			Why:   "if a limit counts before the secret is compared, anyone who finds the URL can lock out the Hub",
			Fix:   "Compare the secret first, and count only genuine deliveries against a limit. Refuse a wrong secret quickly: no database, no log of the body, no pause, no lock-out.",
			Run:   bearsForgers,
		},
	)
}

// bears makes a burst of which every answer must be good.
func bears(n, connections int, matcher func() types.GomegaMatcher) func(gomega.Gomega, *Handler) {
	return func(g gomega.Gomega, h *Handler) {
		b := h.Quota(n, connections)
		h.Control(b)
		b.expectEach(g, matcher())
		h.Conclude(b)
	}
}

func (b Burst) expectEach(g gomega.Gomega, matcher types.GomegaMatcher) {
	fails := func(answer Answer) bool {
		holds, err := matcher.Match(answer)
		return err != nil || !holds
	}
	first := slices.IndexFunc(b.Answers, fails)
	if first < 0 {
		return
	}
	which := ofBurst(first, b)
	if n := len(slices.DeleteFunc(slices.Clone(b.Answers), func(a Answer) bool { return !fails(a) })); n > 1 {
		which += fmt.Sprintf(", the first of %d like it", n)
	}
	g.Expect(b.Answers[first]).To(matcher, which)
}
