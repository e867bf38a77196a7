//go:build unix

package load

import (
	"time"

	"golang.org/x/sys/unix"
)

// used is what this process used up to now.
func used() usage {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return usage{}
	}
	return usage{cpu: time.Duration(r.Utime.Nano() + r.Stime.Nano()), peakMB: peakMB(&r)}
}
