//go:build unix

package load

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// used is what this process used up to now.
func used() usage {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return usage{}
	}
	peak := float64(r.Maxrss) / 1024 // KiB, but bytes on Apple's systems
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		peak /= 1024
	}
	return usage{cpu: time.Duration(r.Utime.Nano() + r.Stime.Nano()), peakMB: peak}
}
