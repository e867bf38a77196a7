//go:build !linux

package osclock

import "time"

// Sleeper puts a goroutine to sleep, as exactly as the runtime's timers do.
type Sleeper struct{}

// NewSleeper returns a sleeper for one goroutine, which must close it.
func NewSleeper() *Sleeper { return &Sleeper{} }

// Sleep sleeps for d, and may wake early.
func (*Sleeper) Sleep(d time.Duration) { time.Sleep(d) }

// Close does nothing here.
func (*Sleeper) Close() {}
