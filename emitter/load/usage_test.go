//go:build unix

package load

import (
	"runtime"
	"testing"
)

// What a process used grows with what it does.
func TestUsageGrows(t *testing.T) {
	before := used()
	held := make([]byte, 64<<20)
	for i := range held {
		held[i] = byte(i) // so that it is resident
	}
	after := used()
	if after.since(before).cpu <= 0 || after.peakMB < 64 || after.peakMB > before.peakMB+512 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	runtime.KeepAlive(held)
}
