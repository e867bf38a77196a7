package check

import (
	"context"
	"time"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/observe"
)

// OpenConn opens a connection that is held.
func (h *Handler) OpenConn() *delivery.Conn {
	h.RequireRunning()
	conn, err := h.run.sender.Open(h.run.ctx, h.run.target.URL)
	if err != nil {
		h.Inconclusive("no connection could be opened: %v", err)
	}
	return conn
}

// AttemptOver sends a delivery over a connection that is held.
func (h *Handler) AttemptOver(conn *delivery.Conn, d Delivery) Response {
	r := h.run.count(d, conn.Send(h.run.ctx, d.attempt(h.run.target)))
	r.culprit = &h.culprit
	h.markDirty()
	h.recorder.add(d, r)
	return r
}

// LeaveIdle sends a valid delivery over a connection that is then left idle.
func (h *Handler) LeaveIdle() {
	conn := h.OpenConn()
	h.idleConn = conn
	context.AfterFunc(h.run.ctx, func() { conn.Close() })
	h.RequireAccepted(h.AttemptOver(conn, h.NewDelivery(Describe("on a connection that is left idle then"))))
	h.idleSince = time.Now()
}

// AwaitIdle returns the connection that was left idle, once it has been so for a least
// time, and for how long.
func (h *Handler) AwaitIdle(least time.Duration) (*delivery.Conn, time.Duration) {
	if h.idleConn == nil {
		h.LeaveIdle()
	}
	if err := observe.Pause(h.run.ctx, time.Until(h.idleSince.Add(least))); err != nil {
		h.RequireRunning()
	}
	return h.idleConn, time.Since(h.idleSince)
}

// Stall begins a valid delivery on a connection of its own, and stops in the middle of its
// body until release is called.
func (h *Handler) Stall() (release func()) {
	d := h.NewDelivery(Describe("stopped in the middle of its body"))
	conn := h.OpenConn()
	if err := conn.Begin(h.run.ctx, d.attempt(h.run.target), len(d.body)/2); err != nil {
		conn.Close()
		h.Inconclusive("half a delivery could not be sent: %v", err)
	}
	h.markDirty()
	return func() { conn.Close() }
}
