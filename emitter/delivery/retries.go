package delivery

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Retries say when a delivery that failed is sent again. How often the Hub does so, and when, is published nowhere:
// the zero value never does.
type Retries struct {
	Waits  []time.Duration // from one failed attempt to the next, one for each retry
	Jitter float64         // how much of a wait is randomly added or subtracted, from 0 to 1
}

// AssumedRetries returns the retries of services like the Hub: an assumption, as only "with back-off" is published
// (hub docs, September 2026).
func AssumedRetries() Retries {
	return Retries{
		Waits:  []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour},
		Jitter: 0.1,
	}
}

// ParseRetries parses "10s,1m,5m", the waits before each retry.
func ParseRetries(text string) (Retries, error) {
	r := Retries{Jitter: AssumedRetries().Jitter}
	for part := range strings.SplitSeq(text, ",") {
		wait, err := time.ParseDuration(strings.TrimSpace(part))
		if err != nil || wait <= 0 {
			return Retries{}, fmt.Errorf("%q is no wait before a retry: expected durations, such as 10s,1m,5m", part)
		}
		r.Waits = append(r.Waits, wait)
	}
	return r, nil
}

// Wait returns how long to wait after a failed attempt, counted from 0, of the delivery with a number; false if there
// is no other attempt. The same seed gives the same jitter.
func (r Retries) Wait(seed, number uint64, failed int) (time.Duration, bool) {
	if failed < 0 || failed >= len(r.Waits) {
		return 0, false
	}
	spread := 2*rand.New(rand.NewPCG(seed, number<<8|uint64(failed))).Float64() - 1
	return time.Duration(float64(r.Waits[failed]) * (1 + r.Jitter*spread)), true
}

// String returns the waits as ParseRetries takes them.
func (r Retries) String() string {
	var parts []string
	for _, wait := range r.Waits {
		parts = append(parts, shortDuration(wait))
	}
	return strings.Join(parts, ",")
}

// shortDuration formats a duration without parts that are zero: 1m, not 1m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
