package suites

import (
	"testing"
	"time"
)

// How long is waited follows from what was seen, within bounds, and forgets.
func TestPaceFollowsTheLatestEffects(t *testing.T) {
	p := &pace{}
	if p.quiet() != quietUnknown || p.patience() != patienceUnknown {
		t.Errorf("before anything was seen: %v, %v", p.quiet(), p.patience())
	}
	p.learn(time.Millisecond)
	if p.quiet() != quietLeast || p.patience() != patienceLeast {
		t.Errorf("of a quick handler: %v, %v", p.quiet(), p.patience())
	}
	p.learn(time.Hour)
	if p.quiet() != quietMost || p.patience() != patienceMost {
		t.Errorf("after an hour: %v, %v", p.quiet(), p.patience())
	}
	for range remembered {
		p.learn(20 * time.Millisecond)
	}
	if p.quiet() != quietTimes*20*time.Millisecond || p.patience() != patienceLeast {
		t.Errorf("once that is long ago: %v, %v", p.quiet(), p.patience())
	}
	if !p.setCareful(true) || p.setCareful(true) || p.quiet() != carefulTimes*quietTimes*20*time.Millisecond {
		t.Errorf("with care: %v", p.quiet())
	}
	settled := &pace{settle: time.Second}
	settled.learn(time.Millisecond)
	if settled.quiet() != time.Second || settled.patience() != 5*time.Second {
		t.Errorf("as a user asks for: %v, %v", settled.quiet(), settled.patience())
	}
}
