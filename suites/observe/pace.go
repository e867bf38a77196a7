package observe

import (
	"sync"
	"time"
)

// A pacer decides how long to wait for effects. A handler that works within a
// millisecond needs less time than one that works within a second, so the waiting times
// follow from how long the effects took that were seen so far.
type pacer struct {
	settle time.Duration // the least quiet time that the user asks for; zero: none

	mu      sync.Mutex
	latest  []time.Duration // how long the latest effects took to show
	patient bool
}

// Bounds of the waiting times, and how many times the slowest effect they are.
const (
	quietUnknown = 150 * time.Millisecond // before any effect was seen
	quietLeast   = 30 * time.Millisecond
	quietMost    = 2 * time.Second // unless the user asks for more
	quietTimes   = 8

	patienceUnknown = 5 * time.Second
	patienceLeast   = 600 * time.Millisecond
	patienceMost    = 10 * time.Second // unless the user asks for more
	patienceTimes   = 20

	patientTimes = 4
)

// remembered is how many effects determine the waiting times: a machine that stalled once
// must not slow down the rest of a run.
const remembered = 8

// quiet returns how long nothing must change before an effect counts as complete.
func (p *pacer) quiet() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.settle > 0:
		return p.stretched(max(p.settle, min(2*p.slowest(), quietMost)))
	case len(p.latest) == 0:
		return quietUnknown
	}
	return p.stretched(min(max(quietLeast, quietTimes*p.slowest()), quietMost))
}

// patience returns how long an expected effect may take to show.
func (p *pacer) patience() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.latest) == 0 {
		return max(patienceUnknown, 5*p.settle)
	}
	return p.stretched(max(min(max(patienceLeast, patienceTimes*p.slowest()), patienceMost), 5*p.settle))
}

// longest returns how long an effect may go on.
func (p *pacer) longest() time.Duration { return max(10*time.Second, 10*p.settle) }

// poll returns the time between two snapshots while waiting.
func (p *pacer) poll() time.Duration {
	return min(max(p.quiet()/10, 2*time.Millisecond), 50*time.Millisecond)
}

// learn records how long an effect took to show. An unexpected effect can be anything, so
// it counts only if it was no slower than the others.
func (p *pacer) learn(took time.Duration, expected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if took <= 0 || !expected && took > p.slowest() {
		return
	}
	p.latest = append(p.latest, took)
	p.latest = p.latest[max(0, len(p.latest)-remembered):]
}

func (p *pacer) slowest() time.Duration {
	slowest := time.Duration(0)
	for _, took := range p.latest {
		slowest = max(slowest, took)
	}
	return slowest
}

// setPatient makes all waiting times several times as long, or not, and reports whether
// that is a change.
func (p *pacer) setPatient(patient bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.patient != patient
	p.patient = patient
	return changed
}

func (p *pacer) stretched(d time.Duration) time.Duration {
	if p.patient {
		return patientTimes * d
	}
	return d
}
