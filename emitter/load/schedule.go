package load

import (
	"container/heap"
	"sync"
	"time"
)

// job is one attempt to be made.
type job struct {
	number  uint64
	due     time.Duration // from the start of the run
	webhook int
	failed  int            // failed attempts at the delivery before
	saved   *savedDelivery // what was sent before, if it cannot be made again
}

type savedDelivery struct{ payload, id []byte }

// schedule has what is due. take and peek are for one goroutine, addRetry for all.
type schedule struct {
	plan    Plan
	next    Trigger // of the plan, if planned
	planned bool
	number  uint64   // of the next trigger's delivery
	used    []uint64 // triggers of each webhook

	mu      sync.Mutex
	retries minHeap[job]
}

func newSchedule(o Options) *schedule {
	s := &schedule{plan: o.Plan, number: o.FirstIndex, used: make([]uint64, o.Webhooks)}
	s.next, s.planned = s.plan.Next()
	return s
}

func (s *schedule) addRetry(j job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	heap.Push(&s.retries, j)
}

// peek returns when the next attempt is due, or false if there is none.
func (s *schedule) peek() (time.Duration, bool) {
	retry, some := s.nextRetry()
	switch {
	case some && (!s.planned || retry < s.next.Due):
		return retry, true
	case s.planned:
		return s.next.Due, true
	}
	return 0, false
}

func (s *schedule) nextRetry() (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.retries) == 0 {
		return 0, false
	}
	return s.retries[0].due, true
}

// take returns the attempt that peek announced.
func (s *schedule) take() job {
	if retry, some := s.nextRetry(); some && (!s.planned || retry < s.next.Due) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return heap.Pop(&s.retries).(job)
	}
	j := job{number: s.number, due: s.next.Due, webhook: s.next.Webhook}
	s.number++
	s.used[j.webhook]++
	s.next, s.planned = s.plan.Next()
	return j
}

func (j job) Before(o job) bool { return j.due < o.due }

// minHeap is a container/heap whose first element is before all others.
type minHeap[T interface{ Before(T) bool }] []T

func (h minHeap[T]) Len() int           { return len(h) }
func (h minHeap[T]) Less(i, j int) bool { return h[i].Before(h[j]) }
func (h minHeap[T]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap[T]) Push(x any)        { *h = append(*h, x.(T)) }
func (h *minHeap[T]) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	clear((*h)[last:])
	*h = (*h)[:last]
	return x
}
