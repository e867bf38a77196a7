package check

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites/observe"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A Run is what the checks of one run share: the handler under test, the way to it, and
// what was seen of it so far.
type Run struct {
	Mask    *secrets.Mask // hides secrets in what is shown
	Started time.Time

	ctx       context.Context
	target    Target
	config    Config
	generator *emitter.Generator
	sender    *delivery.Sender
	observer  *observe.Observer // nil without one

	mu           sync.Mutex
	unanswered   int         // attempts in a row, each begun after the one before had ended
	waitedUntil  time.Time   // the end of the latest of them
	stopped      string      // why nothing is sent any more; empty while the run goes on
	sent         int         // attempts
	accepted     int         // deliveries
	lastResponse Response    // the latest
	limited      atomic.Bool // a delivery waited in vain, and none got through since
	current      string      // the ID of the check that is run
	answered     answered    // the latest delivery that was; zero before there is one
	outages      []answered  // what the handler had answered last, each time that it went down
	vainProbes   int         // after a broken connection, of a handler that was there

	accepts     map[string]bool     // shapes of which an ordinary delivery was accepted, when last tried
	activeShape string              // on which the handler is seen to act; empty until it is looked for
	baselines   map[string]Baseline // by scope
	bursts      map[int]*burstLog   // by connections
}

// Config says how the checks of a run are run.
type Config struct {
	Seed         uint64        // of the payloads
	Schemas      *schemas.Set  // of the payloads; nil means the embedded ones
	Timeout      time.Duration // of the whole run
	Budget       time.Duration // for a check that needs many deliveries
	AnswerWithin time.Duration // for a response
	Settle       time.Duration // see observe.New
	Limits       Limits
	NoBurst      bool // leaves out the checks that need many deliveries
}

// ErrTimeout is the cause of a context that ends because the whole run took too long.
var ErrTimeout = errors.New("the run's time-out is over")

// NewRun returns a run against a target that was normalized. It sends nothing yet.
func NewRun(ctx context.Context, target Target, config Config) (*Run, error) {
	generator, err := emitter.New(emitter.Options{
		Seed: config.Seed, Schemas: config.Schemas, Edits: target.Edits, HubURL: target.HubURL,
	})
	if err == nil {
		err = tryPayload(generator, target)
	}
	if err != nil {
		return nil, err
	}
	r := &Run{
		Mask: secrets.NewMask(target.Secret), Started: time.Now(),
		ctx: ctx, target: target, config: config, generator: generator,
		sender:    delivery.NewSender(delivery.SenderOptions{Timeout: config.AnswerWithin, Route: target.Route}),
		accepts:   map[string]bool{},
		baselines: map[string]Baseline{},
		bursts:    map[int]*burstLog{},
	}
	r.Mask.HidePassword(target.URL)
	r.Mask.HidePassword(target.Observe)
	r.Mask.HideHeaders(target.Header)
	if source := target.source(); source != nil {
		r.observer = observe.New(source, config.Settle)
	}
	return r, nil
}

// tryPayload returns an error for what prevents payloads, before a check meets it: an edit that fits no
// payload, an invalid name of a repo.
func tryPayload(generator *emitter.Generator, target Target) error {
	if len(target.Edits) > 0 {
		if _, err := generator.Feed(emitter.FeedOptions{}); err != nil {
			return err
		}
	}
	_, err := generator.Payload(emitter.Request{Shape: UsualShape, Scene: target.mergeDefaults(emitter.Scene{})})
	return err
}

// Close closes the connections of the run.
func (r *Run) Close() { r.sender.Close() }

// Reach finds out whether there is a handler at all, and an observer that works. The error
// tells a user why not.
func (r *Run) Reach() error {
	parsed, err := r.target.parseURL()
	if err != nil {
		return err
	}
	err = r.dial()
	switch {
	case err == nil:
	case errors.Is(err, delivery.ErrCertificate):
		return fmt.Errorf("the handler's certificate is not trusted, and the Hub would not trust it either (%v): --cacert FILE names who is to be trusted, --insecure takes any", err)
	case errors.As(err, new(tls.RecordHeaderError)):
		return fmt.Errorf("what answers at %s speaks http, not https: write the URL with http://", parsed.Host)
	case !errors.Is(err, syscall.ECONNRESET): // a handler that resets is there, and is judged
		return fmt.Errorf("nothing answers at %s (%v): is the handler running there?",
			cmp.Or(r.target.Route.Unix, parsed.Host), dialCause(err))
	}
	if r.observer == nil {
		return nil
	}
	if err := r.observer.LearnVolatile(r.ctx); err != nil {
		return fmt.Errorf("the observer cannot be used: %s", r.Mask.Text(err.Error()))
	}
	return nil
}

// NewHandler returns the handler as a check sees it.
func (r *Run) NewHandler(c Check) *Handler { return &Handler{run: r, nextIndex: firstIndex(c)} }

// Begin runs the part of a check that comes long before the rest.
func (r *Run) Begin(c Check) *Handler {
	h := r.NewHandler(c)
	begun := r.try(func() {
		r.requireNeeds(c.Needs, h)
		c.Begin(h)
	})
	h.begun = &begun
	return h
}

// Judge runs a check and returns how it ended, with the handler as the check saw it
// last: a check is run again if the handler went down meanwhile, or if an observer may have
// looked too early.
func (r *Run) Judge(c Check, h *Handler) (*Handler, Outcome) {
	tried := !r.IsOver()
	r.setCurrent(c)
	outcome := r.runCheck(c, h)
	if r.wentDown(h) {
		h, outcome = r.retryAfterOutage(c, h, outcome)
	}
	if outcome.Status == reports.Failed && h.observed && r.observer.SetPatient(true) {
		h = r.handlerAfter(c, h)
		outcome = r.runCheck(c, h)
		r.observer.SetPatient(false)
	}
	if tried && r.ctx.Err() != nil && (outcome.Status == reports.Failed || outcome.Status == reports.Inconclusive) {
		// The check may have failed only because the run ended.
		outcome = Outcome{Status: reports.Inconclusive, Reason: "not tried to its end: " + r.stopReason()}
	}
	return h, outcome
}

