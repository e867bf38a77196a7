package check

import (
	"fmt"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/observe"
)

// The times between two attempts at a handler that asks to send later and does not say when.
const (
	firstBackoff = 250 * time.Millisecond
	maxBackoff   = 4 * time.Second
)

// TakeOverload makes the check take a 429 or a 503 for what it is: the check is about
// overload, or about a limit that somebody else used up. Otherwise a delivery that the
// handler asks to send later is sent again, as the Hub would.
func (h *Handler) TakeOverload() { h.overloads = true }

// throttled is the outcome of a check whose delivery waited in vain.
func (h *Handler) throttled() Outcome {
	return Outcome{
		Status: reports.Inconclusive, Cause: reports.CauseThrottled,
		Reason: fmt.Sprintf("the handler limits the rate at which hubhook sends, and still did after %v of waiting", h.Limits().Recover),
	}
}

// outwait sends a delivery again for as long as the handler asks to send it later, and
// returns the last response. It gives up after Limits.Recover, and at once if an earlier
// delivery had waited in vain and none got through since.
func (h *Handler) outwait(d Delivery, r Response) Response {
	if h.overloads {
		return r
	}
	deadline := time.Now().Add(h.Limits().Recover)
	for backoff := firstBackoff; r.Throttled(); backoff = min(2*backoff, maxBackoff) {
		asked, said := r.RetryAfter()
		if !said {
			asked = backoff
		}
		next := r.ended().Add(asked)
		if h.run.limited.Load() || next.After(deadline) || observe.Pause(h.run.ctx, time.Until(next)) != nil {
			h.run.limited.Store(true)
			r.outwaited = true
			return r
		}
		r = h.sendUnrecorded(d)
		h.recorder.add(d, r)
	}
	if r.Complete() {
		h.run.limited.Store(false)
	}
	return r
}
