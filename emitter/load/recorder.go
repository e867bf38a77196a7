package load

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/hubhook/hubhook/emitter/load/internal/client"
	"github.com/hubhook/hubhook/reports"
)

// recorder counts and measures. It is safe for concurrent use.
type recorder struct {
	mu       sync.Mutex
	closed   bool // the run is a closed loop
	latency  *hdrhistogram.Histogram
	service  *hdrhistogram.Histogram
	lateness *hdrhistogram.Histogram
	bins     bins
	tally
	window  window // since the last snapshot
	elapsed time.Duration
}

type tally struct {
	triggers, attempts, retries       uint64
	accepted, failed, aborted, unsent uint64
	resent, connections, abandoned    uint64
	sent, done                        uint64
	statuses                          [1000]uint64
	faults                            faultCounts
	maxUsed                           uint64
}

// Histograms hold microseconds up to an hour, with three significant digits.
const (
	minMicros = 1
	maxMicros = int64(time.Hour / time.Microsecond)
	precision = 3
)

func newHistogram(figures int) *hdrhistogram.Histogram {
	return hdrhistogram.New(minMicros, maxMicros, figures)
}

func newRecorder(o Options) *recorder {
	return &recorder{
		closed:  o.Closed > 0,
		latency: newHistogram(precision), service: newHistogram(precision), lateness: newHistogram(precision),
		bins: bins{width: minBinWidth}, tally: tally{faults: faultCounts{}},
		window: window{latency: newHistogram(binPrecision)},
	}
}

// record adds a duration to a histogram, or the nearest that it can hold.
func record(h *hdrhistogram.Histogram, d time.Duration) {
	micros := (d + time.Microsecond/2).Microseconds()
	_ = h.RecordValue(min(max(micros, 0), maxMicros)) // which is in range
}

// recordDue counts an attempt that is due now.
func (r *recorder) recordDue(j job, s *schedule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts++
	b := r.bins.at(j.due)
	b.due++
	if j.failed > 0 {
		r.retries++
		r.window.retries++
	} else {
		r.recordTrigger(b, s.used[j.webhook])
	}
}

// recordTrigger counts a trigger of a webhook that has used that much of its quota.
func (r *recorder) recordTrigger(b *bin, used uint64) {
	r.triggers++
	b.triggers++
	r.maxUsed = max(r.maxUsed, used)
	b.maxUsed = max(b.maxUsed, r.maxUsed)
}

type finishedAttempt struct {
	due       time.Duration // from the start of the run
	idleSince time.Duration // of the connection
	sent      time.Duration
	end       time.Duration
	client.Result
	used uint64 // triggers of its webhook; used in a closed loop only
}

func (r *recorder) recordAttempt(a finishedAttempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		a.due = a.sent
		r.attempts++
		b := r.bins.at(a.sent)
		b.due++
		r.recordTrigger(b, a.used)
	}
	r.bins.at(a.sent).sent++
	b := r.bins.at(a.end)
	b.done++
	r.sent, r.done = r.sent+1, r.done+1
	r.connections += uint64(a.Opened)
	if a.Resent {
		r.resent++
	}
	if errors.Is(a.Err, client.ErrAborted) {
		r.aborted++
		return
	}
	late := a.sent - max(a.due, a.idleSince)
	record(r.lateness, late)
	r.window.recordLateness(late)
	record(r.service, a.end-a.sent)
	r.recordLatency(b, a.end-a.due)
	r.recordResult(b, a.Result)
}

func (r *recorder) recordLatency(b *bin, d time.Duration) {
	record(r.latency, d)
	b.record(d)
	record(r.window.latency, d)
}

func (r *recorder) recordResult(b *bin, o client.Result) {
	switch {
	case o.Err != nil:
		r.faults.add(o.Err)
		r.failed++
		b.answers[0]++
		return
	case o.Status/100 == 2:
		r.accepted++
	default:
		r.failed++
	}
	r.statuses[o.Status%1000]++
	b.answers[min(o.Status/100, len(b.answers)-1)]++
}

// recordUnsent counts an attempt that was given up before it was sent.
func (r *recorder) recordUnsent(now time.Duration, j job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unsent++
	b := r.bins.at(now)
	b.unsent++
	r.recordLatency(b, now-j.due)
}

// increment adds one to a counter of the tally.
func (r *recorder) increment(counter *uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*counter++
}

// neverReached reports whether a fault means that there is no handler and never was one.
func (r *recorder) neverReached(err error) bool {
	if !client.IsUnreachable(client.FaultKind(err)) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.allUnreachable() && r.statuses == [len(r.statuses)]uint64{}
}

// faultCounts counts attempts without a complete response, by kind.
type faultCounts map[string]*reports.LoadCount

// allUnreachable reports whether no fault came from a handler.
func (f faultCounts) allUnreachable() bool {
	for kind := range f {
		if !client.IsUnreachable(kind) {
			return false
		}
	}
	return true
}

func (f faultCounts) add(err error) {
	kind := client.FaultKind(err)
	if f[kind] == nil {
		f[kind] = &reports.LoadCount{Name: kind, Example: err.Error()}
	}
	f[kind].Count++
}

// counts returns the kinds, the most frequent first.
func (f faultCounts) counts() []reports.LoadCount {
	list := []reports.LoadCount{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list = append(list, *f[name])
	}
	slices.SortStableFunc(list, func(a, b reports.LoadCount) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
