package suites

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
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
		Check{ID: "RAT-05", Area: RateLimit, Level: Should, Spec: docRateLimit, Why: whyQuota, Fix: fixCrowd, Example: ExampleOverload, Needs: burst},
		[]entry{
			{"accepts a day's quota over 10 connections at once", bears(DailyQuota, conns10, BeAccepted)},
			{"accepts a day's quota over 50 connections at once", bears(DailyQuota, conns50, BeAccepted)},
		})
	checks := []Check{
		{
			// No more than other areas send: a handler that others depend on bears it too.
			ID: "RAT-01", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota, Fix: fixQuota, Example: ExampleOverload,
			Title: "accepts 100 deliveries one after another",
			Run:   bears(100, conns1, BeAccepted),
		},
		{
			ID: "RAT-02", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota, Fix: fixQuota, Example: ExampleOverload, Needs: burst,
			Title: "accepts a day's quota, 1,000 deliveries, one after another",
			Run:   bears(DailyQuota, conns1, BeAccepted),
		},
		{
			ID: "RAT-03", Area: RateLimit, Level: Must, Spec: docDelivery, Fix: fixSwift, Example: ExampleAnswerFirst, Needs: burst,
			Title: "answers each of a day's quota over 10 connections within the Hub's time",
			Why:   "a handler that works before it answers falls further and further behind in a burst, until the Hub no longer waits",
			Run:   bears(DailyQuota, conns10, BeInTime),
		},
		{
			ID: "RAT-04", Area: RateLimit, Level: Must, Spec: docDelivery, Example: ExampleOverload, Needs: burst,
			Title: "accepts deliveries again soon after it has shed load",
			Why:   "the Hub tries again after a while; a handler that stays full, or locks the sender out, fails until the webhook is suspended",
			Fix:   "Make every limit end by itself: workers empty the queue, a token bucket refills within a minute, no lasting ban. Release what a request holds (a connection, a slot in a semaphore) in finally or defer, also after an error.",
			Run:   recovers,
		},
	}
	checks = append(checks, crowded...)
	return append(checks,
		Check{
			ID: "RAT-06", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixEach, Example: ExampleIdempotency,
			Needs: Needs{Burst: true, Observer: true},
			Title: "acts exactly once for each delivery of a day's quota over 50 connections",
			Why:   "a delivery that you answered with 2xx never comes again: if you drop it then, it is lost; if two workers take it, it is done twice",
			Run:   actsOnceForEach,
		},
		Check{
			ID: "RAT-07", Area: RateLimit, Level: Should, Spec: docDelivery, Fix: fixSwift, Example: ExampleAnswerFirst, Needs: burst,
			Title: "answers 99% of a day's quota over 10 connections at once",
			Why:   "the Hub asks for an answer at once; a handler that is slow with 10 connections runs into the time-out with more",
			Run:   swiftInBurst,
		},
		Check{
			ID: "RAT-08", Area: RateLimit, Level: Should, Spec: docDelivery, Example: ExampleIdempotency, Needs: burst,
			Title: "is no slower at the end of a day's quota than at its beginning",
			Why:   "a handler that gets slower with each delivery will one day no longer answer in time, although nothing seems to have changed",
			Fix:   "Look for what grows with each delivery: a list of ids that is searched from the start (use a set or a unique index), a file that is rewritten as a whole, a table without an index, a log in memory. Limit how much you remember.",
			Run:   keepsItsPace,
		},
		Check{
			ID: "RAT-09", Area: RateLimit, Level: Should, Spec: rfcRetryAfter, Fix: fixSheds, Example: ExampleOverload, Needs: burst,
			Title: "where it sheds load, does so by 429 or 503 with Retry-After",
			Why:   "the answer shows the sender, and anyone who reads its log, whether your handler is full or broken",
			Run:   signalsOverload,
		},
		silenceCheck(),
		Check{
			ID: "RAT-11", Area: RateLimit, Level: Should, Spec: docSecret, Example: ExampleReject,
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
		b := h.DailyBurst(n, connections)
		h.RequireAnyAccepted(b)
		b.expectEach(g, matcher())
		h.RequireComplete(b)
	}
}

func (b Burst) expectEach(g gomega.Gomega, matcher types.GomegaMatcher) {
	fails := func(answer Response) bool {
		holds, err := matcher.Match(answer)
		return err != nil || !holds
	}
	first := slices.IndexFunc(b.Responses, fails)
	if first < 0 {
		return
	}
	which := ofBurst(first, b)
	if n := len(slices.DeleteFunc(slices.Clone(b.Responses), func(a Response) bool { return !fails(a) })); n > 1 {
		which += fmt.Sprintf(", the first of %d like it", n)
	}
	g.Expect(b.Responses[first]).To(matcher, which)
}

