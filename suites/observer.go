package suites

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// observer sees what a handler did, beside its answers.
type observer struct {
	url    string
	client *http.Client
	settle time.Duration

	mu       sync.Mutex
	volatile map[string]bool // pointers whose values change by themselves
	slowest  time.Duration   // that an effect took to show so far
	restless bool            // something was sent whose effect nobody waited for
}

// observerLimit is how much of what an observer says is read, in bytes.
const observerLimit = 8 << 20

// pollEvery is the time between two looks while something is waited for.
const pollEvery = 5 * time.Millisecond

func newObserver(address string, settle time.Duration) *observer {
	return &observer{
		url:      address,
		client:   &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 4}},
		settle:   settle,
		volatile: map[string]bool{},
	}
}

// look takes a snapshot.
func (o *observer) look(ctx context.Context) (snapshot, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, o.url, nil)
	if err != nil {
		return nil, err
	}
	answer, err := o.client.Do(request)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, observerLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what it says: %w", err)
	case len(text) > observerLimit:
		return nil, fmt.Errorf("it says more than %d MiB", observerLimit>>20)
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("it answers %s, not 200", answer.Status)
	}
	return takeSnapshot(text), nil
}

// withoutURL drops the URL from an error: there may be a secret in it.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// learn finds out what changes by itself, by looking twice.
func (o *observer) learn(ctx context.Context) error {
	before, err := o.look(ctx)
	if err != nil {
		return err
	}
	if err := pause(ctx, o.settle); err != nil {
		return err
	}
	after, err := o.look(ctx)
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for pointer := range changes(before, after, nil) {
		o.volatile[pointer] = true
	}
	return nil
}

// quiet is how long nothing must change for all to be done: the settling time,
// or twice what the slowest effect so far took to show.
func (o *observer) quiet() time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return max(o.settle, 2*o.slowest)
}

// watch waits for the effect that began after a snapshot. It waits up to
// patience for a change to show; where there is one, it is over once nothing
// more has changed for a quiet time. It tells, too, how long the effect took to
// show. What never stands still is an error.
func (o *observer) watch(ctx context.Context, before snapshot, patience time.Duration) (seen effect, took time.Duration, err error) {
	began := time.Now()
	lastChange := began
	for {
		now, err := o.look(ctx)
		if err != nil {
			return nil, 0, err
		}
		if latest := o.changes(before, now); !latest.equal(seen) {
			lastChange, seen = time.Now(), latest
		}
		waited := time.Since(lastChange)
		if len(seen) == 0 && waited >= patience || len(seen) > 0 && waited >= o.quiet() {
			return seen, lastChange.Sub(began), nil
		}
		if time.Since(began) >= patience+o.longest() {
			return nil, 0, fmt.Errorf("what it says does not stand still: %s", seen)
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, 0, err
		}
	}
}

// longest is for how long an effect may go on.
func (o *observer) longest() time.Duration { return max(10*time.Second, 10*o.settle) }

// disturb notes that something was sent, the effect of which may still come.
func (o *observer) disturb() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.restless = true
}

func (o *observer) isRestless() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.restless
}

// calm waits until the effects of what was sent before are over: they must not
// be taken for those of what is sent next.
func (o *observer) calm(ctx context.Context) error {
	if !o.isRestless() {
		return nil
	}
	before, err := o.look(ctx)
	if err != nil {
		return err
	}
	_, _, err = o.watch(ctx, before, o.quiet())
	return err
}

func (o *observer) changes(before, after snapshot) effect {
	o.mu.Lock()
	volatile := maps.Clone(o.volatile)
	o.mu.Unlock()
	return changes(before, after, volatile)
}

// settled notes that all effects are over, and how long the last one took.
func (o *observer) settled(took time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.slowest, o.restless = max(o.slowest, took), false
}

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

// EffectOf does something and tells what the handler did because of it, waiting
// as long as an effect may take to show.
func (h *Handler) EffectOf(do func()) effect { return h.effect(do, true) }

// SideEffectOf does something that should have no effect, and tells what it had
// nevertheless. It waits for twice as long as real effects took to show.
func (h *Handler) SideEffectOf(do func()) effect { return h.effect(do, false) }

func (h *Handler) effect(do func(), expected bool) effect {
	o := h.run.observer
	if err := o.calm(h.run.ctx); err != nil {
		h.blind(err)
	}
	before, err := o.look(h.run.ctx)
	if err != nil {
		h.blind(err)
	}
	do()
	patience := o.quiet()
	if expected {
		patience = h.run.patience()
	}
	seen, took, err := o.watch(h.run.ctx, before, patience)
	if err != nil {
		h.blind(err)
	}
	o.settled(took)
	return seen
}

// blind ends a check whose observer does not see.
func (h *Handler) blind(err error) {
	h.run.mayGoOn(h)
	h.Inconclusive("the observer failed: %s", h.run.mask.text(err.Error()))
}
