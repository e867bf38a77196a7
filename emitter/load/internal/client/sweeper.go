package client

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// deadlineSweeper ends requests that take too long, and all of them when a run is aborted.
// Setting a deadline for each request would cost two changes of a timer; instead, each notes
// when it began, and one goroutine looks at all of them now and then.
type deadlineSweeper struct {
	timeout   time.Duration
	start     time.Time
	errLate   error // what ends requests that took too long
	aborted   atomic.Bool
	stopped   chan struct{}
	stopOnce  sync.Once
	done      sync.WaitGroup
	mu        sync.Mutex
	deadlines []*deadline
}

// The sweeper looks each hundredth of the timeout, which is how much longer than that a
// request may take, within these bounds.
const (
	minSweepInterval = 5 * time.Millisecond
	maxSweepInterval = time.Second
)

func newSweeper(timeout time.Duration) *deadlineSweeper {
	w := &deadlineSweeper{
		timeout: timeout,
		start:   time.Now(),
		errLate: fmt.Errorf("%w: waited %v", delivery.ErrTimeout, timeout),
		stopped: make(chan struct{}),
	}
	w.done.Go(w.run)
	return w
}

func (w *deadlineSweeper) run() {
	ticker := time.NewTicker(min(max(w.timeout/100, minSweepInterval), maxSweepInterval))
	defer ticker.Stop()
	for {
		select {
		case <-w.stopped:
			return
		case <-ticker.C:
			w.sweep(w.now()-int64(w.timeout), stateLate)
		}
	}
}

// sweep ends the requests that began by a moment, for a reason.
func (w *deadlineSweeper) sweep(by, why int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range w.deadlines {
		one.expire(by, why)
	}
}

// abort ends all requests, also those that begin later.
func (w *deadlineSweeper) abort() {
	w.aborted.Store(true)
	w.sweep(w.now(), stateAborted)
}

func (w *deadlineSweeper) close() {
	w.stopOnce.Do(func() { close(w.stopped) })
	w.done.Wait()
}

// now returns the nanoseconds since the start; it is above zero.
func (w *deadlineSweeper) now() int64 { return int64(time.Since(w.start)) + 1 }

func (w *deadlineSweeper) add() *deadline {
	one := &deadline{sweeper: w}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deadlines = append(w.deadlines, one)
	return one
}

// deadline is that of one client's requests, one after another. Whoever changes its state
// from the moment at which a request began has ended that request and no other, because the
// next one has another moment.
type deadline struct {
	sweeper   *deadlineSweeper
	state     atomic.Int64 // when the request began, or one of the constants below
	mu        sync.Mutex   // held while a request is ended, so that the next one cannot take over what it waits for
	interrupt func()       // ends what the request waits for
}

// States that are not a moment.
const (
	stateIdle    int64 = -iota // no request is under way
	stateLate                  // the request took too long
	stateAborted               // the run is aborted
)

// begin begins a request and returns the moment.
func (o *deadline) begin() (int64, error) {
	moment := o.sweeper.now()
	o.state.Store(moment)
	// Looked at after the state is set: abort sets the one and looks at the other.
	if o.sweeper.aborted.Load() {
		o.finish(moment)
		return 0, ErrAborted
	}
	return moment, nil
}

// finish ends a request, or returns why it was ended: what it waited for must not be used again.
func (o *deadline) finish(moment int64) error {
	if o.state.CompareAndSwap(moment, stateIdle) {
		return nil
	}
	if o.state.Swap(stateIdle) == stateAborted {
		return ErrAborted
	}
	return o.sweeper.errLate
}

// onExpiry sets what interrupts the wait of a request; false if the request was ended before.
func (o *deadline) onExpiry(moment int64, interrupt func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.interrupt = interrupt
	return o.state.Load() == moment
}

// expire ends the request under way if it began by a moment.
func (o *deadline) expire(by, why int64) {
	moment := o.state.Load()
	if moment <= 0 || moment > by {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	// If nothing is waited for yet, onExpiry returns false.
	if o.state.CompareAndSwap(moment, why) && o.interrupt != nil {
		o.interrupt()
	}
}
