package suites

import (
	"sync"
	"time"
)

// pace says how long is waited for effects. A handler that works within a
// millisecond is not waited for as one that works within a second: how long effects
// took so far tells how long the next ones may take.
type pace struct {
	settle time.Duration // that a user asks for at least; zero where it is left to us

	mu      sync.Mutex
	latest  []time.Duration // that effects took to show; none as long as none was seen
	careful bool
}

// Bounds of the waiting, and how much longer than effects took it lasts.
const (
	quietUnknown = 150 * time.Millisecond // as long as no effect was seen
	quietLeast   = 30 * time.Millisecond
	quietMost    = 2 * time.Second // but for what a user asks for
	quietTimes   = 8

	patienceUnknown = 5 * time.Second
	patienceLeast   = 600 * time.Millisecond
	patienceMost    = 10 * time.Second // but for what a user asks for
	patienceTimes   = 20

	carefulTimes = 4
)

// remembered is how many effects tell how long the next one may take: a machine that
// stood still once is not waited for in the whole rest of a run.
const remembered = 8

// quiet is how long nothing must change for all to be done.
func (p *pace) quiet() time.Duration {
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

// patience is how long an effect may take to show that is to come.
func (p *pace) patience() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.latest) == 0 {
		return max(patienceUnknown, 5*p.settle)
	}
	return p.stretched(max(min(max(patienceLeast, patienceTimes*p.slowest()), patienceMost), 5*p.settle))
}

// longest is for how long an effect may go on.
func (p *pace) longest() time.Duration { return max(10*time.Second, 10*p.settle) }

// poll is the time between two looks while something is waited for.
func (p *pace) poll() time.Duration {
	return min(max(p.quiet()/10, 2*time.Millisecond), 50*time.Millisecond)
}

// learn takes in how long an effect took to show. What shows where nothing was to be
// expected can be anything; it is learnt from where it was no slower than others.
func (p *pace) learn(took time.Duration, expected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if took <= 0 || !expected && took > p.slowest() {
		return
	}
	p.latest = append(p.latest, took)
	p.latest = p.latest[max(0, len(p.latest)-remembered):]
}

// slowest is how long the slowest of the latest effects took.
func (p *pace) slowest() time.Duration {
	slowest := time.Duration(0)
	for _, took := range p.latest {
		slowest = max(slowest, took)
	}
	return slowest
}

// setCareful says whether all is waited for several times as long. It tells whether
// that is a change.
func (p *pace) setCareful(careful bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.careful != careful
	p.careful = careful
	return changed
}

func (p *pace) stretched(d time.Duration) time.Duration {
	if p.careful {
		return carefulTimes * d
	}
	return d
}
