package suites

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
)

// Session judges one handler check by check. What one check found out about the
// handler, such as how long its effects take to show, the next ones know.
type Session struct {
	run    *run
	cancel context.CancelFunc
	begun  map[string]*Handler // checks that were begun, by ID
}

// Open finds out whether the handler is there, having waited for it where that is asked
// for, and its observer. The error tells a user why there is nothing to judge.
func Open(ctx context.Context, target Target, options Options) (*Session, error) {
	options = options.withDefaults()
	target, err := target.normal()
	if err != nil {
		return nil, err
	}
	if err := await(ctx, target, options); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, options.Timeout, errRunTimeout)
	s := &Session{cancel: cancel, begun: map[string]*Handler{}}
	if s.run, err = newRun(ctx, target, options); err == nil {
		err = s.run.reach()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the session, and the connections of it.
func (s *Session) Close() {
	s.cancel()
	if s.run != nil {
		s.run.sender.Close()
	}
}

// Judge runs one check.
func (s *Session) Judge(check Check) reports.Check {
	h := s.begun[check.ID]
	if h == nil {
		h = s.run.handler(check)
	}
	began, tried := time.Now(), s.run.stopReason() == ""
	s.run.setCurrent(check)
	status, reason := s.run.runCheck(check, h)
	if s.run.wentDown(h) {
		var again verdict
		h, again = s.run.retryAfterOutage(check, h, verdict{status: status, reason: reason})
		status, reason = again.status, again.reason
	}
	if status == reports.Failed && h.observed && s.run.observer.lookLonger() {
		// What was observed can have been too early: a second look takes its time.
		h = s.run.handler(check).after(h)
		status, reason = s.run.runCheck(check, h)
		s.run.observer.lookAsUsual()
	}
	if tried && s.run.ctx.Err() != nil && (status == reports.Failed || status == reports.Inconclusive) {
		// That the run broke off may be all that it failed of.
		status, reason = reports.Inconclusive, strings.Replace(s.run.stopReason(), "not tried", "not tried to its end", 1)
	}
	v := verdict{status, reason, time.Since(began)}
	s.run.save(check, h, v)
	return s.run.buildReport(check, h, v)
}

// Begin has those checks begin that wait for the run to be nearly over, so that they
// wait meanwhile.
func (s *Session) Begin(checks []Check) {
	for _, check := range checks {
		if check.Begin == nil || s.run.stopReason() != "" {
			continue
		}
		h := s.run.handler(check)
		s.begun[check.ID] = h
		h.began, h.beganReason = s.run.try(func() {
			s.run.requireNeeds(check.Needs, h)
			check.Begin(h)
		})
	}
}

func newRun(ctx context.Context, target Target, options Options) (*run, error) {
	generator, err := emitter.New(emitter.Options{Seed: options.Seed, Schemas: options.Schemas, Edits: target.Edits, HubURL: target.HubURL})
	if err == nil {
		err = tryPayload(generator, target)
	}
	if err != nil {
		return nil, err
	}
	r := &run{
		ctx: ctx, target: target, options: options,
		generator: generator,
		sender:    delivery.NewSender(delivery.SenderOptions{Timeout: options.AnswerWithin, Route: target.Route}),
		mask:      newMasker(target.Secret),
		started:   time.Now(),
		accepts:   map[string]bool{},
		baselines: map[string]Baseline{},
		bursts:    map[int]*burst{},
	}
	r.mask.HidePassword(target.URL)
	r.mask.HidePassword(target.Observe)
	r.mask.learnHeaders(target.Header)
	if look := target.look(); look != nil {
		r.observer = newObserver(look, options.Settle)
	}
	return r, nil
}

// tryPayload finds what nothing can be told of, before a check would: an edit that no
// payload has a place for, a repo that has no such name.
func tryPayload(generator *emitter.Generator, target Target) error {
	if len(target.Edits) > 0 {
		if _, err := generator.Feed(emitter.FeedOptions{}); err != nil {
			return err
		}
	}
	_, err := generator.Payload(emitter.Request{Shape: UsualShape, Scene: target.mergeDefaults(emitter.Scene{})})
	return err
}

// reach finds out whether there is anybody at all, before anything is judged.
func (r *run) reach() error {
	parsed, err := url.Parse(r.target.URL)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.options.AnswerWithin)
	defer cancel()
	conn, err := r.target.Route.Dial(ctx, parsed)
	switch {
	case err == nil:
		conn.Close()
	case errors.Is(err, delivery.ErrCertificate):
		return fmt.Errorf("the handler's certificate is not trusted, and the Hub would not trust it either (%v): --cacert FILE names who is to be trusted, --insecure takes any", err)
	case errors.As(err, new(tls.RecordHeaderError)):
		return fmt.Errorf("what answers at %s speaks http, not https: write the URL with http://", parsed.Host)
	case !errors.Is(err, syscall.ECONNRESET): // who resets is there, and is judged
		return fmt.Errorf("nothing answers at %s (%v): is the handler running there?", cmp.Or(r.target.Route.Unix, parsed.Host), dialFault(err))
	}
	if r.observer == nil {
		return nil
	}
	if err := r.observer.learn(r.ctx); err != nil {
		return fmt.Errorf("the observer cannot be used: %s", r.mask.Text(err.Error()))
	}
	return nil
}

// dialFault is the innermost reason, without the address a second time.
func dialFault(err error) error {
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// verdict is what came of a check.
type verdict struct {
	status reports.Status
	reason string
	took   time.Duration
}

// buildReport writes a verdict as reports do, the secret masked.
func (r *run) buildReport(check Check, h *Handler, v verdict) reports.Check {
	told := reports.Check{
		ID: check.ID, Area: string(check.Area), Level: string(check.Level),
		Title: check.Title, Why: check.Why, Spec: check.Spec, Fix: check.Fix, Example: string(check.Example),
		Status: v.status, Reason: r.mask.Text(v.reason), Warning: r.mask.Text(h.note),
		Known:      matchesAny(check.ID, r.options.Known),
		DurationMs: v.took.Milliseconds(),
		Exchanges:  h.recorder.exchanges(r, &h.culprit),
		Sent:       h.recorder.sent,
	}
	told.Hints = reports.HintLines(told.Reason)
	if r.options.Rerun != nil {
		told.Rerun = r.mask.Text(r.options.Rerun(check.ID))
	}
	return told
}

// runCheck runs a check and says what came of it.
func (r *run) runCheck(check Check, h *Handler) (reports.Status, string) {
	if h.began != "" && h.began != reports.Passed {
		return h.began, h.beganReason
	}
	if over := r.stopReason(); over != "" {
		return reports.Inconclusive, over
	}
	return r.try(func() {
		r.requireNeeds(check.Needs, h)
		check.Run(newGomega(), h)
	})
}

// newGomega ends a check where an expectation is not met.
func newGomega() gomega.Gomega {
	return gomega.NewGomega(func(message string, _ ...int) {
		panic(outcome{reports.Failed, strings.TrimSpace(message)})
	})
}

// try does a part of a check and says how it ended.
func (r *run) try(do func()) (status reports.Status, reason string) {
	defer func() {
		switch fault := recover().(type) {
		case nil:
		case outcome:
			status, reason = fault.status, fault.reason
		default:
			// A fault of ours says nothing about the handler.
			status, reason = reports.Error, fmt.Sprintf("a fault of hubhook, please report it: %v\n%s", fault, debug.Stack())
		}
	}()
	do()
	return reports.Passed, ""
}
