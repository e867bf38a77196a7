package emitter

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/hubhook/hubhook/schemas"
)

// What a value is made of where its schema does not say where it comes from.

// fallback follows enum, pattern, format and type, in this order. An optional
// value is there in half of the payloads.
func fallback(v *schemas.Value, required bool) (source, error) {
	from, err := fallbackValue(v)
	if err != nil || required {
		return from, err
	}
	return when(func(s *scene) bool { return s.oneIn(2) }, from), nil
}

func fallbackValue(v *schemas.Value) (source, error) {
	switch {
	case len(v.Enum) > 0:
		return oneOf(v)
	case v.Pattern != "":
		return text(func(s *scene) string { return s.faker.Regex(v.Pattern) }), nil
	case v.Format != "":
		if make, ok := formats()[v.Format]; ok {
			return text(func(s *scene) string { return make(s.faker) }), nil
		}
		return source{}, fmt.Errorf("schema %s: no value is known for format %q: say where it comes from with x-from", v.Place, v.Format)
	}
	for _, kind := range v.Types {
		switch kind {
		case "string":
			return text(func(s *scene) string { return s.faker.Word() }), nil
		case "boolean":
			return truth(func(s *scene) bool { return s.oneIn(2) }), nil
		case "integer", "number":
			return whole(v)
		}
	}
	return source{append: func(_ *scene, dst []byte) ([]byte, bool) { return append(dst, "null"...), true }}, nil
}

// oneOf picks from an enum.
func oneOf(v *schemas.Value) (source, error) {
	var texts []string
	for _, value := range v.Enum {
		text, err := json.Marshal(value)
		if err != nil {
			return source{}, fmt.Errorf("schema %s: enum: %w", v.Place, err)
		}
		texts = append(texts, string(text))
	}
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		return append(dst, pick(s.random, texts)...), true
	}}, nil
}

// formats are the formats of strings that gofakeit can follow.
func formats() map[string]func(*gofakeit.Faker) string {
	return map[string]func(*gofakeit.Faker) string{
		"uri":      (*gofakeit.Faker).URL,
		"email":    (*gofakeit.Faker).Email,
		"uuid":     (*gofakeit.Faker).UUID,
		"hostname": (*gofakeit.Faker).DomainName,
		"ipv4":     (*gofakeit.Faker).IPv4Address,
		"ipv6":     (*gofakeit.Faker).IPv6Address,
		"date":     func(f *gofakeit.Faker) string { return f.PastDate().Format("2006-01-02") },
		"date-time": func(f *gofakeit.Faker) string {
			return f.DateRange(epoch.AddDate(-1, 0, 0), epoch).Format("2006-01-02T15:04:05.000Z")
		},
	}
}

// largestExact is the largest whole number that JSON parsers with 64-bit floats
// read exactly (RFC 8259, section 6).
const largestExact = 1<<53 - 1

// whole draws a whole number between the bounds, or up to a thousand above the
// lower one.
func whole(v *schemas.Value) (source, error) {
	for _, bound := range []*big.Rat{v.Minimum, v.Maximum} {
		if bound != nil && new(big.Rat).Abs(bound).Cmp(big.NewRat(largestExact, 1)) > 0 {
			return source{}, fmt.Errorf("schema %s: a bound is larger than the whole numbers that every JSON parser reads exactly", v.Place)
		}
	}
	low := int64(0)
	if v.Minimum != nil {
		low = ceil(v.Minimum)
	}
	high := low + 1000
	if v.Maximum != nil {
		high = floor(v.Maximum)
		if v.Minimum == nil {
			low = min(low, high)
		}
	}
	if high < low {
		return source{}, fmt.Errorf("schema %s: no whole number lies between the bounds", v.Place)
	}
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		return fmt.Appendf(dst, "%d", low+s.random.Int64N(high-low+1)), true
	}}, nil
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

func ceil(r *big.Rat) int64 { return -floor(new(big.Rat).Neg(r)) }

// fewItems is how many items an array has where nothing says it.
func fewItems(v *schemas.Value) func(*scene) int {
	least := max(v.MinItems, 1)
	most := least + 2
	if v.MaxItems >= 0 {
		most = max(least, min(most, v.MaxItems))
	}
	return func(s *scene) int { return least + s.random.IntN(most-least+1) }
}

// fakeSource is a function of gofakeit, by the name under which gofakeit lists
// it, called with its default parameters.
func fakeSource(name string, types []string) (source, error) {
	info := gofakeit.GetFuncLookup(name)
	if info == nil {
		return source{}, fmt.Errorf("gofakeit has no function %q", name)
	}
	params := gofakeit.NewMapParams()
	for _, p := range info.Params {
		if p.Default == "" {
			return source{}, fmt.Errorf("gofakeit's %q needs %s, which a schema cannot give", name, p.Field)
		}
		params.Add(p.Field, p.Default)
	}
	make := func(f *gofakeit.Faker) (any, error) { return info.Generate(f, params, info) }
	sample, err := make(gofakeit.New(1))
	if err != nil {
		return source{}, fmt.Errorf("gofakeit's %q: %w", name, err)
	}
	if encoded, err := json.Marshal(sample); err != nil || !fitsTypes(encoded, types) {
		return source{}, fmt.Errorf("gofakeit's %q gives %s, not %s", name, reflect.TypeOf(sample), strings.Join(types, " or "))
	}
	return source{append: func(s *scene, dst []byte) ([]byte, bool) {
		made, err := make(s.faker)
		if err != nil {
			return dst, false
		}
		encoded, err := json.Marshal(made)
		if err != nil {
			return dst, false
		}
		return append(dst, encoded...), true
	}}, nil
}

// fitsTypes tells whether a JSON value is of one of the types.
func fitsTypes(encoded []byte, types []string) bool {
	kind := map[byte]string{'"': "string", 't': "boolean", 'f': "boolean", 'n': "null", '{': "object", '[': "array"}[encoded[0]]
	return len(types) == 0 || slices.ContainsFunc(types, func(t string) bool {
		return t == kind || kind == "" && (t == "integer" || t == "number")
	})
}
