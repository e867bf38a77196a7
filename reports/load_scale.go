package reports

import (
	"math"
	"slices"
)

// scale says where on an axis a value stands. The zero value stands for everything
// that can be drawn by itself: from 0 to 1.
type scale struct {
	low, high float64
	log       bool
}

// What a value can be on an axis. What is beyond is drawn at its end.
const (
	leastDrawn = 1e-9
	mostDrawn  = 1e15
)

// at is where a value stands, from 0 at the beginning of an axis to 1 at its end. It is
// always one of these, whatever the value.
func (s scale) at(v float64) float64 {
	low, high := s.low, s.high
	if high <= low {
		high = low + 1
	}
	if s.log {
		v, low, high = math.Log10(max(v, leastDrawn)), math.Log10(low), math.Log10(high)
	}
	part := (v - low) / (high - low)
	if math.IsNaN(part) {
		return 0
	}
	return min(max(part, 0), 1)
}

// wholeFromZero is fromZero for what is counted: its ticks are whole numbers.
func wholeFromZero(values []float64) scale { return fromZero(append(values, fewTicks)) }

// fromZero is a scale from zero to a round number that no value is above.
func fromZero(values []float64) scale {
	high := greatest(values)
	if high == 0 {
		high = 1
	}
	step := niceStep(high)
	return scale{high: math.Ceil(high/step-1e-9) * step}
}

// Spreads from which on small values cannot be told apart on a scale from zero.
const spreadForLog = 30

// forLatency is a scale from zero, or one of powers where the spread asks for it.
func forLatency(values []float64) scale {
	high, low := greatest(values), math.Inf(1)
	for _, v := range drawn(values) {
		if v > 0 {
			low = min(low, v)
		}
	}
	if high == 0 || high/low < spreadForLog {
		return fromZero(values)
	}
	low = roundDown(max(low, high/1e9))
	if high/low > 100 {
		low = math.Pow(10, math.Floor(math.Log10(low)+1e-9))
	}
	return scale{low: low, high: roundUp(high), log: true}
}

// drawn are the values that can be.
func drawn(values []float64) (list []float64) {
	for _, v := range values {
		if usable(v) {
			list = append(list, min(v, mostDrawn))
		}
	}
	return list
}

// greatest is the greatest value that can be drawn; 0 where there is none.
func greatest(values []float64) float64 {
	list := drawn(values)
	if len(list) == 0 {
		return 0
	}
	if high := slices.Max(list); high >= leastDrawn {
		return high
	}
	return 0
}

// roundDown is the next of 1, 2 and 5, times a power of ten, that is not above v.
func roundDown(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{5, 2} {
		if digit*power <= v*(1+1e-9) {
			return digit * power
		}
	}
	return power
}

// roundUp is the next of 1, 2 and 5, times a power of ten, that is not below v.
func roundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{1, 2, 5} {
		if digit*power >= v*(1-1e-9) {
			return digit * power
		}
	}
	return 10 * power
}
