package observe

import (
	"testing"
	"time"
)

// Waiting times follow from the latest effects, within bounds.
func TestPacerFollowsTheLatestEffects(t *testing.T) {
	p := &pacer{}
	if p.quiet() != quietUnknown || p.patience() != patienceUnknown {
		t.Errorf("before anything was seen: %v, %v", p.quiet(), p.patience())
	}
	p.learn(time.Millisecond, true)
	if p.quiet() != quietLeast || p.patience() != patienceLeast {
		t.Errorf("of a quick handler: %v, %v", p.quiet(), p.patience())
	}
	p.learn(time.Hour, true)
	if p.quiet() != quietMost || p.patience() != patienceMost {
		t.Errorf("after an hour: %v, %v", p.quiet(), p.patience())
	}
	p.learn(2*time.Hour, false) // of something else
	if len(p.latest) != 2 {
		t.Errorf("what was not expected is learnt from: %v", p.latest)
	}
	for range remembered {
		p.learn(20*time.Millisecond, true)
	}
	if p.quiet() != quietTimes*20*time.Millisecond || p.patience() != patienceLeast {
		t.Errorf("once that is long ago: %v, %v", p.quiet(), p.patience())
	}
	if !p.setPatient(true) || p.setPatient(true) || p.quiet() != patientTimes*quietTimes*20*time.Millisecond {
		t.Errorf("with care: %v", p.quiet())
	}
	settled := &pacer{settle: time.Second}
	settled.learn(time.Millisecond, true)
	if settled.quiet() != time.Second || settled.patience() != 5*time.Second {
		t.Errorf("as a user asks for: %v, %v", settled.quiet(), settled.patience())
	}
}
