package check

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/observe"
)

// returnWithin is how long a handler that went down may take to be started again, as by a
// supervisor.
const returnWithin = 5 * time.Second

// probeAfter is how long after the last response a handler is looked for: what it does
// after a response may still bring it down.
const probeAfter = 100 * time.Millisecond

// maxVainProbes is after how many of them a handler that breaks connections is known to
// survive that. To look for it after each check would take longer than the checks.
const maxVainProbes = 10

// answered is a delivery that the handler answered.
type answered struct{ check, what string }

func (a answered) String() string { return a.check + " (" + a.what + ")" }

// noteReachability records whether a delivery reached anybody.
func (h *Handler) noteReachability(r Response) {
	err := r.exchange.Err
	switch {
	case delivery.IsRefused(err):
		h.refusedConn.Store(true)
		h.neverReached.CompareAndSwap(false, !h.reached.Load())
	case !r.Unanswered():
		h.reached.Store(true)
		if err != nil && !errors.Is(err, delivery.ErrAbandoned) {
			h.broken.Store(true)
		}
	}
}

// wentDown reports whether the handler went down while a check was run, or before. A
// connection that broke can be the last one of a handler, which may still accept another
// while it ends.
func (r *Run) wentDown(h *Handler) bool {
	if !r.hasAnswered() || r.ctx.Err() != nil {
		return false
	}
	if h.refusedConn.Load() {
		return true
	}
	if !h.broken.Load() || r.vainProbes == maxVainProbes {
		return false
	}
	down := observe.Pause(r.ctx, probeAfter) == nil && r.isDown()
	if !down {
		r.vainProbes++
	}
	return down
}

// isDown reports whether nobody listens.
func (r *Run) isDown() bool { return delivery.IsRefused(r.dial()) }

// dial opens a connection to the handler, and closes it.
func (r *Run) dial() error {
	parsed, err := r.target.parseURL()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.config.AnswerWithin)
	defer cancel()
	conn, err := r.target.Route.Dial(ctx, parsed)
	if err == nil {
		conn.Close()
	}
	return err
}

// hasAnswered reports whether there was a handler at all.
func (r *Run) hasAnswered() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered != (answered{})
}

// retryAfterOutage runs a check once more during which the handler went down, when it is
// back: an earlier check may have brought it down. If it does not come back, nothing is
// sent any more.
func (r *Run) retryAfterOutage(c Check, h *Handler, first Outcome) (*Handler, Outcome) {
	if !r.awaitReturn() {
		return h, r.unlessAtFault(h, first)
	}
	h = r.handlerAfter(c, h)
	second := r.runCheck(c, h)
	if r.wentDown(h) && !r.awaitReturn() {
		second = r.unlessAtFault(h, second)
	}
	return h, second
}

// unlessAtFault returns the outcome of a check whose handler did not come back: not tried,
// if it was down before the first delivery.
func (r *Run) unlessAtFault(h *Handler, o Outcome) Outcome {
	if h.neverReached.Load() || o.Status != reports.Failed {
		return r.notTried()
	}
	return o
}

// awaitReturn records an outage, and reports whether the handler came back from it.
func (r *Run) awaitReturn() bool {
	err := r.target.AwaitListening(r.ctx, returnWithin)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outages = append(r.outages, r.answered)
	if err == nil {
		r.unanswered, r.stopped = 0, ""
		return true
	}
	r.stopped = fmt.Sprintf("the handler went down, and was not back within %v; the last delivery that it answered was %s", returnWithin, r.answered)
	return false
}

// FinalProbe looks for the handler once more at the end of a run: the last delivery may
// have brought it down, too.
func (r *Run) FinalProbe() {
	if r.hasAnswered() && !r.IsOver() && observe.Pause(r.ctx, probeAfter) == nil && r.isDown() {
		r.outages = append(r.outages, r.answered)
	}
}

// shownOutages is how many outages Outages describes.
const shownOutages = 5

// Outages says that the handler went down, and after what; empty if it did not.
func (r *Run) Outages() string {
	if len(r.outages) == 0 {
		return ""
	}
	times := "the handler went down"
	if n := len(r.outages); n > 1 {
		times = fmt.Sprintf("the handler went down %d times", n)
	}
	var after []string
	for _, a := range r.outages[:min(len(r.outages), shownOutages)] {
		after = append(after, a.String())
	}
	if len(r.outages) > shownOutages {
		after = append(after, "…")
	}
	return r.Mask.Text(times + ", shortly after it had answered " + strings.Join(after, "; ") + ": its log says why")
}
