package suites

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

const (
	whyQuota = "a webhook may be triggered 1,000 times a day, and pushes come in bursts; what is not accepted is retried, and comes on top of what follows"

	fixQuota = "Accept at least 1,000 deliveries in a burst: store each (a queue, a table) and answer 2xx, and work them off afterwards. Leave the webhook's path out of rate limits that a framework, a proxy or a host sets (nginx limit_req, slowapi, express-rate-limit), or raise these."
	fixCrowd = "Look for what only bears a few requests at once: SQLite without WAL and a busy timeout, a small pool of database connections, one worker process with a short backlog. Answer 2xx as soon as a delivery is stored in a queue, and let a fixed number of workers do the rest."
	fixSwift = "Do no work before the answer: store the delivery, answer 2xx, and let a background worker go on. What remains before the answer must not wait for a lock that the work holds."
	fixSheds = "Answer 503 (or 429) with Retry-After: <seconds> where the queue is full, before anything of the delivery is kept, instead of letting an exception become a 500 or a connection break."
	fixEach  = "Put each delivery into a queue that does not lose it: a bounded queue that answers 503 when it is full, never one that drops silently. Remember its Webhook-Id and take it in one step (a unique index, a lock), so that no two workers take the same one; and add to counters atomically. A handler that is meant to work off several events of a repo as one does well to leave this check out: --skip RAT-06."
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
			Why:   "a handler that works before it answers falls behind in a burst until the Hub no longer waits",
			Run:   bears(dailyQuota, few, BeAnsweredInTime),
		},
		{
			ID: "RAT-04", Area: RateLimit, Level: Must, Spec: docDelivery, Mend: MendOverload, Needs: burst,
			Title: "accepts deliveries again soon after it has shed load",
			Why:   "the Hub comes again after a while; a handler that stays full, or keeps the sender locked out, fails until the webhook is suspended",
			Fix:   "Have every limit end by itself: a queue that workers empty, a bucket that fills again within a minute, no ban that lasts. Free what a request holds (a connection, a slot in a semaphore) in a finally or defer, on every path.",
			Run:   recovers,
		},
	}
	checks = append(checks, crowded...)
	return append(checks,
		Check{
			ID: "RAT-06", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixEach, Mend: MendIdempotency,
			Needs: Needs{Burst: true, Observer: true},
			Title: "acts exactly once for each delivery of a day's quota over 50 connections",
			Why:   "what was answered with 2xx never comes again: a delivery that is lost afterwards is lost for good, and one that two workers take is done twice",
			Run:   actsOnceForEach,
		},
		Check{
			ID: "RAT-07", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixSwift, Mend: MendAnswerFirst, Needs: burst,
			Title: "answers 99% of a day's quota over 10 connections at once",
			Why:   "the Hub asks for an answer at once; what is slow for 10 senders runs into its time-out for more of them",
			Run:   swiftInBurst,
		},
		Check{
			ID: "RAT-08", Area: RateLimit, Level: Should, Spec: docDelivery, Mend: MendIdempotency, Needs: burst,
			Title: "is no slower at the end of a day's quota than at its beginning",
			Why:   "a handler that grows slower with each delivery stops answering in time some day, and nothing seems to have changed",
			Fix:   "Look for what grows with each delivery: a list of ids that is searched from the beginning (take a set, or a unique index), a file that is read and written as a whole, a table without an index, a log that is kept in memory. Bound what is remembered.",
			Run:   keepsItsPace,
		},
		Check{
			ID: "RAT-09", Area: RateLimit, Level: Should, Spec: rfcRetryAfter, Fix: fixSheds, Mend: MendOverload, Needs: burst,
			Title: "where it sheds load, does so by 429 or 503 with Retry-After",
			Why:   "a sender, and whoever reads its log, tells a handler that is full from one that is broken by the answer",
			Run:   shedsPolitely,
		},
		silenceCheck(),
		Check{
			ID: "RAT-11", Area: RateLimit, Level: Should, Spec: docSecret, Mend: MendRefuse,
			Needs: Needs{Burst: true, Secret: true},
			Title: "accepts genuine deliveries in a flood of forged ones",
			Why:   "a limit that counts before the secret is compared lets anyone who finds the URL keep the Hub out",
			Fix:   "Compare the secret first, and count only genuine deliveries against a limit. Refuse cheaply: no database, no log of the body, no pause and no lock-out for a wrong secret.",
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
