// Package measure is the arithmetic of the comparison: what a row of a table says, of
// what the server saw and the tools reported. It runs nothing and reads no clock.
package measure

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Percentile returns the least of the values that percent of them do not exceed
// (nearest rank). They must be sorted; of none it is zero.
func Percentile[T cmp.Ordered](sorted []T, percent float64) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	rank := int(math.Ceil(percent * float64(len(sorted)) / 100))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Stalled returns that percentile of the latency of a server that answers nothing for a
// length of time in each period, and at once otherwise, for requests that come evenly:
// what is due in a stall waits until its end.
func Stalled(length, every time.Duration, percent float64) time.Duration {
	above := time.Duration(float64(every) * (100 - percent) / 100)
	return max(0, length-above)
}

// Spread sums up what was measured in several rounds.
type Spread struct {
	Median float64 `json:"median"` // of an even number, between two
	Min    float64 `json:"min"`    // the round with the least
	Max    float64 `json:"max"`    // the round with the most
}

// SpreadOf sums values up, in whatever order they are; of none it is zero.
func SpreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + median) / 2
	}
	return Spread{Median: median, Min: sorted[0], Max: sorted[len(sorted)-1]}
}

// Ratios returns one tool's values by another's, each of the same round: what else the
// machine did in it weighs on both.
func Ratios(own, other []float64) []float64 {
	ratios := make([]float64, 0, len(own))
	for i := range min(len(own), len(other)) {
		if other[i] > 0 {
			ratios = append(ratios, own[i]/other[i])
		}
	}
	return ratios
}

// Deviation returns how much a reported value differs from the true one, as a share of
// that.
func Deviation(reported, truth float64) float64 {
	if truth == 0 {
		return math.NaN()
	}
	return (reported - truth) / truth
}
