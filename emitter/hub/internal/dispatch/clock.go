package dispatch

import (
	"sync"
	"time"
)

// Clock is the time on a Hub. It runs at a multiple of our speed, and can be
// advanced; it never goes back.
type Clock struct {
	mu    sync.Mutex
	base  time.Time // the time on the Hub
	since time.Time // when by ours, with the monotonic reading
	scale float64   // zero: it stands still
	moved chan struct{}
}

// NewClock begins at start, or at our time where that is zero; later where a
// database has been written later.
func NewClock(start, written time.Time, scale float64) *Clock {
	now := time.Now()
	if start.IsZero() {
		start = now
	}
	if written.After(start) {
		start = written
	}
	return &Clock{base: start.UTC().Round(0), since: now, scale: scale, moved: make(chan struct{})}
}

func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now())
}

func (c *Clock) at(ours time.Time) time.Time {
	return c.base.Add(time.Duration(float64(ours.Sub(c.since)) * c.scale))
}

// Advance sets the clock forward. Those who wait for a moment look again.
func (c *Clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.base, c.since = c.at(now).Add(max(by, 0)), now
	close(c.moved)
	c.moved = make(chan struct{})
}

// alarm returns how long by our time it is until a moment on the Hub, and a channel that is closed
// when the clock is set meanwhile. It is false where the moment never comes by itself.
func (c *Clock) alarm(at time.Time) (time.Duration, <-chan struct{}, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := at.Sub(c.at(time.Now()))
	switch {
	case left <= 0:
		return 0, c.moved, true
	case c.scale == 0:
		return 0, c.moved, false
	}
	const longest = 1000 * time.Hour
	ours := float64(left) / c.scale
	if ours > float64(longest) {
		return longest, c.moved, true
	}
	return time.Duration(ours) + 1, c.moved, true
}
