package hub

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
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

// heldBack is how long a delivery waits to be overtaken, on the Hub's time.
const heldBack = time.Second

func (f *Faults) check() error {
	for _, kind := range faultKinds() {
		if chance, is := kind.at(f).(*float64); is && !isChance(*chance) {
			return fmt.Errorf("%s: the chance is a number from 0 to 1, not %v", kind.name, *chance)
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

// plan returns what the Hub does wrong with the delivery of a number. Each chance is drawn
// whatever the faults are, so that one of them can be changed without the others.
func (f *Faults) plan(seed, number uint64, w *Webhook) domain.FaultPlan {
	if f.Duplicate == 0 && f.Reorder == 0 && f.Delay == 0 && f.WrongSecret == 0 {
		return domain.FaultPlan{FailFirst: f.FailFirst}
	}
	const stream = 7 // apart from that of ids
	random := rand.New(rand.NewPCG(domain.Mix(seed)+stream, domain.Mix(number)))
	duplicate, reorder, delay, wrong := random.Float64(), random.Float64(), random.Float64(), random.Float64()
	plan := domain.FaultPlan{
		Delay: time.Duration(delay * float64(f.Delay)), Reordered: reorder < f.Reorder, Duplicated: duplicate < f.Duplicate,
		// Without a secret none is wrong, and nobody but the Hub starts Jobs.
		WrongSecret: wrong < f.WrongSecret && w.Secret != "" && w.JobID == "", FailFirst: f.FailFirst,
	}
	plan.Late = plan.Delay > 0
	if plan.Reordered {
		plan.Delay += heldBack
	}
	return plan
}
