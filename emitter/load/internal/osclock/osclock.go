// Package osclock has what a load generator needs of its system: a sleep that ends on
// time, and how much of the processor and the memory the process has used. What a system
// cannot tell is zero.
//
// It is not a clock to be read: for that, package time is as good.
package osclock

import "time"

// Usage is what a process used of its machine.
type Usage struct {
	CPU    time.Duration // user and system
	PeakMB float64       // of resident memory; 0 if unknown
}

// Since returns what was used after before was taken; the peak is of the whole process.
func (u Usage) Since(before Usage) Usage { return Usage{u.CPU - before.CPU, u.PeakMB} }
