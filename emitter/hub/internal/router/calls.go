package router

import (
	"maps"
	"sync"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// longestPathLogged is how much of a call's path is remembered, in bytes.
const longestPathLogged = 1 << 10

// CallLog remembers the latest calls.
type CallLog struct {
	mu    sync.Mutex
	keep  int
	ring  []activity.Call // up to keep
	next  int
	total uint64
	// effects counts the calls that changed something, by their names.
	effects map[string]int
}

func NewCallLog(keep int) *CallLog {
	return &CallLog{keep: max(keep, 1), effects: map[string]int{}}
}

func (l *CallLog) Add(c activity.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	if c.Changed {
		l.effects[c.Name]++
	}
	if len(l.ring) < l.keep {
		l.ring = append(l.ring, c)
		return
	}
	l.ring[l.next] = c
	l.next = (l.next + 1) % len(l.ring)
}

// List returns the calls that are remembered, the oldest first, and how many there have been.
func (l *CallLog) List() ([]activity.Call, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]activity.Call(nil), l.ring[l.next:]...), l.ring[:l.next]...), l.total
}

// Forget forgets the calls, but not how many there have been.
func (l *CallLog) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.next = nil, 0
	clear(l.effects)
}

// Effects returns how often each call has changed something, by the call's name.
func (l *CallLog) Effects() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.effects)
}
