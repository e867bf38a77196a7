//go:build !linux

package load

import "time"

// sleep sleeps, and may wake early.
func sleep(d time.Duration) { time.Sleep(d) }

// sharpen does nothing where there is nothing to do.
func sharpen() {}
