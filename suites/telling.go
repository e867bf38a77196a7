package suites

import (
	"sync"
	"time"
)

// telling is which exchange a failure is about: of several that were sent at once, or
// compared, it need not be the last.
type telling struct {
	mu      sync.Mutex
	started time.Time // of the attempt; zero where none is known
}

func (t *telling) note(answer Answer) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.started = answer.x.Started
}

// is tells whether a failure is about this answer.
func (t *telling) is(answer Answer) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.started.IsZero() && t.started.Equal(answer.x.Started)
}