// idleLeast is how long a connection is left idle at least: longer than what a
// handler does between two deliveries of a burst. Mostly it is the whole run.
const idleLeast = 2500 * time.Millisecond

// silenceCheck asks for the first delivery after a while in which none came.
func silenceCheck() Check {
	return Check{
		ID: "RAT-10", Area: RateLimit, Level: Should, Spec: rfcPersist,
		Title: "accepts the first delivery after silence, on a connection that was left idle",
		Why:   "hours pass between bursts; by then, what a handler holds open (such as a connection to its database) may be closed",
		Fix:   "Check or reopen idle connections to your database before you use them. Keep idle HTTP connections open for a minute or more; never close one after a request arrived on it.", Example: ExampleServer,
		Begin: func(h *Handler) {
			h.LeaveIdle()
			h.idleSince = time.Now()
		},
		Run: func(g gomega.Gomega, h *Handler) {
			if h.idleConn == nil {
				h.LeaveIdle()
				h.idleSince = time.Now()
			}
			if err := pause(h.run.ctx, time.Until(h.idleSince.Add(idleLeast))); err != nil {
				h.run.requireRunning(h)
			}
			idle := time.Since(h.idleSince).Round(100 * time.Millisecond)
			d := h.New(Describe("on a connection that was left idle for " + idle.String()))
			answer := h.AttemptOver(h.idleConn, d)
			if errors.Is(answer.exchange.Err, delivery.ErrClosedIdle) {
				// Closing an idle connection is right; a sender opens another one.
				answer = h.Attempt(again(d))
			}
			g.Expect(answer).To(BeAccepted())
		},
	}
}

// retryAfter is the header that says when to come again (RFC 9110, 10.2.3).
const retryAfter = "Retry-After"

// RetryAfter is how long an answer asks to wait; false where it does not say.
func (a Response) RetryAfter() (time.Duration, bool) {
	value := strings.TrimSpace(a.Header(retryAfter))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(a.ended())), true
	}
	return 0, false
}

func (a Response) ended() time.Time { return a.exchange.Started.Add(a.exchange.Duration) }

// BeOverloaded wants an answer that says it is too much, and when to come again.
func BeOverloaded() types.GomegaMatcher {
	return ResponseMatcher{"where it is too much, 429 or 503 with Retry-After in seconds or as a date", func(a Response) bool {
		_, tells := a.RetryAfter()
		return tells && (a.Status() == http.StatusTooManyRequests || a.Status() == http.StatusServiceUnavailable)
	}}
}

// signalsOverload looks at what was not accepted of all bursts.
func signalsOverload(g gomega.Gomega, h *Handler) {
	sent, shed := 0, 0
	for _, b := range h.AcceptedBursts() {
		sent += len(b.Responses)
		if len(b.shed()) == 0 {
			continue
		}
		h.ShowBurst(b.Connections)
		for i, answer := range b.Responses {
			if !answer.Accepted() {
				shed++
				g.Expect(answer).To(BeOverloaded(), ofBurst(i, b))
			}
		}
	}
	if shed == 0 {
		h.run.requireRunning(h)
		h.Skip("nothing was shed: all %d deliveries of the bursts were accepted", sent)
	}
}

// recovers has the handler accept a delivery again about the repo of which it shed
// some.
func recovers(g gomega.Gomega, h *Handler) {
	var latest Response
	connections := 0
	bursts := h.AcceptedBursts()
	for _, b := range bursts {
		if shed := b.shed(); len(shed) > 0 {
			latest, connections = shed[len(shed)-1], b.Connections
		}
	}
	if connections == 0 {
		last := h.run.bursts[bursts[len(bursts)-1].Connections]
		g.Expect(h.Attempt(last.sequence.at(DailyQuota + 3))).To(BeAccepted())
		return
	}
	h.ShowBurst(connections)
	g.Expect(h.retryUntilAccepted(h.run.bursts[connections].sequence, latest)).To(BeAccepted(),
		"within %v of having shed load, Retry-After heeded", h.run.options.Limits.Recover)
}

// How long is waited between two tries where the handler does not say.
const (
	firstWait = 100 * time.Millisecond
	lastWait  = 5 * time.Second
)

// retryUntilAccepted tries until a delivery is accepted, or the handler had long enough to
// recover. It waits as it was asked to by the answer before.
func (h *Handler) retryUntilAccepted(about repoSequence, latest Response) Response {
	deadline := time.Now().Add(h.run.options.Limits.Recover)
	about.first.what = append(append([]string{}, about.first.what...), "about the repo of which deliveries were shed")
	for i, wait := DailyQuota+3, firstWait; ; i, wait = i+1, min(2*wait, lastWait) {
		asked, _ := latest.RetryAfter()
		next := latest.ended().Add(max(wait, asked))
		if next.After(deadline) {
			next = deadline
		}
		// An interruption is told by the attempt.
		_ = pause(h.run.ctx, time.Until(next))
		latest = h.Attempt(about.at(i))
		if latest.Accepted() || !time.Now().Before(deadline) {
			return latest
		}
		if latest.Unanswered() {
			h.Deliver(Describe("about another repo")) // is it all of the handler that is silent?
		}
	}
}

