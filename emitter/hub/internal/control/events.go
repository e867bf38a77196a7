package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
	"github.com/hubhook/hubhook/emitter/hub/internal/problem"
	"github.com/hubhook/hubhook/emitter/hub/internal/router"
)

// Intervals of events to a listener.
const (
	EventGap     = 100 * time.Millisecond // between two events
	Heartbeat    = 15 * time.Second       // without any
	eventTimeout = 10 * time.Second       // for a listener to take one
)

// sendEvents sends server-sent events (HTML, 9.2) as long as the client listens: one at
// once, then one after a change, at most ten a second, each with
//
//	data: {"version":N}
//
// where N is another number after each change. A comment comes after 15 s without a
// change. It is 429 if 64 listen already.
func sendEvents(c *call) (any, error) {
	w := c.DB.Watchers
	if !w.Enter() {
		return nil, &problem.Error{Status: http.StatusTooManyRequests,
			Text: fmt.Sprintf("%d listen already", domain.MaxListeners)}
	}
	defer w.Leave()
	header := c.Response.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	c.Response.WriteHeader(http.StatusOK)
	if c.Request.Method != http.MethodHead {
		l := listener{c, http.NewResponseController(c.Response)}
		l.follow()
		l.control.SetWriteDeadline(time.Time{})
	}
	return router.Streamed(http.StatusOK), nil
}

type listener struct {
	*call
	control *http.ResponseController
}

func (l listener) follow() {
	w := l.DB.Watchers
	for sent, first := uint64(0), true; ; first = false {
		changed := w.Wait()
		line := ": nothing new\n\n"
		if now := w.Count(); now != sent || first {
			sent, line = now, fmt.Sprintf("data: {\"version\":%d}\n\n", now)
		}
		if !l.write(line) || !l.pause(EventGap, nil) || !l.pause(Heartbeat, changed) {
			return
		}
	}
}

// write returns false if the client does not take it.
func (l listener) write(line string) bool {
	l.control.SetWriteDeadline(time.Now().Add(eventTimeout)) // if the server can
	if _, err := l.Response.Write([]byte(line)); err != nil {
		return false
	}
	return l.control.Flush() == nil
}

// pause waits for a time, or until something has changed. It returns false if the client or the Hub
// has gone away.
func (l listener) pause(d time.Duration, changed <-chan struct{}) bool {
	select {
	case <-l.Request.Context().Done():
		return false
	case <-l.Done:
		return false
	case <-changed:
	case <-time.After(d):
	}
	return true
}
