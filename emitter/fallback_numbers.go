package emitter

import (
	"fmt"
	"math/big"

	"github.com/hubhook/hubhook/schemas"
)

// largestExact is the largest whole number that JSON parsers with 64-bit floats
// read exactly (RFC 8259, section 6).
const largestExact = 1<<53 - 1

// whole draws a whole number between the bounds. Where one of them is missing, it
// lies up to a thousand steps from the other, or not below zero.
func whole(v *schemas.Value) (source, error) {
	step := int64(1)
	if v.MultipleOf != nil {
		if !v.MultipleOf.IsInt() || v.MultipleOf.Cmp(big.NewRat(largestExact, 1)) > 0 {
			return source{}, fmt.Errorf("schema %s: only multiples of a whole number can be drawn: say where it comes from with x-from", v.Location)
		}
		step = v.MultipleOf.Num().Int64()
	}
	for _, bound := range []*big.Rat{v.Minimum, v.Maximum, v.ExclusiveMinimum, v.ExclusiveMaximum} {
		if bound != nil && new(big.Rat).Abs(bound).Cmp(big.NewRat(largestExact, 1)) > 0 {
			return source{}, fmt.Errorf("schema %s: a bound is larger than the whole numbers that every JSON parser reads exactly", v.Location)
		}
	}
	low, high := span(lowest(v.Minimum, v.ExclusiveMinimum, step), lowest(negated(v.Maximum), negated(v.ExclusiveMaximum), step))
	if high < low {
		return source{}, fmt.Errorf("schema %s: no whole number lies between the bounds", v.Location)
	}
	return source{always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		return fmt.Appendf(dst, "%d", step*(low+int64(s.loose.below(int(high-low+1))))), true
	}}, nil
}

// span is between which numbers of steps a value lies, given the lowest number
// and that of the value's negative; either may be nil.
func span(low, negativeLow *int64) (int64, int64) {
	const wide = 1000
	switch {
	case low == nil && negativeLow == nil:
		return 0, wide
	case negativeLow == nil:
		return *low, *low + wide
	case low == nil && *negativeLow > 0:
		return -*negativeLow - wide, -*negativeLow
	case low == nil:
		return 0, -*negativeLow
	}
	return *low, -*negativeLow
}

// lowest is the lowest number of steps that reaches one bound and passes another;
// nil where there is neither.
func lowest(reach, pass *big.Rat, step int64) *int64 {
	if reach == nil && pass == nil {
		return nil
	}
	least := int64(-largestExact)
	if reach != nil {
		least = max(least, ceil(new(big.Rat).Quo(reach, big.NewRat(step, 1))))
	}
	if pass != nil {
		least = max(least, floor(new(big.Rat).Quo(pass, big.NewRat(step, 1)))+1)
	}
	return &least
}

func negated(r *big.Rat) *big.Rat {
	if r == nil {
		return nil
	}
	return new(big.Rat).Neg(r)
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

func ceil(r *big.Rat) int64 { return -floor(new(big.Rat).Neg(r)) }

// inBounds tells whether a number is as a schema wants it.
func inBounds(v *schemas.Value, number *big.Rat) bool {
	return (v.Minimum == nil || number.Cmp(v.Minimum) >= 0) && (v.Maximum == nil || number.Cmp(v.Maximum) <= 0) &&
		(v.ExclusiveMinimum == nil || number.Cmp(v.ExclusiveMinimum) > 0) && (v.ExclusiveMaximum == nil || number.Cmp(v.ExclusiveMaximum) < 0) &&
		(v.MultipleOf == nil || new(big.Rat).Quo(number, v.MultipleOf).IsInt())
}
