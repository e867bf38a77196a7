package hub

import (
	"context"
	"sync"
)

// watchers wait for something to happen.
type watchers struct {
	mu    sync.Mutex
	next  chan struct{} // nil where nobody waits
	ended bool

	version   uint64 // how often something has happened
	listeners int    // that are told of it over HTTP
}

func newWatchers() *watchers { return &watchers{} }

// wait is closed when next something happens.
func (w *watchers) wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
		if w.ended {
			close(w.next)
		}
	}
	return w.next
}

// notify tells those who wait that something has happened.
func (w *watchers) notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version++
	if w.next != nil && !w.ended {
		close(w.next)
		w.next = nil
	}
}

// close lets everybody go.
func (w *watchers) close() {
	w.notify()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}

// until waits for something to hold. It ends early where the context or the Hub does.
func (h *Hub) until(ctx context.Context, holds func() bool) error {
	for {
		changed := h.watchers.wait()
		if holds() {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return errClosed
		case <-changed:
		}
	}
}
