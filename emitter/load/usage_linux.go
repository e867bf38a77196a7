package load

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// peakMB is the most memory that was resident. What Rusage says of it is no less than
// what the process had that this one was made of.
func peakMB(*unix.Rusage) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kiB float64
	if _, err := fmt.Sscanf(after, "%f kB", &kiB); err != nil {
		return 0
	}
	return kiB / 1024
}
