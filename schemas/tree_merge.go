package schemas

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// take adds what one schema says; the later word counts.
func (v *Value) take(l layer) error {
	var err error
	l.ForEach(func(key, value gjson.Result) bool {
		switch name := key.String(); name {
		case fromKeyword:
			v.From, err = parseFrom(value.String())
		case "type":
			err = v.takeTypes(l, texts(value))
		case "const":
			v.Const = []any{json.RawMessage(value.Raw)}
		case "enum":
			v.Enum, v.Listed = common(v, value.Array()), true
		case "format":
			v.Format = value.String()
		case "pattern":
			v.Pattern = value.String()
		case "uniqueItems":
			v.Unique = v.Unique || value.Bool()
		default:
			v.takeBound(name, value)
		}
		return err == nil
	})
	return err
}

// takeTypes leaves the types that are among those before.
func (v *Value) takeTypes(l layer, types []string) error {
	before := v.Types
	if v.Types = types; len(before) == 0 {
		return nil
	}
	if v.Types = bothTypes(before, types); len(v.Types) == 0 {
		return fmt.Errorf("schema %s: no value is of type %s here and of type %s elsewhere", l.place(), strings.Join(types, " or "), strings.Join(before, " or "))
	}
	return nil
}

// bothTypes are the types that values of two lists of types have in common.
func bothTypes(a, b []string) []string {
	var both []string
	for _, t := range b {
		switch {
		case slices.Contains(a, t):
			both = append(both, t)
		case t == "integer" && slices.Contains(a, "number"), t == "number" && slices.Contains(a, "integer"):
			both = append(both, "integer")
		}
	}
	return both
}

// common is what an enum has in common with those before it.
func common(v *Value, listed []gjson.Result) []any {
	var list []any
	for _, item := range listed {
		same := func(known any) bool { return string(known.(json.RawMessage)) == item.Raw }
		if !v.Listed || slices.ContainsFunc(v.Enum, same) {
			list = append(list, json.RawMessage(item.Raw))
		}
	}
	return list
}

// takeBound adds what a schema says of how large a value is: the narrowest bounds
// count.
func (v *Value) takeBound(name string, value gjson.Result) {
	switch name {
	case "minimum":
		v.Minimum = larger(v.Minimum, rational(value))
	case "maximum":
		v.Maximum = smaller(v.Maximum, rational(value))
	case "exclusiveMinimum":
		v.Above = larger(v.Above, rational(value))
	case "exclusiveMaximum":
		v.Below = smaller(v.Below, rational(value))
	case "multipleOf":
		v.MultipleOf = multiple(v.MultipleOf, rational(value))
	case "minLength":
		v.MinLength = max(v.MinLength, count(value))
	case "maxLength":
		v.MaxLength = fewer(v.MaxLength, count(value))
	case "minItems":
		v.MinItems = max(v.MinItems, count(value))
	case "maxItems":
		v.MaxItems = fewer(v.MaxItems, count(value))
	}
}

// count reads how many there are of something, as far as a list can be long.
func count(value gjson.Result) int { return int(min(value.Float(), math.MaxInt32)) }

// fewer is the smaller of two counts, of which the first may say nothing.
func fewer(a, b int) int {
	if a < 0 {
		return b
	}
	return min(a, b)
}

// rational reads a number exactly; nil where it is none.
func rational(value gjson.Result) *big.Rat {
	number, _ := new(big.Rat).SetString(value.Raw)
	return number
}

// larger and smaller pick one of two bounds, of which the first may say nothing.
func larger(a, b *big.Rat) *big.Rat {
	if a == nil || b != nil && b.Cmp(a) > 0 {
		return b
	}
	return a
}

func smaller(a, b *big.Rat) *big.Rat {
	if a == nil || b != nil && b.Cmp(a) < 0 {
		return b
	}
	return a
}

// multiple is the smallest number that is a multiple of both, of which the first
// may say nothing.
func multiple(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return b
	}
	x, y := new(big.Int).Mul(a.Num(), b.Denom()), new(big.Int).Mul(b.Num(), a.Denom())
	common := new(big.Int).GCD(nil, nil, x, y)
	x.Mul(x, y).Div(x, common)
	return new(big.Rat).SetFrac(x, new(big.Int).Mul(a.Denom(), b.Denom()))
}
