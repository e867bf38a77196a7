package load

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/hubhook/hubhook/reports"
)

// recorder counts and measures. It is safe for concurrent use.
type recorder struct {
	mu       sync.Mutex
	closed   bool // whether the run is a closed loop
	latency  *hdrhistogram.Histogram
	service  *hdrhistogram.Histogram
	lateness *hdrhistogram.Histogram
	bins     bins
	tally
	now  window // since somebody looked last
	over time.Duration
}

// tally is what is counted.
type tally struct {
	triggers, attempts, retries    uint64
	accepted, failed, cut, notSent uint64
	resent, connections, abandoned uint64
	sent, done                     uint64
	statuses                       [1000]uint64
	faults                         faultCounts
	mostUsed                       uint64
}

// The precision of what is measured: microseconds, to an hour.
const (
	leastMicros = 1
	mostMicros  = int64(time.Hour / time.Microsecond)
	figures     = 3
)

func newHistogram(figures int) *hdrhistogram.Histogram {
	return hdrhistogram.New(leastMicros, mostMicros, figures)
}

func newRecorder(o Options) *recorder {
	return &recorder{
		closed:  o.Closed > 0,
		latency: newHistogram(figures), service: newHistogram(figures), lateness: newHistogram(figures),
		bins: newBins(), tally: tally{faults: faultCounts{}}, now: newWindow(),
	}
}

// record adds a duration to a histogram. What cannot be held is held as the most that
// can.
func record(h *hdrhistogram.Histogram, d time.Duration) {
	micros := (d + time.Microsecond/2).Microseconds()
	_ = h.RecordValue(min(max(micros, 0), mostMicros)) // which is in range
}

// due counts an attempt that is due now.
func (r *recorder) due(j job, s *schedule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts++
	b := r.bins.at(j.due)
	b.due++
	if j.failed > 0 {
		r.retries++
		r.now.retries++
	} else {
		r.trigger(b, s.used[j.webhook])
	}
}

// trigger counts a trigger, of a webhook that had so many up to then.
func (r *recorder) trigger(b *bin, used uint64) {
	r.triggers++
	b.triggers++
	r.mostUsed = max(r.mostUsed, used)
	b.mostUsed = max(b.mostUsed, r.mostUsed)
}

// attempt is one that is over.
type attempt struct {
	due  time.Duration // from the beginning of the run
	free time.Duration // since when the connection had nothing else to do
	sent time.Duration
	end  time.Duration
	outcome
	used uint64 // triggers of its webhook; counted here in a closed loop alone
}

// ended counts an attempt that is over.
func (r *recorder) ended(a attempt) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		a.due = a.sent
		r.attempts++
		b := r.bins.at(a.sent)
		b.due++
		r.trigger(b, a.used)
	}
	r.bins.at(a.sent).sent++
	b := r.bins.at(a.end)
	b.done++
	r.sent, r.done = r.sent+1, r.done+1
	r.connections += uint64(a.opened)
	if a.resent {
		r.resent++
	}
	if errors.Is(a.err, errCut) {
		r.cut++
		return
	}
	record(r.lateness, a.sent-max(a.due, a.free))
	record(r.service, a.end-a.sent)
	r.time(b, a.end-a.due)
	r.now.late.add(a.sent - max(a.due, a.free))
	r.judge(b, a.outcome)
}

// time counts a latency.
func (r *recorder) time(b *bin, d time.Duration) {
	record(r.latency, d)
	b.record(d)
	r.now.record(d)
}

// judge counts what came of an attempt.
func (r *recorder) judge(b *bin, o outcome) {
	switch {
	case o.err != nil:
		r.faults.add(o.err)
		r.failed++
		b.answers[0]++
		return
	case o.status/100 == 2:
		r.accepted++
	default:
		r.failed++
	}
	r.statuses[o.status%1000]++
	b.answers[min(o.status/100, len(b.answers)-1)]++
}

// unsent counts an attempt that was given up before it was sent.
func (r *recorder) unsent(now time.Duration, j job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.notSent++
	b := r.bins.at(now)
	b.unsent++
	r.time(b, now-j.due)
}

// cutOff counts an attempt that was due and not sent when the run was ended by hand.
func (r *recorder) cutOff() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut++
}

// givenUp counts a delivery of which no attempt is left.
func (r *recorder) givenUp() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.abandoned++
}

// nobody tells whether a fault says that there is nobody, and there never was.
func (r *recorder) nobody(err error) bool {
	if !isAbsence(err) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.faults.areAbsences() && r.statusesSeen() == 0
}

func (t *tally) statusesSeen() (seen uint64) {
	for _, count := range t.statuses {
		seen += count
	}
	return seen
}

func (r *recorder) finish(at time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.over = at
}

// faultCounts counts attempts without a complete answer, by kind.
type faultCounts map[string]*reports.LoadCount

// kindFiles says that this machine lets nobody open more files.
const kindFiles = "files"

// absences are the kinds that say that there is nobody to send to.
func absences() []string { return []string{"refused", "name", "unreachable"} }

// isAbsence tells whether a fault is of such a kind.
func isAbsence(err error) bool { return slices.Contains(absences(), kindOf(err)) }

// areAbsences tells whether all faults are of such kinds.
func (f faultCounts) areAbsences() bool {
	for kind := range f {
		if !slices.Contains(absences(), kind) {
			return false
		}
	}
	return true
}

func (f faultCounts) add(err error) {
	kind := kindOf(err)
	if f[kind] == nil {
		f[kind] = &reports.LoadCount{Name: kind, Example: err.Error()}
	}
	f[kind].Count++
}

// counts lists the kinds, the most frequent first.
func (f faultCounts) counts() []reports.LoadCount {
	list := []reports.LoadCount{}
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list = append(list, *f[name])
	}
	slices.SortStableFunc(list, func(a, b reports.LoadCount) int { return cmp.Compare(b.Count, a.Count) })
	return list
}
