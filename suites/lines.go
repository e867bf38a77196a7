package suites

import (
	"context"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Stall begins so many genuine deliveries, each on a connection of its own, and stops
// in the middle of their bodies. They are dropped when the function is called that it
// gives.
func (h *Handler) Stall(n int) (release func()) {
	var lines []*delivery.Conn
	release = func() {
		for _, line := range lines {
			line.Close()
		}
	}
	for range n {
		d := h.New(Describe("stopped in the middle of its body"))
		line := h.OpenConn()
		lines = append(lines, line)
		if err := line.Begin(h.run.ctx, d.attempt(h.run.target), len(d.body)/2); err != nil {
			release()
			h.Inconclusive("half a delivery could not be sent: %v", err)
		}
		h.markDirty()
	}
	return release
}

// OpenConn opens a connection that is held.
func (h *Handler) OpenConn() *delivery.Conn {
	h.run.requireRunning(h)
	line, err := h.run.sender.Open(h.run.ctx, h.run.target.URL)
	if err != nil {
		h.Inconclusive("no connection could be opened: %v", err)
	}
	return line
}

// LeaveIdle makes a genuine delivery over a connection that is then left idle.
func (h *Handler) LeaveIdle() {
	line := h.OpenConn()
	h.idleConn = line
	context.AfterFunc(h.run.ctx, func() { line.Close() })
	h.RequireAccepted(h.AttemptOver(line, h.New(Describe("on a connection that is left idle then"))))
}

// AttemptOver makes an attempt over a connection that is held open.
func (h *Handler) AttemptOver(line *delivery.Conn, d Delivery) Response {
	answer := h.run.count(d, line.Send(h.run.ctx, d.attempt(h.run.target)))
	answer.culprit = &h.culprit
	h.markDirty()
	h.recorder.add(d, answer)
	return answer
}

func (h *Handler) markDirty() {
	if h.run.observer != nil {
		h.run.observer.markDirty()
	}
}
