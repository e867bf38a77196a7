package hub

import (
	"context"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// Faults are what the Hub does wrong on purpose. The zero value has none.
type Faults struct {
	Duplicate   float64       // chance that an accepted delivery is made again, as a retry whose answer was lost
	Reorder     float64       // chance that a delivery is overtaken by later ones
	Delay       time.Duration // deliveries come up to so much later, on the Hub's time
	FailFirst   int           // attempts of each delivery that do not reach the handler
	WrongSecret float64       // chance that somebody else sends the delivery before, with a wrong secret
	Future      emitter.Future
}

func (f *Faults) check() error { return nil }

// fate is what a delivery is subject to.
type fate struct {
	delay time.Duration
}

func (f *Faults) fate(seed, number uint64) fate { return fate{} }

func (f fate) names() []string { return nil }

// keepsBack names the fault that keeps an attempt from being sent; the first is 0.
func (f fate) keepsBack(attempt int) string { return "" }

// misdeeds does what is wrong beside an attempt, and names it.
func (h *Hub) misdeeds(ctx context.Context, e *errand, f fate) []string { return nil }

// follow goes where an answer leads, where redirects are followed.
func (h *Hub) follow(ctx context.Context, x emitter.Exchange) emitter.Exchange { return x }
