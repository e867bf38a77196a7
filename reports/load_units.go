package reports

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"
)

// nothing stands where there is no value.
const nothing = "–"

// usable tells whether a value can be shown: those of a run are never less than zero.
func usable(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

// inMs writes a duration in milliseconds with three significant digits and the unit
// that suits it: "873µs", "1.24ms", "60.0s".
func inMs(ms float64) string {
	switch {
	case !usable(ms):
		return nothing
	case ms == 0:
		return "0s"
	case ms < 0.9995:
		return significant(ms*1000) + "µs"
	case ms < 999.5:
		return significant(ms) + "ms"
	}
	return significant(ms/1000) + "s"
}

// significant writes a value with three significant digits, or with all that stand
// before the point.
func significant(v float64) string {
	switch {
	case !usable(v):
		return nothing
	case v >= 99.95:
		return humanize.CommafWithDigits(math.Round(v), 0)
	case v >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 0.9995 || v == 0:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// trimmed leaves out the zeros at the end of a fraction.
func trimmed(number string) string {
	if !strings.Contains(number, ".") || strings.Contains(number, "e") {
		return number
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
}

// perSecond writes a rate: "1,000/s", "12.5/s".
func perSecond(rate float64) string {
	if !usable(rate) {
		return nothing
	}
	return trimmed(significant(rate)) + "/s"
}

// clock writes a time since the start, without the parts that are zero: "1m30s", "2h".
func clock(ms float64) string {
	if !usable(ms) {
		return nothing
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

// inPercent writes a share. Nothing that is not all is written as all, and nothing
// that is something as nothing.
func inPercent(share float64) string {
	percent := share * 100
	switch {
	case !usable(share):
		return nothing
	case share == 0 || share == 1:
		return strconv.FormatFloat(percent, 'f', 0, 64) + " %"
	case percent < 0.001:
		return "<0.001 %"
	case share < 1 && percent >= 99.95:
		return strconv.FormatFloat(math.Floor(percent*1000)/1000, 'f', -1, 64) + " %"
	case percent < 0.995:
		return strconv.FormatFloat(percent, 'g', 2, 64) + " %"
	}
	return significant(percent) + " %"
}

// shareOf writes how much of a whole a part is.
func shareOf(part, whole uint64) string {
	if whole == 0 {
		return nothing
	}
	return inPercent(float64(part) / float64(whole))
}

// number writes a whole number with its thousands apart.
func number(n uint64) string { return humanize.Comma(int64(min(n, math.MaxInt64))) }

// numberOf counts things: "1 webhook", "1,000 webhooks".
func numberOf(n uint64, one string) string { return number(n) + " " + named(n, one) }

// named is the word for so many things.
func named(n uint64, one string) string { return english.PluralWord(int(min(n, 2)), one, "") }

// about writes a number with no more digits than it can be known to: "34,000".
func about(v float64) string {
	if !usable(v) {
		return nothing
	}
	if v < 1000 {
		return trimmed(significant(v))
	}
	unit := math.Pow(10, math.Floor(math.Log10(v))-2)
	return humanize.CommafWithDigits(math.Round(v/unit)*unit, 0)
}
