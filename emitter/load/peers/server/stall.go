package server

import "time"

// Stall is a time of each period in which nothing is answered; none if it is zero.
// Periods begin with the seconds of the wall clock.
type Stall struct {
	Length time.Duration // how long nothing is answered
	Every  time.Duration // from one stall's beginning to the next
}

// end returns when the stall at a moment ends, both in nanoseconds; 0 if there is none.
func (s Stall) end(now int64) int64 {
	if s.Length <= 0 || s.Every <= 0 {
		return 0
	}
	if into := now % int64(s.Every); into < int64(s.Length) {
		return now - into + int64(s.Length)
	}
	return 0
}