// setCurrent records which check is running.
func (r *Run) setCurrent(c Check) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = c.ID
}

// handlerAfter returns the handler for another run of a check. No payload is made twice.
func (r *Run) handlerAfter(c Check, first *Handler) *Handler {
	h := r.NewHandler(c)
	h.nextIndex = first.nextIndex
	return h
}

func (r *Run) runCheck(c Check, h *Handler) Outcome {
	if h.begun != nil && h.begun.Status != reports.Passed {
		return *h.begun
	}
	if r.IsOver() {
		return r.notTried()
	}
	outcome := r.try(func() {
		r.requireNeeds(c.Needs, h)
		c.Run(newGomega(h), h)
	})
	switch {
	case outcome.Status != reports.Failed:
	case h.culprit.limited:
		outcome = h.throttled()
	case h.culprit.accepts:
		outcome.Cause = reports.CauseRejected
	}
	return outcome
}

// newGomega returns a Gomega that ends a check at the first failure.
func newGomega(h *Handler) gomega.Gomega {
	return gomega.NewGomega(func(message string, _ ...int) {
		panic(Outcome{Status: reports.Failed, Reason: strings.TrimSpace(message), Observations: h.culprit.failure})
	})
}

// try runs a part of a check and returns how it ended.
func (r *Run) try(do func()) (outcome Outcome) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case Outcome:
			outcome = fault
		default:
			// A fault of ours says nothing about the handler.
			outcome = Outcome{Status: reports.Error, Trace: string(debug.Stack())}
			outcome.Reason = fmt.Sprintf("a fault of hubhook, please report it: %v\n%s", fault, outcome.Trace)
		}
	}()
	do()
	return Outcome{Status: reports.Passed}
}

// send makes one attempt, and counts it.
func (r *Run) send(d Delivery) Response {
	for _, field := range d.secrets {
		r.Mask.Learn(field.variant)
	}
	return r.count(d, r.sender.Send(r.ctx, d.attempt(r.target)))
}

func (r *Run) count(d Delivery, x delivery.Exchange) Response {
	response := NewResponse(d.String(), x, r.Mask)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lastResponse = response
	r.sent++
	if response.Accepted() {
		r.accepted++
	}
	if !response.Unanswered() {
		r.answered = answered{r.current, response.what}
	}
	r.countUnanswered(response)
	return response
}

// maxUnanswered is after how many unanswered attempts in a row a run stops: at 30 s each,
// a handler that hangs would otherwise take hours.
const maxUnanswered = 3

// countUnanswered stops the run after too many unanswered attempts in a row. Those that
// wait at the same time count as one: a handler that stalls for a moment leaves all its
// connections waiting, and may answer the next one.
func (r *Run) countUnanswered(response Response) {
	if !response.Unanswered() {
		r.unanswered = 0
		return
	}
	if r.unanswered > 0 && response.exchange.Started.Before(r.waitedUntil) {
		return
	}
	r.unanswered++
	r.waitedUntil = response.ended()
	if r.unanswered >= maxUnanswered && r.stopped == "" {
		r.stopped = fmt.Sprintf("the handler left %d deliveries in a row without a complete answer (the last: %v)",
			maxUnanswered, response.exchange.Err)
	}
}

// isStopped reports whether the run stopped because of the handler.
func (r *Run) isStopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopped != ""
}

// IsOver reports whether nothing is sent any more.
func (r *Run) IsOver() bool { return r.isStopped() || r.ctx.Err() != nil }

// StopReason returns why the run stopped because of the handler; empty if it did not.
func (r *Run) StopReason() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Mask.Text(r.stopped)
}

// stopReason returns why nothing is sent any more.
func (r *Run) stopReason() string {
	switch {
	case r.isStopped():
		return r.StopReason()
	case errors.Is(context.Cause(r.ctx), ErrTimeout):
		return fmt.Sprintf("the run's time-out of %v is over", r.config.Timeout)
	}
	return "the run was interrupted"
}

// notTried returns the outcome of a check after the end of the run.
func (r *Run) notTried() Outcome {
	outcome := newOutcome(reports.Inconclusive, []reports.Observation{{Label: "not tried", Text: r.stopReason()}})
	outcome.Cause = reports.CauseNotTried
	return outcome
}

// A Tally is what a run has sent so far.
type Tally struct {
	Sent     int // attempts
	Accepted int // deliveries
	Last     Response
}

// Tally returns what the run has sent so far.
func (r *Run) Tally() Tally {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Tally{r.sent, r.accepted, r.lastResponse}
}

// ProbeAcceptance sends an ordinary delivery if none was accepted: a few checks may have
// sent nothing that this handler accepts, although it is there and knows the secret.
func (r *Run) ProbeAcceptance() {
	if r.Tally().Accepted > 0 || r.IsOver() {
		return
	}
	h := r.NewHandler(Check{ID: "SEC-01", Area: AreaSecret})
	// The response says what went wrong.
	_ = r.try(func() { h.Deliver() })
}

// FindActiveShape looks for a shape on which the handler is seen to act, so that no check
// has to.
func (r *Run) FindActiveShape() {
	if r.observer != nil {
		_ = r.try(func() { r.NewHandler(Check{}).ActiveShape() })
	}
}
