package suites

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// observer sees what a handler did, beside its answers.
type observer struct {
	ask  lookFunc
	pace pace

	mu       sync.Mutex
	volatile map[string]bool // pointers whose values change by themselves
	dirty    bool            // something was sent whose effect nobody waited for
}

func newObserver(look lookFunc, settle time.Duration) *observer {
	return &observer{ask: look, pace: pace{settle: settle}, volatile: map[string]bool{}}
}

// snapshot takes a snapshot.
func (o *observer) snapshot(ctx context.Context) (snapshot, error) {
	text, err := o.ask(ctx)
	if err != nil {
		return nil, err
	}
	return takeSnapshot(text), nil
}

// learnFor is how long nothing is sent while it shows what changes by itself: long
// enough for a clock that tells seconds.
const learnFor = 1050 * time.Millisecond

// learn finds out what changes by itself, by looking several times.
func (o *observer) learn(ctx context.Context) error {
	before, err := o.snapshot(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		if err := pause(ctx, learnFor/2); err != nil {
			return err
		}
		after, err := o.snapshot(ctx)
		if err != nil {
			return err
		}
		o.isVolatile(changes(before, after, nil))
	}
	return nil
}

func (o *observer) isVolatile(seen effect) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for pointer := range seen {
		o.volatile[pointer] = true
	}
}

// watch waits for the effect that began after a snapshot. It waits up to
// patience for a change to show; where there is one, it is over once nothing
// more has changed for a quiet time. It tells, too, how long the effect took to
// show. What never stands still is an error.
func (o *observer) watch(ctx context.Context, before snapshot, patience time.Duration) (seen effect, took time.Duration, err error) {
	began := time.Now()
	lastChange := began
	for {
		now, err := o.snapshot(ctx)
		if err != nil {
			return nil, 0, err
		}
		if latest := o.changes(before, now); !latest.equal(seen) {
			lastChange, seen = time.Now(), latest
		}
		waited := time.Since(lastChange)
		if len(seen) == 0 && waited >= patience || len(seen) > 0 && waited >= o.pace.quiet() {
			return seen, lastChange.Sub(began), nil
		}
		if time.Since(began) >= patience+o.pace.longest() {
			return nil, 0, fmt.Errorf("what it says does not stand still: %s", seen)
		}
		if err := pause(ctx, o.pace.poll()); err != nil {
			return nil, 0, err
		}
	}
}

// markDirty notes that something was sent, the effect of which may still come.
func (o *observer) markDirty() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dirty = true
}

func (o *observer) isDirty() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dirty
}

// waitIdle waits until the effects of what was sent before are over: they must not
// be taken for those of what is sent next.
func (o *observer) waitIdle(ctx context.Context) error {
	if !o.isDirty() {
		return nil
	}
	before, err := o.snapshot(ctx)
	if err != nil {
		return err
	}
	_, _, err = o.watch(ctx, before, o.pace.quiet())
	return err
}

func (o *observer) changes(before, after snapshot) effect {
	o.mu.Lock()
	volatile := maps.Clone(o.volatile)
	o.mu.Unlock()
	return changes(before, after, volatile)
}

// settled notes that all effects are over.
func (o *observer) settled() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dirty = false
}

// lookLonger has the next looks take more time. It tells whether they do: they do
// already where an earlier one said so.
func (o *observer) lookLonger() bool { return o.pace.setCareful(true) }

func (o *observer) lookAsUsual() { o.pace.setCareful(false) }

// pause waits, but no longer than a context lasts.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
