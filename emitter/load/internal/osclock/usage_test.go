//go:build unix

package osclock

import (
	"runtime"
	"testing"
)

// What a process used grows with what it does.
func TestUsageGrows(t *testing.T) {
	before := Used()
	held := make([]byte, 64<<20)
	for i := range held {
		held[i] = byte(i) // so that it is resident
	}
	after := Used()
	if after.Since(before).CPU <= 0 || after.PeakMB < 64 || after.PeakMB > before.PeakMB+512 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	runtime.KeepAlive(held)
}
