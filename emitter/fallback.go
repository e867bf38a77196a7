package emitter

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

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
	return when(func(s *scene) bool { return s.loose.oneIn(2) }, from), nil
}

func fallbackValue(v *schemas.Value) (source, error) {
	switch {
	case len(v.Const) > 0:
		return oneOf(&schemas.Value{Place: v.Place, Const: v.Const})
	case len(v.Enum) > 0:
		return oneOf(v)
	case v.Pattern != "":
		return faked(func(f *gofakeit.Faker) string { return f.Regex(v.Pattern) }), nil
	case v.Format != "":
		if make, ok := formats()[v.Format]; ok {
			return faked(make), nil
		}
		return source{}, fmt.Errorf("schema %s: no value is known for format %q: say where it comes from with x-from", v.Place, v.Format)
	}
	for _, kind := range v.Types {
		switch kind {
		case "string":
			return words(v)
		case "boolean":
			return truth(func(s *scene) bool { return s.loose.oneIn(2) }), nil
		case "integer", "number":
			return whole(v)
		}
	}
	return source{always: true, append: func(_ *scene, dst []byte) ([]byte, bool) { return append(dst, "null"...), true }}, nil
}

// faked is a source of texts that gofakeit makes.
func faked(make func(*gofakeit.Faker) string) source {
	return text(func(s *scene, dst []byte) []byte { return appendText(dst, make(s.faker)) })
}

// words are as many words as a text must be long.
func words(v *schemas.Value) (source, error) {
	least, most := max(v.MinLength, 0), v.MaxLength
	if most >= 0 && most < least {
		return source{}, fmt.Errorf("schema %s: no text is at least %d and at most %d characters long", v.Place, least, most)
	}
	return text(func(s *scene, dst []byte) []byte {
		start := len(dst)
		for dst = append(dst, pick(&s.loose, s.words.nouns)...); len(dst)-start < least; {
			dst = append(append(dst, ' '), pick(&s.loose, s.words.nouns)...)
		}
		if most >= 0 && len(dst)-start > most {
			dst = dst[:start+most]
		}
		return dst
	}), nil
}

// listedJSON is a value of const or enum as it is written.
func listedJSON(value any) (string, error) {
	if raw, ok := value.(json.RawMessage); ok {
		return compactJSON(string(raw))
	}
	text, err := appendJSON(nil, value)
	return string(text), err
}

// oneOf picks from an enum.
func oneOf(v *schemas.Value) (source, error) {
	var texts []string
	for _, value := range slices.Concat(v.Const, v.Enum) {
		text, err := listedJSON(value)
		if err != nil {
			return source{}, fmt.Errorf("schema %s: enum: %w", v.Place, err)
		}
		texts = append(texts, text)
	}
	return source{always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		return append(dst, pick(&s.loose, texts)...), true
	}}, nil
}

// formats are the formats of strings that gofakeit can follow.
func formats() map[string]func(*gofakeit.Faker) string {
	last := time.Unix(int64(epoch), 0).UTC()
	between := func(f *gofakeit.Faker, layout string) string {
		return f.DateRange(last.AddDate(-1, 0, 0), last).Format(layout)
	}
	return map[string]func(*gofakeit.Faker) string{
		"uri":       (*gofakeit.Faker).URL,
		"email":     (*gofakeit.Faker).Email,
		"uuid":      (*gofakeit.Faker).UUID,
		"hostname":  (*gofakeit.Faker).DomainName,
		"ipv4":      (*gofakeit.Faker).IPv4Address,
		"ipv6":      (*gofakeit.Faker).IPv6Address,
		"date":      func(f *gofakeit.Faker) string { return between(f, time.DateOnly) },
		"time":      func(f *gofakeit.Faker) string { return between(f, "15:04:05Z") },
		"date-time": func(f *gofakeit.Faker) string { return between(f, "2006-01-02T15:04:05.000Z") },
	}
}

// largestExact is the largest whole number that JSON parsers with 64-bit floats
// read exactly (RFC 8259, section 6).
const largestExact = 1<<53 - 1