// leastForTail is the number of answers from which on 1% of them is one at least.
const leastForTail = 100

// swiftInBurst wants 99% of the answers that accept something at once, of a day's
// quota over few connections. Who waited in vain waited too long.
func swiftInBurst(g gomega.Gomega, h *Handler) {
	b := h.DailyBurst(DailyQuota, conns10)
	h.RequireAnyAccepted(b)
	var times []time.Duration
	for _, answer := range b.Responses {
		switch {
		case answer.Unanswered():
			times = append(times, math.MaxInt64)
		case answer.Accepted():
			times = append(times, answer.Duration())
		}
	}
	if len(times) < leastForTail {
		h.run.requireRunning(h)
		h.Inconclusive("%d deliveries of the burst were accepted, which are too few to tell: see RAT-05", len(times))
	}
	slices.Sort(times)
	limit := h.run.options.Limits.Prompt
	slowest := times[(len(times)*99+99)/100-1]
	g.Expect(slowest <= limit).To(satisfy(func() string {
		return fmt.Sprintf("sent:      %d deliveries over %d connections\nexpected:  99%% of them answered within %v\ncame back: %s",
			len(times), b.Connections, limit, slowOnes(times, limit))
	}))
	h.RequireComplete(b)
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
	b := h.DailyBurst(DailyQuota, conns1)
	h.RequireAnyAccepted(b)
	if b.accepted() < len(b.Responses) {
		h.Inconclusive("not all deliveries of the burst were accepted, so that their times are not those of the same work: see RAT-02")
	}
	h.RequireComplete(b)
	tenth := len(b.Responses) / 10
	first, last := median(durations(b.Responses[:tenth])), median(durations(b.Responses[len(b.Responses)-tenth:]))
	g.Expect(last <= driftTimes*first || last-first < driftLeast).To(satisfy(func() string {
		return fmt.Sprintf("sent:      %d deliveries, one after another\nexpected:  the last %d answered about as fast as the first %d, no more than %d times slower\ncame back: half of the first within %v, half of the last within %v",
			len(b.Responses), tenth, tenth, driftTimes, first.Round(time.Microsecond), last.Round(time.Microsecond))
	}))
}

func durations(answers []Response) []time.Duration {
	var list []time.Duration
	for _, answer := range answers {
		list = append(list, answer.Duration())
	}
	return list
}

// boolMatcher is a Gomega matcher for a condition, which words its failure itself.
type boolMatcher struct{ failure func() string }

var _ types.GomegaMatcher = boolMatcher{}

// satisfy wants a condition to be true.
func satisfy(failure func() string) types.GomegaMatcher { return boolMatcher{failure} }

func (h boolMatcher) Match(actual any) (bool, error) { return actual == true, nil }

func (h boolMatcher) FailureMessage(any) string { return h.failure() }

func (h boolMatcher) NegatedFailureMessage(any) string { return "not " + h.failure() }

// A flood of forged deliveries comes in waves, over so many connections at once. With
// each wave comes a genuine delivery, and one after the last: so each handler sees
// them in about the same order, however fast it is.
const (
	forgers = 20
	waves   = 10
)

// bearsForgers wants the genuine deliveries accepted. All tell of one repo.
func bearsForgers(g gomega.Gomega, h *Handler) {
	h.RequireAccepted(h.Deliver())
	index := h.nextIndex
	flood := h.newSequence(UsualShape, index, WithSecret(h.Secret().shifted(), "with a wrong secret"))
	genuine := h.newSequence(UsualShape, index, Describe("genuine, among forged ones"))
	refused := 0
	for wave := range waves {
		var deliveries []Delivery
		for i := range forgers {
			deliveries = append(deliveries, flood.at(wave*forgers+i))
		}
		if wave > 0 { // before the first one there is no flood
			deliveries = append(deliveries, genuine.at(waves*forgers+wave))
		}
		answers := h.AttemptTogether(deliveries...)
		for _, answer := range answers[:forgers] {
			if answer.Rejected() {
				refused++
			}
		}
		for _, answer := range answers[forgers:] {
			g.Expect(answer).To(BeAccepted())
		}
		if refused < (wave+1)*forgers {
			// Each wave more could take as long as a sender waits.
			h.Inconclusive("%d of %d forged deliveries were not refused, so that this is no flood of refusals: see SEC-02",
				(wave+1)*forgers-refused, (wave+1)*forgers)
		}
	}
	g.Expect(h.Attempt(genuine.at(waves * forgers))).To(BeAccepted())
}
