//go:build unix

package osclock

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Used returns what this process has used so far.
func Used() Usage {
	var r unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &r) != nil {
		return Usage{}
	}
	return Usage{CPU: time.Duration(r.Utime.Nano() + r.Stime.Nano()), PeakMB: peakMB(&r)}
}

func peakMB(r *unix.Rusage) float64 {
	switch runtime.GOOS {
	case "linux":
		return peakOfStatus()
	case "darwin", "ios":
		return float64(r.Maxrss) / (1 << 20) // bytes
	}
	return float64(r.Maxrss) / 1024 // KiB
}

// peakOfStatus reads the peak from Linux itself. What Rusage says is no less than what
// the process had that this one was forked from.
func peakOfStatus() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kiB float64
	_, _ = fmt.Sscan(after, &kiB)
	return kiB / 1024
}
