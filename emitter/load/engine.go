package load

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/emitter/load/internal/osclock"
)

// pool has clients that send to one handler. It is an interface for tests, which send nothing.
type pool interface {
	Room() int                // for a head, before a payload
	NewClient() client.Client // for one worker
	Abort()                   // ends all that is under way
}

type engine struct {
	Options
	pool     pool
	schedule *schedule // nil in a closed loop
	recorder *recorder
	sleep    func(time.Duration) // for tests; it may wake early; nil means an osclock.Sleeper's
	start    time.Time
	before   osclock.Usage // of this process

	jobs    chan job
	opened  int // workers
	workers sync.WaitGroup
	// pending counts attempts taken from the schedule whose end, with the retry that it may
	// add, is not recorded yet.
	pending  atomic.Int64
	inFlight atomic.Int64
	number   atomic.Uint64 // of the next delivery, in a closed loop

	stop  context.CancelCauseFunc
	fault atomic.Pointer[error] // of payloads that cannot be made
}

func newEngine(o Options, c pool) *engine {
	e := &engine{Options: o, pool: c, jobs: make(chan job), recorder: newRecorder(o)}
	if o.Closed <= 0 {
		e.schedule = newSchedule(o)
	}
	e.number.Store(o.FirstIndex)
	return e
}

func (e *engine) run(ctx context.Context) error {
	ctx, e.stop = context.WithCancelCause(ctx)
	defer e.stop(nil)
	defer context.AfterFunc(ctx, e.pool.Abort)()
	e.before = osclock.Used()
	e.start = time.Now()
	stopProgress := e.reportProgress()
	if e.Closed > 0 {
		e.runClosed(ctx)
	} else {
		e.dispatch(ctx)
		close(e.jobs)
	}
	e.workers.Wait()
	stopProgress()
	e.recorder.elapsed = e.now()
	if fault := e.fault.Load(); fault != nil {
		return *fault
	}
	return nil
}

func (e *engine) now() time.Duration { return time.Since(e.start) }

func (e *engine) fail(err error) {
	e.fault.CompareAndSwap(nil, &err)
	e.stop(err)
}

// How long dispatch sleeps at most before it looks again.
const (
	maxNap   = 5 * time.Millisecond // for a retry that was added meanwhile, or an interrupt
	napAtEnd = time.Millisecond
)

// dispatch submits the attempts of the schedule, each when it is due.
func (e *engine) dispatch(ctx context.Context) {
	sleep := e.sleep
	if sleep == nil {
		sleeper := osclock.NewSleeper()
		defer sleeper.Close()
		sleep = sleeper.Sleep
	}
	late := time.NewTimer(0)
	defer late.Stop()
	for ctx.Err() == nil {
		over := e.pending.Load() == 0 // before peek: what ends may add a retry
		due, some := e.schedule.peek()
		if !some && over {
			return
		}
		if !some {
			sleep(napAtEnd)
			continue
		}
		if wait := due - e.now(); wait > 0 {
			sleep(min(wait, maxNap))
			continue
		}
		e.submit(ctx, late, e.schedule.take())
	}
}

// submit hands an attempt to the first free worker, or gives it up after MaxQueueWait.
func (e *engine) submit(ctx context.Context, late *time.Timer, j job) {
	e.pending.Add(1)
	e.recorder.recordDue(j, e.schedule)
	select {
	case e.jobs <- j:
		return
	default:
	}
	if e.opened < e.Connections {
		e.opened++
		e.workers.Go(e.work)
	}
	left := j.due + e.MaxQueueWait - e.now()
	if left <= 0 {
		e.unsent(j)
		return
	}
	late.Reset(left)
	select {
	case e.jobs <- j:
	case <-late.C:
		e.unsent(j)
	case <-ctx.Done():
		e.recorder.increment(&e.recorder.aborted)
		e.pending.Add(-1)
	}
}

// unsent gives up an attempt that no connection became free for.
func (e *engine) unsent(j job) {
	e.recorder.recordUnsent(e.now(), j)
	e.retry(j)
	e.pending.Add(-1)
}

func (e *engine) work() {
	w := newWorker(e)
	defer w.client.Close()
	idleSince := e.now()
	for j := range e.jobs {
		idleSince = w.attempt(j, idleSince)
		e.pending.Add(-1)
	}
}

// runClosed sends over each connection without a pause.
func (e *engine) runClosed(ctx context.Context) {
	for range e.Connections {
		e.workers.Go(func() {
			w := newWorker(e)
			defer w.client.Close()
			for now := e.now(); now < e.Closed && ctx.Err() == nil; {
				number := e.number.Add(1) - 1
				now = w.attempt(job{number: number, due: now, webhook: int(number % uint64(e.Webhooks))}, now)
			}
		})
	}
}

type worker struct {
	*engine
	client  client.Client
	request client.Request
}

func newWorker(e *engine) *worker {
	room := e.pool.Room()
	request := client.Request{Text: make([]byte, room, room+2048), BodyStart: room}
	return &worker{engine: e, client: e.pool.NewClient(), request: request}
}

// attempt makes one, and returns when it ended. The worker had been idle since idleSince.
func (w *worker) attempt(j job, idleSince time.Duration) time.Duration {
	p := &w.request
	if err := w.prepare(j); err != nil {
		w.engine.fail(fmt.Errorf("make delivery %d: %w", j.number, err))
		return w.now()
	}
	p.Webhook = min(j.webhook, len(w.Secrets)-1)
	w.inFlight.Add(1)
	sent := w.now()
	o := w.client.Do(p)
	end := w.now()
	w.inFlight.Add(-1)
	w.recorder.recordAttempt(finishedAttempt{
		due: j.due, idleSince: idleSince, sent: sent, end: end, Result: o, used: j.number/uint64(w.Webhooks) + 1,
	})
	switch {
	case o.Err != nil && w.recorder.neverReached(o.Err):
		at := cmp.Or(w.Route.Unix, w.To.URL.Host)
		w.engine.fail(fmt.Errorf("%w at %s (%w): is the handler running there?", ErrUnreachable, at, o.Err))
	case o.Status/100 != 2:
		w.retry(w.save(j))
	}
	return end
}

func (w *worker) prepare(j job) (err error) {
	p := &w.request
	p.Text, p.ID = p.Text[:p.BodyStart], p.ID[:0]
	if j.saved != nil {
		p.Text, p.ID = append(p.Text, j.saved.payload...), append(p.ID, j.saved.id...)
		return nil
	}
	p.Text, p.ID, err = w.Payloads.Append(p.Text, p.ID, emitter.Recipient{Index: j.number, Webhook: j.webhook})
	return err
}

// save adds to a failed job what cannot be made again.
func (w *worker) save(j job) job {
	if _, more := w.Retries.Wait(w.Seed, j.number, j.failed); more && j.saved == nil && !w.Payloads.Repeatable() {
		p := &w.request
		j.saved = &savedDelivery{payload: slices.Clone(p.Text[p.BodyStart:]), id: slices.Clone(p.ID)}
	}
	return j
}

func (e *engine) retry(j job) {
	wait, more := e.Retries.Wait(e.Seed, j.number, j.failed)
	switch {
	case more && e.schedule != nil:
		j.failed++
		j.due = e.now() + time.Duration(float64(wait)/e.TimeScale)
		e.schedule.addRetry(j)
	case j.failed > 0:
		e.recorder.increment(&e.recorder.abandoned)
	}
}
