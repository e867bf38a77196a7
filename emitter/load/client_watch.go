package load

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// watch ends requests that take too long, and all of them where a run is cut off. A
// deadline set for each request would cost it two changes of a timer; instead, each
// notes when it began, and one goroutine looks at all of them every so often.
type watch struct {
	timeout time.Duration
	began   time.Time
	late    error // what ends requests that took too long
	isCut   atomic.Bool
	over    chan struct{}
	end     sync.Once
	done    sync.WaitGroup
	mu      sync.Mutex
	all     []*watched
}

// How often a watch looks: a hundredth of the time-out, which is how much longer than
// that a request may take, within bounds.
const (
	watchOften  = 5 * time.Millisecond
	watchSeldom = time.Second
)

func newWatch(timeout time.Duration) *watch {
	w := &watch{
		timeout: timeout,
		began:   time.Now(),
		late:    fmt.Errorf("%w: waited %v", delivery.ErrTimeout, timeout),
		over:    make(chan struct{}),
	}
	w.done.Go(w.run)
	return w
}

func (w *watch) run() {
	ticker := time.NewTicker(min(max(w.timeout/100, watchOften), watchSeldom))
	defer ticker.Stop()
	for {
		select {
		case <-w.over:
			return
		case <-ticker.C:
			w.sweep(w.now()-int64(w.timeout), stateLate)
		}
	}
}

// sweep ends the requests that began by a moment.
func (w *watch) sweep(by, why int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range w.all {
		one.end(by, why)
	}
}

// cut ends all requests, and those that begin later.
func (w *watch) cut() {
	w.isCut.Store(true)
	w.sweep(w.now(), stateCut)
}

func (w *watch) close() {
	w.end.Do(func() { close(w.over) })
	w.done.Wait()
}

// now is a moment as requests note it: in nanoseconds, and above zero.
func (w *watch) now() int64 { return int64(time.Since(w.began)) + 1 }

func (w *watch) add() *watched {
	one := &watched{watch: w}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, one)
	return one
}

// watched is one request after another, as the watch sees it. Whoever changes its
// state from the moment at which a request began has ended that request, and no other:
// the request that its end came to hit instead would have another moment.
type watched struct {
	watch *watch
	state atomic.Int64 // when it began, or one of those below
	mu    sync.Mutex   // held while a request is ended: what it waits for cannot become another's
	stop  func()       // ends what the request waits for
}

// What the state is where it is no moment.
const (
	stateIdle int64 = -iota // no request is under way
	stateLate               // it was ended: it took too long
	stateCut                // it was ended: the run is cut off
)

// begin begins a request, and tells the moment.
func (o *watched) begin() (int64, error) {
	moment := o.watch.now()
	o.state.Store(moment)
	// Looked at after the state is set: cut sets the one and looks at the other.
	if o.watch.isCut.Load() {
		o.finish(moment)
		return 0, errCut
	}
	return moment, nil
}

// finish ends a request. The error is why it was ended before: what it waited for was
// stopped then, and is not to be used again.
func (o *watched) finish(moment int64) error {
	if o.state.CompareAndSwap(moment, stateIdle) {
		return nil
	}
	if o.state.Swap(stateIdle) == stateCut {
		return errCut
	}
	return o.watch.late
}

// waitBy says how to stop what a request waits for from now on. It is false where the
// request was ended before.
func (o *watched) waitBy(moment int64, stop func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stop = stop
	return o.state.Load() == moment
}

// end ends the request under way where it began by a moment.
func (o *watched) end(by, why int64) {
	moment := o.state.Load()
	if moment <= 0 || moment > by {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	// Where nothing is waited for yet, waitBy will tell.
	if o.state.CompareAndSwap(moment, why) && o.stop != nil {
		o.stop()
	}
}
