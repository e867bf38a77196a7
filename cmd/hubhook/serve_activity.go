package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/hubhook/hubhook/emitter/hub"
)

// activityLog writes a line for each attempt at a delivery, and for each that is not to
// be made.
type activityLog struct {
	out io.Writer

	mu    sync.Mutex
	hub   *hub.Hub
	early []hub.Delivery // what a database has a Hub do before there is one to ask
}

// begin has lines be written from now on, and those of what was told before.
func (l *activityLog) begin(h *hub.Hub) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hub = h
	for _, d := range l.early {
		l.write(d)
	}
	l.early = nil
}

func (l *activityLog) tell(d hub.Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hub == nil {
		l.early = append(l.early, d)
		return
	}
	l.write(d)
}

func (l *activityLog) write(d hub.Delivery) {
	about := fmt.Sprintf("%s %s", d.Shape, d.RepoName)
	if d.Num > 0 {
		about += fmt.Sprintf("#%d", d.Num)
	}
	if name, alone := l.hub.WebhookName(d.Webhook); !alone {
		about += " to " + name
	}
	for _, line := range activityLines(d, about) {
		fmt.Fprintln(l.out, line)
	}
}

// activityLines tell of the latest attempts at a delivery, or why there is none.
func activityLines(d hub.Delivery, about string) []string {
	line := func(at time.Time, what string) string { return fmt.Sprintf("%s  %s: %s", clockTime(at), about, what) }
	latest := d.Latest()
	switch {
	case d.State == hub.Withheld && len(latest) == 0:
		return []string{line(d.Created, "not delivered, "+d.Reason)}
	case d.State == hub.Withheld && !latest[len(latest)-1].Replay:
		return []string{line(latest[len(latest)-1].At, "no further attempt, "+d.Reason)}
	}
	var lines []string
	for _, a := range latest {
		lines = append(lines, line(a.At, outcome(a)+afterwards(d, a)))
	}
	return lines
}

// afterwards is what comes after an attempt at a delivery, or what is special about it.
func afterwards(d hub.Delivery, a hub.Attempt) string {
	switch {
	case a.Replay:
		return ", a replay"
	case slices.Contains(a.Faults, hub.FaultWrongSecret):
		return ", with a wrong secret on purpose"
	case slices.Contains(a.Faults, hub.FaultDuplicate):
		return ", once more on purpose"
	case d.State == hub.Failed:
		return ", given up"
	case d.State == hub.Pending && !d.Due.IsZero():
		return ", again at " + clockTime(d.Due)
	}
	return ""
}

// outcome is what came of an attempt, and after how long. An answer may have begun and
// have no end.
func outcome(a hub.Attempt) string {
	came := oneLine(a.Error)
	switch {
	case a.Status > 0 && came != "":
		came = fmt.Sprintf("%d, but %s", a.Status, came)
	case a.Status > 0:
		came = fmt.Sprint(a.Status)
	}
	if slices.Contains(a.Faults, hub.FaultFailFirst) {
		return came // nothing was sent
	}
	return fmt.Sprintf("%s in %v", came, a.Latency.Round(time.Millisecond))
}

func clockTime(t time.Time) string { return t.UTC().Format("15:04:05") }
