package suites

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// returnWithin is how long a handler that went down may take to be started again, as one
// is by whatever keeps it running.
const returnWithin = 5 * time.Second

// lingers is how long after the last answer of a run a handler is looked for: what it does
// after an answer may still bring it down.
const lingers = 100 * time.Millisecond

// delivered is a delivery as people are told of it.
type delivered struct{ check, what string }

func (t delivered) String() string { return t.check + " (" + t.what + ")" }

// noteReachability takes in whether a delivery met anybody.
func (h *Handler) noteReachability(answer Response) {
	switch {
	case !answer.Unanswered():
		h.reached.Store(true)
	case delivery.IsRefused(answer.exchange.Err):
		h.refusedConn.Store(true)
		h.neverReached.CompareAndSwap(false, !h.reached.Load())
	case !delivery.IsUnanswered(answer.exchange.Err):
		h.broken.Store(true)
	}
}

// wentDown tells whether the handler went down while a check was run, or before. A
// connection that broke can be the last of a handler, which may still take another one
// while it ends.
func (r *run) wentDown(h *Handler) bool {
	if !r.answeredAny() || r.ctx.Err() != nil {
		return false
	}
	return h.refusedConn.Load() || h.broken.Load() && pause(r.ctx, lingers) == nil && r.isDown()
}

// isDown tells whether nobody listens.
func (r *run) isDown() bool {
	parsed, err := delivery.ParseURL("the handler's URL", r.target.URL)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.options.AnswerWithin)
	defer cancel()
	conn, err := r.target.Route.Dial(ctx, parsed)
	if err == nil {
		conn.Close()
	}
	return delivery.IsRefused(err)
}

// setCurrent notes which check is run.
func (r *run) setCurrent(check Check) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = check.ID
}

// answeredAny tells whether there was a handler at all.
func (r *run) answeredAny() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answered != (delivered{})
}

// retryAfterOutage judges a check once more, in which the handler went down, when it is back: it
// can have been an earlier check that brought it down. Where it does not come back,
// nothing is sent any more.
func (r *run) retryAfterOutage(check Check, h *Handler, first verdict) (*Handler, verdict) {
	if !r.awaitReturn() {
		return h, r.unlessAtFault(h, first)
	}
	h = r.handler(check).after(h)
	var second verdict
	second.status, second.reason = r.runCheck(check, h)
	if r.wentDown(h) && !r.awaitReturn() {
		second = r.unlessAtFault(h, second)
	}
	return h, second
}

// unlessAtFault is the verdict on a check whose handler did not come back: none, where it
// was down before the first delivery.
func (r *run) unlessAtFault(h *Handler, v verdict) verdict {
	if h.neverReached.Load() || v.status != reports.Failed {
		v.status, v.reason = reports.Inconclusive, r.stopReason()
	}
	return v
}

// awaitReturn notes an outage, and tells whether the handler came back from it.
func (r *run) awaitReturn() bool {
	err := untilListening(r.ctx, r.target, returnWithin)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outages = append(r.outages, r.answered)
	if err == nil {
		r.unanswered, r.stopped = 0, ""
		return true
	}
	r.stopped = fmt.Sprintf(notTried+"the handler went down, and was not back within %v; the last delivery that it answered was %s", returnWithin, r.answered)
	return false
}

// finalProbe looks for the handler once more at the end of a run: the last delivery may
// have brought it down, too.
func (r *run) finalProbe() {
	if r.answeredAny() && r.stopReason() == "" && pause(r.ctx, lingers) == nil && r.isDown() {
		r.outages = append(r.outages, r.answered)
	}
}

// shownOutages is of how many outages it is said what was before.
const shownOutages = 5

// down says that the handler went down, and after what; empty where it did not.
func (r *run) down() string {
	if len(r.outages) == 0 {
		return ""
	}
	times := "the handler went down"
	if n := len(r.outages); n > 1 {
		times = fmt.Sprintf("the handler went down %d times", n)
	}
	var after []string
	for i, t := range r.outages {
		if i == shownOutages {
			after = append(after, "…")
			break
		}
		after = append(after, t.String())
	}
	return r.mask.Text(times + ", shortly after it had answered " + strings.Join(after, "; ") + ": its log says why")
}

// abortReason says that not everything was tried, and why; empty where everything was.
func (r *run) abortReason(untried int) string {
	if r.stopped == "" || untried == 0 {
		return ""
	}
	why := r.down()
	if why == "" {
		why = r.mask.Text(strings.TrimPrefix(r.stopped, notTried))
	}
	return why + "; what could not be tried any more: " + countedChecks(untried)
}

// notTried begins the reason of a check that was not tried any more.
const notTried = "not tried: "

// untried is how many checks were not tried any more.
func untried(checks []reports.Check) (n int) {
	for _, check := range checks {
		if check.Status == reports.Inconclusive && strings.HasPrefix(check.Reason, notTried) {
			n++
		}
	}
	return n
}

func countedChecks(n int) string {
	if n == 1 {
		return "1 check"
	}
	return fmt.Sprintf("%d checks", n)
}
