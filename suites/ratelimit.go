package suites

import (
	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
)

const whyQuota = "a webhook may be triggered 1,000 times a day, and pushes come in bursts; what is not accepted is retried, and comes on top of what follows"

// rateLimitChecks ask whether the handler bears what a webhook may send.
func rateLimitChecks() []Check {
	return []Check{
		{
			ID: "RAT-01", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota,
			Title: "accepts 100 deliveries one after another",
			Run:   bears(100, 1, BeAccepted),
		},
		{
			ID: "RAT-02", Area: RateLimit, Level: Must, Spec: docRateLimit, Why: whyQuota,
			Title: "accepts a day's quota, 1,000 deliveries, one after another",
			Run:   bears(dailyQuota, 1, BeAccepted),
		},
		{
			ID: "RAT-03", Area: RateLimit, Level: Must, Spec: docDelivery,
			Title: "answers each of a day's quota over 10 connections within the Hub's time",
			Why:   "a handler that works before it answers falls behind in a burst until the Hub no longer waits",
			Run:   bears(dailyQuota, 10, BeAnsweredInTime),
		},
	}
}

// bears makes a burst of which every answer must be good.
func bears(n, connections int, matcher func() types.GomegaMatcher) func(gomega.Gomega, *Handler) {
	return func(g gomega.Gomega, h *Handler) {
		h.Given(h.Deliver())
		b := h.Quota(n, connections)
		for i, answer := range b.Answers {
			g.Expect(answer).To(matcher(), ofBurst(i, b))
		}
		h.Conclude(b)
	}
}
