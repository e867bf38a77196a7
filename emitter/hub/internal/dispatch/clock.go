package dispatch

import (
	"cmp"
	"sync"
	"time"
)

// Clock is the time on a Hub. It runs at a multiple of real time, and can be advanced; it never
// goes back.
type Clock struct {
	mu    sync.Mutex
	base  time.Time // the time on the Hub
	since time.Time // when by ours, with the monotonic reading
	scale float64   // zero: it is stopped
	moved chan struct{}
}

// NewClock begins at start, or at the current time if that is zero; later if a
// database has been written later.
func NewClock(start, written time.Time, scale float64) *Clock {
	now := time.Now()
	start = cmp.Or(start, now)
	if written.After(start) {
		start = written
	}
	return &Clock{base: start.UTC().Round(0), since: now, scale: scale, moved: make(chan struct{})}
}

// Now returns the time on the Hub.
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

// alarm returns a channel that has something at a moment on the Hub, which may be nil if the
// moment never comes by itself, and one that is closed when the clock is set meanwhile.
func (c *Clock) alarm(at time.Time) (ring <-chan time.Time, moved <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := max(at.Sub(c.at(time.Now())), 0)
	if left > 0 && c.scale == 0 {
		return nil, c.moved
	}
	const longest = 1000 * time.Hour
	var ours float64
	if left > 0 {
		ours = min(float64(left)/c.scale+1, float64(longest))
	}
	return time.After(time.Duration(ours)), c.moved
}
