package catalogue

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/suites/check"
)

// How much has to be seen before a difference in time counts, or its absence.
const (
	timingSamples = 100 // of each kind
	timingLeast   = 30
	timingFor     = 3 * time.Second
	// A guess by time whether a secret was nearly right must succeed this often, and by
	// chance less than once in a million runs.
	timingSuccess = 0.8
	timingSigmas  = 5
)

// comparesInConstantTime compares how long it takes to reject a secret that is wrong from its
// first character with how long it takes for one that is wrong only in its last. Samples
// alternate at random, so that whatever else the machine does affects both alike. That no
// difference was seen proves nothing.
func comparesInConstantTime(g gomega.Gomega, h *check.Handler) {
	h.RequireAccepted(h.Deliver())
	secret := h.Secret()
	wrong := h.NewDelivery(check.WithSecret(secret.Shifted(), "with a secret that is all wrong"))
	nearly := h.NewDelivery(check.WithSecret(secret.LastShifted(), "with a secret that is wrong in its last character"))
	h.RequireRejected(h.Attempt(nearly))
	var allWrong, nearlyRight []time.Duration
	until := time.Now().Add(timingFor)
	for len(nearlyRight) < timingSamples && time.Now().Before(until) {
		first, second := wrong, nearly
		swap := rand.IntN(2) == 1
		if swap {
			first, second = nearly, wrong
		}
		a, b := h.Attempt(first).Duration(), h.Attempt(second).Duration()
		if swap {
			a, b = b, a
		}
		allWrong, nearlyRight = append(allWrong, a), append(nearlyRight, b)
	}
	n := len(nearlyRight)
	if n < timingLeast {
		h.Inconclusive("%d refusals of each kind in %v are too few to compare", n, timingFor)
	}
	h.RequireAccepted(h.Deliver(check.DescribeAfter("these")))
	success, sigmas := superiority(nearlyRight, allWrong)
	if success >= timingSuccess && sigmas >= timingSigmas {
		h.Fail("a secret that is wrong from its first character, and one that is right but for its last, in turn",
			"no difference in time", fmt.Sprintf(
				"refusals after %v and after %v (medians); which of the two was sent can be guessed by time in %.0f %% of all cases",
				median(allWrong), median(nearlyRight), 100*success))
	}
	h.Warn("no difference seen at %d samples of each kind, which proves none", n)
}

// superiority returns how often a value of a is greater than one of b, ties counted half
// (Mann and Whitney), and by how many standard deviations more often than by chance.
func superiority(a, b []time.Duration) (often, sigmas float64) {
	wins := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				wins++
			case x == y:
				wins += 0.5
			}
		}
	}
	pairs := float64(len(a) * len(b))
	deviation := math.Sqrt(pairs * float64(len(a)+len(b)+1) / 12)
	return wins / pairs, (wins - pairs/2) / deviation
}

// median returns the median of at least one duration.
func median(of []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
