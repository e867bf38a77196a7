package wording

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"
)

// None stands for a missing value.
const None = "–"

// Valid reports whether a value can be shown: those of a run are never below zero.
func Valid(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

// Ms writes a duration in milliseconds with three significant digits and a
// suitable unit: "873µs", "1.24ms", "60.0s".
func Ms(ms float64) string {
	switch {
	case !Valid(ms):
		return None
	case ms == 0:
		return "0s"
	case ms < 0.9995:
		return Significant(ms*1000) + "µs"
	case ms < 999.5:
		return Significant(ms) + "ms"
	}
	return Significant(ms/1000) + "s"
}

// Significant writes a value with three significant digits, or all before the point.
func Significant(v float64) string {
	switch {
	case !Valid(v):
		return None
	case v >= 99.95:
		return humanize.CommafWithDigits(math.Round(v), 0)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.9995 || v == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// TrimZeros drops the zeros at the end of a fraction.
func TrimZeros(number string) string {
	if !strings.Contains(number, ".") || strings.Contains(number, "e") {
		return number
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
}

// PerSecond writes a rate: "1,000/s", "12.5/s".
func PerSecond(rate float64) string {
	if !Valid(rate) {
		return None
	}
	return TrimZeros(Significant(rate)) + "/s"
}

// Elapsed writes a time since the start, in milliseconds, without parts that are zero:
// "1m30s", "2h".
func Elapsed(ms float64) string {
	if !Valid(ms) {
		return None
	}
	const longest = float64(math.MaxInt64 / time.Millisecond)
	d := time.Duration(min(ms, longest) * float64(time.Millisecond)).Round(time.Microsecond)
	if d >= time.Second {
		d = d.Round(10 * time.Millisecond)
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Percent writes a share from 0 to 1. Only all of it is 100 %, and only nothing is 0 %.
func Percent(share float64) string {
	percent := share * 100
	switch {
	case !Valid(share):
		return None
	case share == 0 || share == 1:
		return strconv.FormatFloat(percent, 'f', 0, 64) + " %"
	case percent < 0.001:
		return "<0.001 %"
	case share < 1 && percent >= 99.95:
		return strconv.FormatFloat(math.Floor(percent*1000)/1000, 'f', -1, 64) + " %"
	case percent < 0.995:
		return strconv.FormatFloat(percent, 'g', 2, 64) + " %"
	}
	return Significant(percent) + " %"
}

// Share writes part of a whole in percent.
func Share(part, whole uint64) string {
	if whole == 0 {
		return None
	}
	return Percent(float64(part) / float64(whole))
}

// Number writes a whole number with thousands separators.
func Number(n uint64) string { return humanize.Comma(int64(min(n, math.MaxInt64))) }

// Count writes a counter with its noun: "1 webhook", "1,000 webhooks".
func Count(n uint64, one string) string {
	return Number(n) + " " + english.PluralWord(int(min(n, 2)), one, "")
}

// Approximate writes a number with three significant digits: "34,000".
func Approximate(v float64) string {
	if !Valid(v) {
		return None
	}
	if v < 1000 {
		return TrimZeros(Significant(v))
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-2)
	return humanize.CommafWithDigits(math.Round(v/unit)*unit, 0)
}
