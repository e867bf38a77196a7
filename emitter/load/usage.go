package load

import "time"

// usage is what a process used of its machine.
type usage struct {
	cpu    time.Duration // user and system
	peakMB float64       // of resident memory; 0 where it is not known
}

func (u usage) since(before usage) usage { return usage{u.cpu - before.cpu, u.peakMB} }
