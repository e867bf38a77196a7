package main

import "runtime/debug"

// collectLess has garbage collected less often until the function that it gives
// is called. It is for verbs that keep next to nothing from one payload to the
// next: it costs a few megabytes, and saves a quarter of the time that judging
// takes, and of that until the first payload is made.
func collectLess() (restore func()) {
	before := debug.SetGCPercent(400)
	return func() { debug.SetGCPercent(before) }
}

// collectMore has garbage collected more often until the function that it gives is
// called. It is for verbs that make next to none once they have begun: it costs them
// nothing, and keeps small what is left over from their beginning.
func collectMore() (restore func()) {
	before := debug.SetGCPercent(25)
	return func() { debug.SetGCPercent(before) }
}
