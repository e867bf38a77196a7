package load

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/hubhook/hubhook/reports"
)

// window is what happened since the last snapshot.
type window struct {
	since   time.Duration
	asked   uint64 // by the plan, up to since
	retries uint64
	sent    uint64 // up to since
	latency *hdrhistogram.Histogram
	// Of the requests that had a free connection, how many the sender itself sent late.
	attempts, late uint64
}

func (w *window) recordLateness(d time.Duration) {
	w.attempts++
	if d > maxLateness {
		w.late++
	}
}

// snapshot returns the progress since the last one; due is what the plan has asked for by now.
func (r *recorder) snapshot(now time.Duration, due uint64) reports.LoadProgress {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := &r.window
	seconds := max((now - w.since).Seconds(), 1e-9)
	progress := reports.LoadProgress{
		Elapsed: now, Asked: float64(due-w.asked+w.retries) / seconds, Reached: float64(r.sent-w.sent) / seconds,
		P50: quantile(w.latency, 50), P95: quantile(w.latency, 95), P99: quantile(w.latency, 99),
		Statuses: r.statusCounts(), Faults: r.faults.counts(), Unreliable: w.late*100 > w.attempts,
	}
	if due > r.triggers {
		progress.Waiting = due - r.triggers
	}
	w.latency.Reset()
	*w = window{since: now, asked: due, sent: r.sent, latency: w.latency}
	return progress
}

// reportProgress calls Progress at each tick, until stop is called.
func (e *engine) reportProgress() (stop func()) {
	if e.Progress == nil {
		return func() {}
	}
	done, stopped := make(chan struct{}), make(chan struct{})
	ticker := time.NewTicker(e.ProgressInterval)
	var plan *dueCounter
	if e.Plan != nil && e.Closed <= 0 {
		plan = newDueCounter(e.Plan)
	}
	go func() {
		defer close(stopped)
		for {
			select {
			case <-ticker.C:
				e.Progress(e.progress(plan))
			case <-done:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(done)
		<-stopped
	}
}

func (e *engine) progress(plan *dueCounter) reports.LoadProgress {
	at, due := e.now(), uint64(0)
	if plan != nil {
		due = plan.until(at)
	}
	now := e.recorder.snapshot(at, due)
	now.InFlight = int(e.inFlight.Load())
	return now
}
