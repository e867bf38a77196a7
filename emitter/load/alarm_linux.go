package load

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// alarm wakes a goroutine when it is time to, by a timer of the kernel that the
// runtime's poller waits for as it waits for connections. The runtime's own timers are
// late by up to a millisecond. A thread that sleeps in nanosleep is not, but keeps from
// all others what it runs by (runtime.GOMAXPROCS) until the runtime notices, and has to
// wake another thread for whatever is to be done: with one processor every request waits
// for that, with two it costs as much again as the request.
type alarm struct {
	file *os.File // nil: there is none, and the runtime's timers must do
	fd   int
	read [8]byte
}

func newAlarm() *alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return &alarm{}
	}
	return &alarm{file: os.NewFile(uintptr(fd), "timer"), fd: fd}
}

// sleep sleeps, and may wake early.
func (a *alarm) sleep(d time.Duration) {
	if a.file == nil {
		time.Sleep(d)
		return
	}
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(max(1, int64(d)))}
	if unix.TimerfdSettime(a.fd, 0, &spec, nil) != nil {
		time.Sleep(d)
		return
	}
	_, _ = a.file.Read(a.read[:]) // how often it went off: the caller looks at the clock
}

func (a *alarm) close() {
	if a.file != nil {
		a.file.Close()
	}
}
