package suites

import (
	"context"
	"time"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/check"
)

// A Session judges one handler check by check. What one check found out about the
// handler, such as how long its effects take to show, the next ones know.
type Session struct {
	run     *check.Run
	target  Target
	options Options
	cancel  context.CancelFunc
	begun   map[string]*check.Handler // checks that were begun, by ID
}

// Open waits for the handler, if the options ask for it, and finds out whether the handler
// and its observer are there. The error tells a user why there is nothing to judge.
func Open(ctx context.Context, target Target, options Options) (*Session, error) {
	options = options.withDefaults()
	target, err := target.Normalize()
	if err != nil {
		return nil, err
	}
	if err := await(ctx, target, options); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, options.Timeout, check.ErrTimeout)
	s := &Session{target: target, options: options, cancel: cancel, begun: map[string]*check.Handler{}}
	if s.run, err = check.NewRun(ctx, target, options.config()); err == nil {
		err = s.run.Reach()
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the session and closes its connections.
func (s *Session) Close() {
	s.cancel()
	if s.run != nil {
		s.run.Close()
	}
}

// Begin begins those checks that have to wait for long, so that they wait meanwhile.
func (s *Session) Begin(checks []check.Check) {
	for _, c := range checks {
		if c.Begin != nil && !s.run.IsOver() {
			s.begun[c.ID] = s.run.Begin(c)
		}
	}
}

// Judge runs one check.
func (s *Session) Judge(c check.Check) reports.Check {
	_, report := s.judge(c)
	return report
}

func (s *Session) judge(c check.Check) (*check.Handler, reports.Check) {
	h := s.begun[c.ID]
	if h == nil {
		h = s.run.NewHandler(c)
	}
	began := time.Now()
	h, outcome := s.run.Judge(c, h)
	took := time.Since(began)
	s.save(c, h, outcome)
	report := s.run.Report(c, h, outcome)
	report.Known = hasAnyID(c, s.options.Known)
	report.DurationMs = took.Milliseconds()
	if s.options.Rerun != nil {
		report.Rerun = s.run.Mask.Text(s.options.Rerun(c.ID))
	}
	return h, report
}
