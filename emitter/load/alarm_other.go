//go:build !linux

package load

import "time"

// alarm wakes a goroutine when it is time to, as exactly as the runtime's timers are.
type alarm struct{}

func newAlarm() *alarm { return &alarm{} }

// sleep sleeps, and may wake early.
func (*alarm) sleep(d time.Duration) { time.Sleep(d) }

func (*alarm) close() {}
