// Package server is the handler that load tools are compared against. It answers each
// request with 202, and costs less of a core than the leanest of the tools, so that the
// tool is what is measured. It runs only on Linux.
//
// It also knows the truth: it can stall, as a handler that collects garbage or waits for
// a lock does, and write down when each request came and when it was answered.
package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Options say how to serve. Address, Stop and Out must be set.
type Options struct {
	Address string    // of TCP
	Stop    *os.File  // a pipe: at its end, so ends the server
	Out     io.Writer // takes Lines
	Stall   Stall     // none if zero
	Log     string    // file that all exchanges are written to in the end; none if empty
	Marks   []uint64  // counts of requests at which to say so, rising
}

// Line is what the server prints, one JSON object on each line, of which one field is
// set.
type Line struct {
	Listening string `json:"listening,omitempty"` // address
	Mark      uint64 `json:"mark,omitempty"`      // that many requests came
	Stats     *Stats `json:"stats,omitempty"`     // in the end
}

// Stats are what was served.
type Stats struct {
	Requests    uint64  `json:"requests"`    // that came as a whole
	Connections uint64  `json:"connections"` // that were opened, all in all
	BodyBytes   uint64  `json:"bodyBytes"`   // of all requests
	Seconds     float64 `json:"seconds"`     // from the first request to the last
	CPUSeconds  float64 `json:"cpuSeconds"`  // user and system, in that time
}

// Serve serves until Stop ends.
func Serve(o Options) error {
	listener, err := net.Listen("tcp", o.Address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer listener.Close()
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		return fmt.Errorf("listen at %s: %w", o.Address, err)
	}
	defer file.Close()
	out := json.NewEncoder(o.Out)
	if err := out.Encode(Line{Listening: listener.Addr().String()}); err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l, err := newLoop(int(file.Fd()), int(o.Stop.Fd()))
	if err != nil {
		return err
	}
	defer l.close()
	l.stall, l.logging, l.marks, l.out = o.Stall, o.Log != "", o.Marks, out
	if err := l.run(); err != nil {
		return err
	}
	if o.Log != "" {
		if err := l.log.save(o.Log); err != nil {
			return err
		}
	}
	return out.Encode(Line{Stats: l.stats()})
}

func (l *loop) stats() *Stats {
	s := l.counted
	if s.Requests > 0 {
		s.Seconds = time.Duration(l.last - l.first).Seconds()
		s.CPUSeconds = (used() - l.before).Seconds()
	}
	return &s
}

// used returns the CPU time of this process.
func used() time.Duration {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
