package suites

import (
	"errors"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// idleLeast is how long a connection is left idle at least: longer than what a
// handler does between two deliveries of a burst. Mostly it is the whole run.
const idleLeast = 2500 * time.Millisecond

// silenceCheck asks for the first delivery after a while in which none came.
func silenceCheck() Check {
	return Check{
		ID: "RAT-10", Area: RateLimit, Level: Should, Spec: rfcPersist,
		Title: "accepts the first delivery after silence, on a connection that was left idle",
		Why:   "hours pass between bursts; by then, what a handler holds open (such as a connection to its database) may be closed",
		Fix:   "Check or reopen idle connections to your database before you use them. Keep idle HTTP connections open for a minute or more; never close one after a request arrived on it.", Mend: MendServer,
		Begin: func(h *Handler) {
			h.KeepLine()
			h.idleSince = time.Now()
		},
		Run: func(g gomega.Gomega, h *Handler) {
			if h.line == nil {
				h.KeepLine()
				h.idleSince = time.Now()
			}
			if err := pause(h.run.ctx, time.Until(h.idleSince.Add(idleLeast))); err != nil {
				h.run.mayGoOn(h)
			}
			idle := time.Since(h.idleSince).Round(100 * time.Millisecond)
			d := h.New(Called("on a connection that was left idle for " + idle.String()))
			answer := h.Over(h.line, d)
			if errors.Is(answer.x.Err, delivery.ErrClosedIdle) {
				// Closing an idle connection is right; a sender opens another one.
				answer = h.Attempt(again(d))
			}
			g.Expect(answer).To(BeAccepted())
		},
	}
}
