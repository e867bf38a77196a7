package osclock

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Sleeper puts a goroutine to sleep by a timer of the kernel that the runtime's poller
// waits for as it waits for connections. The runtime's own timers are late by up to a
// millisecond. A thread in nanosleep is not, but keeps its processor (runtime.GOMAXPROCS)
// from all others until the runtime notices, and has to wake another thread for whatever
// is to be done: with one processor every request waits for that, with two it costs as
// much again as the request.
type Sleeper struct {
	file *os.File // nil: there is none, and the runtime's timers must do
	fd   int
	read [8]byte
}

// NewSleeper returns a sleeper for one goroutine, which must close it.
func NewSleeper() *Sleeper {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return &Sleeper{}
	}
	return &Sleeper{file: os.NewFile(uintptr(fd), "timer"), fd: fd}
}

// Sleep sleeps for d, and may wake early.
func (s *Sleeper) Sleep(d time.Duration) {
	if s.file == nil {
		time.Sleep(d)
		return
	}
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(max(1, int64(d)))}
	if unix.TimerfdSettime(s.fd, 0, &spec, nil) != nil {
		time.Sleep(d)
		return
	}
	_, _ = s.file.Read(s.read[:]) // how often it went off: the caller looks at the clock
}

// Close releases the timer.
func (s *Sleeper) Close() {
	if s.file != nil {
		s.file.Close()
	}
}
