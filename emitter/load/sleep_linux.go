package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleep sleeps in the kernel, and may wake early.
func sleep(d time.Duration) {
	ts := unix.NsecToTimespec(int64(d))
	_ = unix.Nanosleep(&ts, nil) // a signal wakes it, and the caller looks at the clock
}

// sharpen has the calling thread woken when it asks to be: the kernel's own 50 µs later
// saves power on machines that have nothing to do.
func sharpen() {
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // without it, it is late by 50 µs
}
