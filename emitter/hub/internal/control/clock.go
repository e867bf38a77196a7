package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/activity"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
)

var latest = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// clockResponse is the Hub's time. TimeScale is its speed as a multiple of real time; 0 if it is
// stopped.
type clockResponse struct {
	Now       time.Time `json:"now"`
	TimeScale float64   `json:"timeScale"`
}

func (o *Control) clockResponse() clockResponse {
	return clockResponse{Now: o.DB.Now(), TimeScale: o.TimeScale}
}

// getClock answers with what time it is: {"now", "timeScale"}.
func getClock(c *call) (any, error) { return c.clockResponse(), nil }

// advanceClock lets time pass. Body: {"advance": "1h30m"}, or {"advance": "next"} for
// the moment at which the next attempt is due, of those that are not due already; 409
// if there is none. Answer: that of GET /_mock/v1/clock.
func advanceClock(c *call) (any, error) {
	var body struct {
		Advance string `json:"advance"`
	}
	if err := c.readKnown(&body); err != nil {
		return nil, err
	}
	by, err := c.advanceBy(body.Advance)
	if err != nil {
		return nil, err
	}
	c.Clock.Advance(by)
	c.DB.Watchers.Notify()
	return c.clockResponse(), nil
}

func (o *Control) advanceBy(text string) (time.Duration, error) {
	now := o.DB.Now()
	if text == "next" {
		next := o.nextDue(now)
		if next.IsZero() {
			return 0, problem.Conflict("no attempt is due later")
		}
		return next.Sub(now), nil
	}
	by, err := time.ParseDuration(text)
	switch {
	case err != nil || by < 0:
		return 0, problem.Invalid(`advance is %q, and must be a duration, such as 1h30m, or "next"`, problem.Short(text))
	case now.Add(by).After(latest):
		return 0, problem.Invalid("advance is %q: this clock ends with the year %d", problem.Short(text), latest.Year()-1)
	}
	return by, nil
}

// nextDue returns the first moment after now at which an attempt is due, or zero.
func (o *Control) nextDue(now time.Time) time.Time {
	var next time.Time
	o.DB.View(func(s *domain.State) {
		for _, d := range s.Deliveries() {
			if d.State == activity.Pending && d.Due.After(now) && (next.IsZero() || d.Due.Before(next)) {
				next = d.Due
			}
		}
	})
	return next
}

// waitIdle waits until nothing is under way: every change is written, every attempt
// that is due is made. ?timeout= is how long, in our time: 30s if left out, 10m at
// most; then it is 408. Answer: {"idle": true, "nextDue"?: when the next attempt is due}.
func waitIdle(c *call) (any, error) {
	timeout := c.query.timeout()
	if c.query.err != nil {
		return nil, c.query.err
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), timeout)
	defer cancel()
	if err := c.Idle(ctx); err != nil {
		return nil, outOfTime(err, "after %v there is still something under way", timeout)
	}
	return struct {
		Idle    bool      `json:"idle"`
		NextDue time.Time `json:"nextDue,omitzero"`
	}{true, c.nextDue(c.DB.Now())}, nil
}

func outOfTime(err error, format string, args ...any) error {
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return err
	}
	return &problem.Error{Status: http.StatusRequestTimeout, Text: fmt.Sprintf(format, args...)}
}
