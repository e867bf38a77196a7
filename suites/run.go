package suites

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
)

// run is what the checks of one run share.
type run struct {
	ctx       context.Context
	target    Target
	options   Options
	generator *emitter.Generator
	sender    *delivery.Sender
	mask      *masker
	observer  *observer // nil where nobody looks
	started   time.Time

	mu           sync.Mutex
	unanswered   int         // attempts in a row, each begun after the one before had ended
	waitedTill   time.Time   // the end of the latest of them
	stopped      string      // why nothing is sent any more; empty while the run goes on
	sent         int         // attempts
	accepted     int         // deliveries
	lastResponse Response    // the latest
	current      string      // the ID of the check that is run
	answered     delivered   // the latest that was; its zero value before there is one
	outages      []delivered // what the handler had answered last, each time that it went down
	activeShape  string      // a shape on which the handler is seen to act; empty until it is looked for

	accepts map[string]bool // shapes of which a plain delivery was accepted, when last tried

	baselines map[string]Baseline // what updates lead to, by scope
	bursts    map[int]*burst      // that were made already, by connections
}

// UsualShape is the shape of most deliveries that a webhook gets.
const UsualShape = "repo.content.update"

// silentAttempts is after how many unanswered attempts in a row a run stops
// sending: at 30 s each, a handler that hangs would otherwise take hours.
const silentAttempts = 3

// send makes one attempt, and counts.
func (r *run) send(d Delivery) Response {
	for _, field := range d.secrets {
		r.mask.learn(field.form)
	}
	return r.count(d, r.sender.Send(r.ctx, d.attempt(r.target)))
}

// count takes an exchange in.
func (r *run) count(d Delivery, x delivery.Exchange) Response {
	answer := Response{what: d.String(), exchange: x, mask: r.mask}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastResponse = answer
	r.sent++
	if answer.Accepted() {
		r.accepted++
	}
	if !answer.Unanswered() {
		r.answered = delivered{r.current, answer.what}
	}
	r.countSilence(answer)
	return answer
}

// countSilence stops the run where too many attempts in a row go unanswered. Those
// that wait at the same time are one: a handler that stalls for a moment leaves all
// its connections waiting, and may answer the next one.
func (r *run) countSilence(answer Response) {
	if !answer.Unanswered() {
		r.unanswered = 0
		return
	}
	if r.unanswered > 0 && answer.exchange.Started.Before(r.waitedTill) {
		return
	}
	r.unanswered++
	r.waitedTill = answer.exchange.Started.Add(answer.exchange.Duration)
	if r.unanswered >= silentAttempts && r.stopped == "" {
		r.stopped = fmt.Sprintf(notTried+"the handler left %d deliveries in a row without a complete answer (the last: %v)",
			silentAttempts, answer.exchange.Err)
	}
}

// isStopped tells whether nothing is to be sent any more.
func (r *run) isStopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped != ""
}

// requireRunning ends a check where the run is over.
func (r *run) requireRunning(h *Handler) {
	if reason := r.stopReason(); reason != "" {
		h.Inconclusive("%s", reason)
	}
}

// stopReason says why the run is over; empty while it is not.
func (r *run) stopReason() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.stopped != "":
		return r.mask.Text(r.stopped)
	case errors.Is(context.Cause(r.ctx), errRunTimeout):
		return fmt.Sprintf(notTried+"the run's time-out of %v is over", r.options.Timeout)
	case r.ctx.Err() != nil:
		return notTried + "the run was interrupted"
	}
	return ""
}

var errRunTimeout = errors.New("the run's time-out is over")
