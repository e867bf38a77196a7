package router

import (
	"maps"
	"slices"
	"sync"

	"github.com/hubhook/hubhook/emitter/hub/activity"
)

// longestPathLogged is how much of a call's path is remembered, in bytes.
const longestPathLogged = 1 << 10

// CallLog remembers the latest calls.
type CallLog struct {
	mu    sync.Mutex
	keep  int
	calls []activity.Call // the oldest first; up to twice as many as are kept
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
	if len(l.calls) == 2*l.keep {
		l.calls = append(l.calls[:0], l.kept()...)
	}
	l.calls = append(l.calls, c)
}

func (l *CallLog) kept() []activity.Call { return l.calls[max(len(l.calls)-l.keep, 0):] }

// List returns the calls that are remembered, the oldest first, and how many there have been.
func (l *CallLog) List() ([]activity.Call, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.kept()), l.total
}

// Forget forgets the calls, but not how many there have been.
func (l *CallLog) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = nil
	clear(l.effects)
}

// Effects returns how often each call has changed something, by the call's name.
func (l *CallLog) Effects() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.effects)
}
