// Package observe sees what a handler did because of a delivery, beside its response.
//
// A [Source] returns the handler's state as JSON or text: [URL] reads a page, [Command]
// runs a command. An [Observer] takes a [Snapshot] of it before and after something is
// done and returns the difference, an [Effect]. How long it waits for effects follows
// from how long they took so far.
//
// It sends no deliveries and knows nothing of checks.
package observe

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// An Observer sees what a handler did. Its methods may be called from several goroutines.
type Observer struct {
	source Source
	pace   pacer

	mu       sync.Mutex
	volatile map[string]bool // pointers whose values change by themselves
	dirty    bool            // something was sent whose effect nobody waited for
}

// New returns an observer of a source. A state is final once it has not changed for
// settle; if that is zero, the time follows from how long effects take to show.
func New(source Source, settle time.Duration) *Observer {
	return &Observer{source: source, pace: pacer{settle: settle}, volatile: map[string]bool{}}
}

// Snapshot returns the handler's state now.
func (o *Observer) Snapshot(ctx context.Context) (Snapshot, error) {
	text, err := o.source(ctx)
	if err != nil {
		return nil, err
	}
	return ParseSnapshot(text), nil
}

// learnFor is how long nothing is sent while volatile values are looked for: long enough
// for a clock that shows seconds.
const learnFor = 1050 * time.Millisecond

// LearnVolatile learns the values that change by themselves, which are no effects, by
// taking several snapshots.
func (o *Observer) LearnVolatile(ctx context.Context) error {
	before, err := o.Snapshot(ctx)
	if err != nil {
		return err
	}
	for range 2 {
		if err := Pause(ctx, learnFor/2); err != nil {
			return err
		}
		after, err := o.Snapshot(ctx)
		if err != nil {
			return err
		}
		o.mu.Lock()
		for pointer := range changes(before, after, nil) {
			o.volatile[pointer] = true
		}
		o.mu.Unlock()
	}
	return nil
}

// Effect calls do and returns what the handler did because of it. If an effect is
// expected, it waits as long as one may take to show; otherwise several times as long as
// effects took so far.
func (o *Observer) Effect(ctx context.Context, do func(), expected bool) (Effect, error) {
	if err := o.waitIdle(ctx); err != nil {
		return nil, err
	}
	before, err := o.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	do()
	patience := o.pace.quiet()
	if expected {
		patience = o.pace.patience()
	}
	seen, took, err := o.watch(ctx, before, patience)
	if err != nil {
		return nil, err
	}
	o.pace.learn(took, expected)
	o.setDirty(false)
	return seen, nil
}

// watch waits for the effect since a snapshot, and returns it with how long it took to show.
// It waits up to patience for a change, and after the last change for a quiet time. A state
// that keeps changing is an error.
func (o *Observer) watch(ctx context.Context, before Snapshot, patience time.Duration) (Effect, time.Duration, error) {
	seen, took, settled, err := o.poll(ctx, before, o.pace.poll(), patience+o.pace.longest(),
		func(seen Effect, still time.Duration) bool {
			return len(seen) == 0 && still >= patience || len(seen) > 0 && still >= o.pace.quiet()
		})
	if err == nil && !settled {
		err = fmt.Errorf("what it says does not stand still: %s", seen)
	}
	return seen, took, err
}

// countingPoll is the least time between two snapshots of counters.
const countingPoll = 10 * time.Millisecond

// AwaitCounts waits until counters have grown since a snapshot as expected and stand
// still, and returns the effect so far. A handler that works off a burst may take its
// time: the observer waits as long as anything changes, but no more than longest.
func (o *Observer) AwaitCounts(ctx context.Context, before Snapshot, expected Effect, longest time.Duration) (Effect,
	error) {
	seen, _, settled, err := o.poll(ctx, before, max(o.pace.poll(), countingPoll), longest,
		func(seen Effect, still time.Duration) bool {
			return still >= o.pace.patience() || still >= o.pace.quiet() && seen.Only(expected).Equal(expected)
		})
	switch {
	case err != nil:
		return nil, err
	case !settled:
		return nil, fmt.Errorf("after %v it is still at work: %s", longest, seen.Only(expected))
	}
	o.setDirty(false)
	return seen, nil
}

// poll takes snapshots until done returns true for the effect since before and how long it
// has been unchanged, or until limit is over, so that the effect is not settled. It also
// returns how long the effect took to show.
func (o *Observer) poll(
	ctx context.Context, before Snapshot, interval, limit time.Duration, done func(seen Effect, still time.Duration) bool,
) (seen Effect, took time.Duration, settled bool, err error) {
	began := time.Now()
	lastChange := began
	for {
		now, err := o.Snapshot(ctx)
		if err != nil {
			return nil, 0, false, err
		}
		if latest := o.changes(before, now); !latest.Equal(seen) {
			lastChange, seen = time.Now(), latest
		}
		if done(seen, time.Since(lastChange)) {
			return seen, lastChange.Sub(began), true, nil
		}
		if time.Since(began) >= limit {
			return seen, 0, false, nil
		}
		if err := Pause(ctx, interval); err != nil {
			return nil, 0, false, err
		}
	}
}

// MarkDirty records that something was sent whose effect may still come.
func (o *Observer) MarkDirty() { o.setDirty(true) }

func (o *Observer) setDirty(dirty bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dirty = dirty
}

// waitIdle waits until the effects of what was sent before are over: they must not
// count as those of what is sent next.
func (o *Observer) waitIdle(ctx context.Context) error {
	o.mu.Lock()
	dirty := o.dirty
	o.mu.Unlock()
	if !dirty {
		return nil
	}
	before, err := o.Snapshot(ctx)
	if err != nil {
		return err
	}
	_, _, err = o.watch(ctx, before, o.pace.quiet())
	return err
}

func (o *Observer) changes(before, after Snapshot) Effect {
	o.mu.Lock()
	volatile := maps.Clone(o.volatile)
	o.mu.Unlock()
	return changes(before, after, volatile)
}

// SetPatient makes the observer wait several times as long for effects, or as usual, and
// reports whether that is a change.
func (o *Observer) SetPatient(patient bool) bool { return o.pace.setPatient(patient) }

// Pause waits for a time, or until the context ends and returns its error then.
func Pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
