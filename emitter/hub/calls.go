package hub

import (
	"errors"
	"maps"
	"sync"
	"time"
)

var errFault = errors.New("a fault of hubhook")

// Call is a call of the API, as it was answered.
type Call struct {
	At     time.Time `json:"at"`             // on the Hub
	User   string    `json:"user,omitempty"` // whose its token is; Options.User where it has none
	Name   string    `json:"name"`           // of the official Python client's function, where there is one
	Method string    `json:"method"`         // "GET", "POST"
	Path   string    `json:"path"`           // percent-encoded, its first KiB
	Status int       `json:"status"`         // of the answer
	// Changed tells that the call changed something.
	Changed bool `json:"changed,omitempty"`
}

// longestPathLogged is how much of a call's path is remembered, in bytes.
const longestPathLogged = 1 << 10

// callLog remembers the latest calls.
type callLog struct {
	mu    sync.Mutex
	keep  int
	ring  []Call // up to keep
	next  int
	total uint64
	// effects counts the calls that changed something, by their names.
	effects map[string]int
}

func newCallLog(keep int) *callLog {
	return &callLog{keep: max(keep, 1), effects: map[string]int{}}
}

func (l *callLog) add(c Call) {
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

// list lists the calls that are remembered, the oldest first, and tells how many
// there have been.
func (l *callLog) list() ([]Call, uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]Call(nil), l.ring[l.next:]...), l.ring[:l.next]...), l.total
}

// forget forgets the calls, but not how many there have been.
func (l *callLog) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.next = nil, 0
	clear(l.effects)
}

// Calls are the latest calls of the API, the oldest first.
func (h *Hub) Calls() []Call {
	calls, _ := h.calls.list()
	return calls
}

// Effects tells how often each call of the API has changed something, since the Hub was
// made or reset: what a bot has done. Where the official Python client has a function for a call, it is by its name.
func (h *Hub) Effects() map[string]int {
	h.calls.mu.Lock()
	defer h.calls.mu.Unlock()
	return maps.Clone(h.calls.effects)
}
