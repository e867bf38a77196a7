package hub

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// Faults are what the Hub does wrong on purpose. The zero value has none. Chances are
// from 0 to 1; the same seed and the same events meet the same faults.
type Faults struct {
	Duplicate   float64        // chance that an accepted delivery is made again, as a retry whose answer was lost
	Reorder     float64        // chance that a delivery is overtaken by those of the second after it, on the Hub's time
	Delay       time.Duration  // deliveries come up to so much later, on the Hub's time
	FailFirst   int            // attempts of each delivery that do not reach the handler
	WrongSecret float64        // chance that somebody else sends the delivery before, with a wrong secret
	Future      emitter.Future // how much of a time to come payloads have
}

// Faults of a delivery, or of an attempt at it, by the names that they have in the
// activity.
const (
	FaultDuplicate   = "duplicate"    // an attempt like the accepted one before it
	FaultReorder     = "reorder"      // others overtake the delivery
	FaultDelay       = "delay"        // the delivery comes late
	FaultFailFirst   = "fail first"   // an attempt that is not sent
	FaultWrongSecret = "wrong secret" // an attempt of somebody who does not know the secret
)

// heldBack is how long a delivery waits to be overtaken, on the Hub's time.
const heldBack = time.Second

// check finds what cannot be.
func (f *Faults) check() error {
	for _, kind := range faultKinds() {
		if kind.chance == nil {
			continue
		}
		if chance := *kind.chance(f); !isChance(chance) {
			return fmt.Errorf("%s: the chance is a number from 0 to 1, not %v", kind.name, chance)
		}
	}
	if f.Delay < 0 {
		return fmt.Errorf("delay: it is %v, and must not be negative", f.Delay)
	}
	if f.FailFirst < 0 {
		return fmt.Errorf("fail-first: it is %d, and must not be negative", f.FailFirst)
	}
	return nil
}

func isChance(n float64) bool { return n >= 0 && n <= 1 }

// fate is what a delivery is subject to.
type fate struct {
	delay       time.Duration // of its first attempt, all in all
	late        bool          // for no other reason than Faults.Delay
	reordered   bool
	duplicated  bool
	wrongSecret bool
	failFirst   int
}

// fate draws what the delivery with a number is subject to. Each number is drawn
// whatever the faults are, so that one of them can be changed without the others.
func (f *Faults) fate(seed, number uint64) fate {
	if f.Duplicate == 0 && f.Reorder == 0 && f.Delay == 0 && f.WrongSecret == 0 {
		return fate{failFirst: f.FailFirst}
	}
	const stream = 7 // apart from that of ids
	random := rand.New(rand.NewPCG(mixed(seed)+stream, mixed(number)))
	duplicate, reorder, delay, wrong := random.Float64(), random.Float64(), random.Float64(), random.Float64()
	drawn := fate{
		delay: time.Duration(delay * float64(f.Delay)), reordered: reorder < f.Reorder,
		duplicated: duplicate < f.Duplicate, wrongSecret: wrong < f.WrongSecret, failFirst: f.FailFirst,
	}
	drawn.late = drawn.delay > 0
	if drawn.reordered {
		drawn.delay += heldBack
	}
	return drawn
}

// on is what of a fate a webhook's deliveries are subject to: where there is no secret,
// none is wrong, and nobody but the Hub starts Jobs.
func (f fate) on(w *Webhook) fate {
	f.wrongSecret = f.wrongSecret && w.Secret != "" && w.JobID == ""
	return f
}

// names names all of it.
func (f fate) names() []string {
	var names []string
	for _, fault := range []struct {
		name string
		is   bool
	}{
		{FaultDelay, f.late}, {FaultReorder, f.reordered}, {FaultFailFirst, f.failFirst > 0},
		{FaultWrongSecret, f.wrongSecret}, {FaultDuplicate, f.duplicated},
	} {
		if fault.is {
			names = append(names, fault.name)
		}
	}
	return names
}

// keepsBack tells whether an attempt is kept from being sent after so many that failed.
func (f fate) keepsBack(failed int) bool { return failed < f.failFirst }

// wrongSecret is a secret that is not a webhook's own.
func wrongSecret(own string) string {
	const guess = "not-the-secret"
	if own == guess {
		return guess + "-either"
	}
	return guess
}
