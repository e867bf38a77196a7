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
		d := h.New(Called("stopped in the middle of its body"))
		line := h.OpenLine()
		lines = append(lines, line)
		if err := line.Begin(h.run.ctx, d.attempt(h.run.target), len(d.body)/2); err != nil {
			release()
			h.Inconclusive("half a delivery could not be sent: %v", err)
		}
		h.disturb()
	}
	return release
}

// OpenLine opens a connection that is held.
func (h *Handler) OpenLine() *delivery.Conn {
	h.run.mayGoOn(h)
	line, err := h.run.sender.Open(h.run.ctx, h.run.target.URL)
	if err != nil {
		h.Inconclusive("no connection could be opened: %v", err)
	}
	return line
}

// KeepLine makes a genuine delivery over a connection that is then left idle.
func (h *Handler) KeepLine() {
	line := h.OpenLine()
	h.line = line
	context.AfterFunc(h.run.ctx, func() { line.Close() })
	h.Given(h.Over(line, h.New(Called("on a connection that is left idle then"))))
}

// Over makes an attempt over a connection that is held open.
func (h *Handler) Over(line *delivery.Conn, d Delivery) Answer {
	answer := h.run.count(d, line.Send(h.run.ctx, d.attempt(h.run.target)))
	answer.about = &h.about
	h.disturb()
	h.notes.add(d, answer)
	return answer
}

func (h *Handler) disturb() {
	if h.run.observer != nil {
		h.run.observer.disturb()
	}
}
