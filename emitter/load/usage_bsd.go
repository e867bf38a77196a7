//go:build unix && !linux

package load

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// peakMB is the most memory that was resident.
func peakMB(r *unix.Rusage) float64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return float64(r.Maxrss) / (1 << 20) // bytes
	}
	return float64(r.Maxrss) / 1024 // KiB
}
