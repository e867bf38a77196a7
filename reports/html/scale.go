package html

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/reports/internal/wording"
)

// A scale maps values to places on an axis. The zero value maps 0 to 1 to themselves.
type scale struct {
	low, high float64
	log       bool
}

// What a value can be on an axis. What is beyond is drawn at its end.
const (
	minDrawn = 1e-9
	maxDrawn = 1e15
)

// at returns the place of a value, from 0 at the start of the axis to 1 at its end,
// whatever the value.
func (s scale) at(v float64) float64 {
	low, high := s.low, s.high
	if high <= low {
		high = low + 1
	}
	if s.log {
		v, low, high = math.Log10(max(v, minDrawn)), math.Log10(low), math.Log10(high)
	}
	part := (v - low) / (high - low)
	if math.IsNaN(part) {
		return 0
	}
	return min(max(part, 0), 1)
}

// wholeFromZero returns a scale as fromZero does, for counts: its ticks are whole numbers.
func wholeFromZero(values []float64) scale { return fromZero(append(values, fewTicks)) }

// fromZero returns a scale from zero to a round number that no value exceeds.
func fromZero(values []float64) scale {
	high := greatest(values)
	if high == 0 {
		high = 1
	}
	step := niceStep(high)
	return scale{high: math.Ceil(high/step-1e-9) * step}
}

// spreadForLog is the ratio from which small values cannot be told apart on a linear
// scale.
const spreadForLog = 30

// forLatency returns a scale from zero, or a logarithmic one if the spread requires it.
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

func drawn(values []float64) (list []float64) {
	for _, v := range values {
		if wording.Valid(v) {
			list = append(list, min(v, maxDrawn))
		}
	}
	return list
}

// greatest returns the greatest value that can be drawn, or 0.
func greatest(values []float64) float64 {
	list := drawn(values)
	if len(list) == 0 {
		return 0
	}
	if high := slices.Max(list); high >= minDrawn {
		return high
	}
	return 0
}

// roundDown returns the next of 1, 2 and 5, times a power of ten, that is not above v.
func roundDown(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{5, 2} {
		if digit*power <= v*(1+1e-9) {
			return digit * power
		}
	}
	return power
}

// roundUp returns the next of 1, 2 and 5, times a power of ten, that is not below v.
func roundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, digit := range []float64{1, 2, 5} {
		if digit*power >= v*(1-1e-9) {
			return digit * power
		}
	}
	return 10 * power
}

type tick struct {
	at    float64 // as of scale
	label string
}

// About how many ticks an axis has.
const (
	fewTicks  = 4
	manyTicks = 7
)

// The widths of the narrowest drawings, in pixels: beside another, and on a phone.
const (
	narrowDrawing = 380
	phoneDrawing  = 230
)

// fitting reports which ticks have room for their labels. The last always has.
func fitting(ticks []tick, width float64) []bool {
	const perLetter, between = 6.5, 8
	fits := make([]bool, len(ticks))
	half := func(i int) float64 { return float64(utf8.RuneCountInString(ticks[i].label)) * perLetter / 2 }
	last := len(ticks) - 1
	end := math.Inf(-1)
	for i, t := range ticks {
		x := t.at * width
		beforeLast := x+half(i)+between <= ticks[last].at*width-half(last)
		if fits[i] = i == last || x-half(i) >= end+between && beforeLast; fits[i] {
			end = x + half(i)
		}
	}
	return fits
}

func niceStep(span float64) float64 { return roundUp(max(span, minDrawn) / fewTicks) }

func (s scale) ticks(written func(float64) string) (list []tick) {
	for _, v := range s.rounds() {
		list = append(list, tick{s.at(v), written(v)})
	}
	return list
}

func (s scale) rounds() (list []float64) {
	if s.log {
		return s.powers()
	}
	step := niceStep(s.high - s.low)
	for i := range 2 * manyTicks {
		v := s.low + float64(i)*step
		if v > s.high*(1+1e-9) {
			break
		}
		list = append(list, v)
	}
	return list
}

// powers returns powers of ten, and values between them if there are few.
func (s scale) powers() (list []float64) {
	decades := math.Log10(s.high / s.low)
	digits := []float64{1}
	if decades <= 2.01 {
		digits = []float64{1, 2, 5}
	}
	every := int(math.Ceil(decades / manyTicks))
	first := int(math.Floor(math.Log10(s.low) + 1e-9))
	for power := first; power <= first+int(decades)+1; power += max(every, 1) {
		for _, digit := range digits {
			v := digit * math.Pow(10, float64(power))
			if v >= s.low*(1-1e-9) && v <= s.high*(1+1e-9) {
				list = append(list, v)
			}
		}
	}
	return list
}

// timeSteps are the steps of a time axis, in milliseconds.
func timeSteps() []float64 {
	const s, m, h = 1e3, 60e3, 3600e3
	return []float64{
		1, 2, 5, 10, 20, 50, 100, 200, 500, s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s,
		m, 2 * m, 5 * m, 10 * m, 15 * m, 30 * m, h, 2 * h, 3 * h, 6 * h, 12 * h, 24 * h,
	}
}

func (s scale) timeTicks() (list []tick) {
	step := niceStep(s.high)
	for _, of := range timeSteps() {
		if s.high/of <= manyTicks {
			step = of
			break
		}
	}
	for i := range 2 * manyTicks {
		v := float64(i) * step
		if v > s.high*(1+1e-9) {
			break
		}
		list = append(list, tick{s.at(v), wording.Elapsed(v)})
	}
	return list
}

// tail returns how far out a percentile lies, in powers of ten: 90 % at 1, 99 % at 2. 100
// % is beyond every axis.
func tail(percentile float64) float64 {
	left := 1 - min(max(percentile, 0), 100)/100
	return -math.Log10(max(left, minDrawn))
}

// tailTicks returns the ticks of a scale of tails, with the maximum at its end.
func (s scale) tailTicks() []tick {
	list := []tick{{0, "0 %"}, {s.at(tail(50)), "50 %"}}
	for nines := 1; float64(nines) <= s.high-0.4; nines++ {
		list = append(list, tick{s.at(float64(nines)), nineWords(nines)})
	}
	return append(list, tick{1, "max"})
}

// nineWords writes a percentile with that many digits: "90 %", "99.9 %".
func nineWords(nines int) string {
	return strconv.FormatFloat(100-math.Pow(10, float64(2-nines)), 'f', max(nines-2, 0), 64) + " %"
}

func briefMs(ms float64) string {
	text := wording.Ms(ms)
	number := strings.TrimRight(text, "µms")
	return wording.TrimZeros(number) + text[len(number):]
}

func briefNumber(v float64) string {
	switch {
	case v >= 1e9:
		return wording.TrimZeros(wording.Significant(v/1e9)) + "G"
	case v >= 1e6:
		return wording.TrimZeros(wording.Significant(v/1e6)) + "M"
	}
	return wording.TrimZeros(wording.Significant(v))
}
