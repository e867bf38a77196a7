package domain

import (
	"sync"
	"sync/atomic"
)

// MaxListeners bounds how many clients may listen to changes.
const MaxListeners = 64

// Watchers wait for something to happen.
type Watchers struct {
	mu    sync.Mutex
	next  chan struct{} // nil where nobody waits
	ended bool

	version   atomic.Uint64 // how often something has happened
	listeners atomic.Int64  // that wait for it over HTTP
}

// Wait is closed when next something happens.
func (w *Watchers) Wait() <-chan struct{} {
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

// Notify wakes those who wait.
func (w *Watchers) Notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version.Add(1)
	if w.next != nil && !w.ended {
		close(w.next)
		w.next = nil
	}
}

// Close lets everybody go.
func (w *Watchers) Close() {
	w.Notify()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}

// Enter lets somebody listen, where there are not too many who do.
func (w *Watchers) Enter() bool {
	if w.listeners.Add(1) > MaxListeners {
		w.Leave()
		return false
	}
	return true
}

func (w *Watchers) Leave() { w.listeners.Add(-1) }

// Count is how often something has happened.
func (w *Watchers) Count() uint64 { return w.version.Load() }

// Listeners returns how many clients listen to changes.
func (w *Watchers) Listeners() int { return int(w.listeners.Load()) }