// whole draws a whole number between the bounds, or up to a thousand steps above
// the lower one.
func whole(v *schemas.Value) (source, error) {
	step := int64(1)
	if v.MultipleOf != nil {
		if !v.MultipleOf.IsInt() || v.MultipleOf.Cmp(big.NewRat(largestExact, 1)) > 0 {
			return source{}, fmt.Errorf("schema %s: only multiples of a whole number can be drawn: say where it comes from with x-from", v.Place)
		}
		step = v.MultipleOf.Num().Int64()
	}
	for _, bound := range []*big.Rat{v.Minimum, v.Maximum, v.Above, v.Below} {
		if bound != nil && new(big.Rat).Abs(bound).Cmp(big.NewRat(largestExact, 1)) > 0 {
			return source{}, fmt.Errorf("schema %s: a bound is larger than the whole numbers that every JSON parser reads exactly", v.Place)
		}
	}
	low, high := span(lowest(v.Minimum, v.Above, step), lowest(negated(v.Maximum), negated(v.Below), step))
	if high < low {
		return source{}, fmt.Errorf("schema %s: no whole number lies between the bounds", v.Place)
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
	case low == nil:
		return min(0, -*negativeLow), -*negativeLow
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

// mostItems bounds how many items an array has that no part of the world fills.
const mostItems = 1000

// fewItems is how many items an array has where nothing says it.
func fewItems(v *schemas.Value) (func(*scene) int, error) {
	least := max(v.MinItems, 1)
	most := least + 2
	if v.MaxItems >= 0 {
		most = min(most, v.MaxItems)
	}
	if most < least || least > mostItems {
		return nil, fmt.Errorf("schema %s: an array of at least %d and at most %d items cannot be drawn", v.Place, v.MinItems, v.MaxItems)
	}
	return func(s *scene) int { return least + s.loose.below(most-least+1) }, nil
}

// fakeSource is a function of gofakeit, by the name under which gofakeit lists
// it, called with its default parameters.
func fakeSource(name string, types []string) (source, error) {
	info := gofakeit.GetFuncLookup(name)
	if info == nil {
		return source{}, fmt.Errorf("gofakeit has no function %q%s", name, didYouMean(name, FakeNames()))
	}
	params := gofakeit.NewMapParams()
	for _, p := range info.Params {
		if p.Default == "" {
			return source{}, fmt.Errorf("gofakeit's %q needs %s, which a schema cannot give", name, p.Field)
		}
		params.Add(p.Field, p.Default)
	}
	make := func(f *gofakeit.Faker) ([]byte, bool) {
		made, err := info.Generate(f, params, info)
		if err != nil {
			return nil, false
		}
		encoded, err := appendJSON(nil, made)
		return encoded, err == nil
	}
	// Functions of numbers give whole ones at times: one sample is not enough.
	sampler := gofakeit.New(1)
	for range 8 {
		if sample, ok := make(sampler); !ok || !fitsTypes(sample, types) {
			return source{}, fmt.Errorf("gofakeit's %q gives %s, not %s", name, shortened(string(sample)), strings.Join(types, " or "))
		}
	}
	return source{always: true, append: func(s *scene, dst []byte) ([]byte, bool) {
		encoded, ok := make(s.faker)
		return append(dst, encoded...), ok
	}}, nil
}

// fitsTypes tells whether a JSON value is of one of the types.
func fitsTypes(encoded []byte, types []string) bool {
	if len(types) == 0 || len(encoded) == 0 {
		return len(types) == 0
	}
	kinds := map[byte][]string{'"': {"string"}, 't': {"boolean"}, 'f': {"boolean"}, 'n': {"null"}, '{': {"object"}, '[': {"array"}}[encoded[0]]
	if kinds == nil {
		kinds = []string{"number"}
		if !strings.ContainsAny(string(encoded), ".eE") {
			kinds = append(kinds, "integer")
		}
	}
	for _, kind := range kinds {
		for _, t := range types {
			if t == kind {
				return true
			}
		}
	}
	return false
}
