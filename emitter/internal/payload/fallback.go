package payload

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/schemas"
)

// fallback returns the source of a value whose schema does not name one. It follows enum, format, pattern and type, in
// this order. An optional value is in half of the payloads.
func fallback(v *schemas.Value, required bool) (valueSource, error) {
	from, err := fallbackValue(v)
	if err != nil || required {
		return from, err
	}
	return sourceIf(func(s *State) bool { return s.Loose.OneIn(2) }, from), nil
}

func fallbackValue(v *schemas.Value) (valueSource, error) {
	switch {
	case len(v.Const) > 0:
		return oneOf(&schemas.Value{Location: v.Location, Const: v.Const})
	case v.HasEnum:
		return oneOf(v)
	case v.Format != "" && formats()[v.Format] != nil:
		return fitting(v, fmt.Sprintf("format %q", v.Format), formats()[v.Format])
	case v.Pattern != "":
		return matching(v)
	case v.Format != "":
		return valueSource{}, fmt.Errorf("schema %s: no value is known for format %q: say where it comes from with x-from",
			v.Location, v.Format)
	}
	for _, kind := range v.Types {
		switch kind {
		case "string":
			return wordsSource(v)
		case "boolean":
			return boolSource(func(s *State) bool { return s.Loose.OneIn(2) }), nil
		case "integer", "number":
			return integers(v)
		}
	}
	null := func(_ *State, dst []byte) ([]byte, bool) { return append(dst, "null"...), true }
	return valueSource{always: true, append: null}, nil
}

// drawTries is how often a value is drawn until one fits its schema; sampleTries, how often one is drawn to find out
// whether any does.
const (
	drawTries   = 2000
	sampleTries = 200
)

// fitting returns a source of texts, of which make is called until one fits the schema.
func fitting(v *schemas.Value, what string, make func(*gofakeit.Faker) string) (valueSource, error) {
	fits, err := textFits(v)
	if err != nil {
		return valueSource{}, err
	}
	sampler := gofakeit.New(1)
	for try := 0; !fits(make(sampler)); try++ {
		if try == sampleTries {
			return valueSource{}, fmt.Errorf(
				"schema %s: no text was found that %s, pattern and lengths allow: say where it comes from with x-from",
				v.Location, what)
		}
	}
	return textSource(func(s *State, dst []byte) []byte {
		made := make(s.faker)
		for try := 0; !fits(made) && try < drawTries; try++ {
			made = make(s.faker)
		}
		return world.AppendEscaped(dst, made)
	}), nil
}

func textFits(v *schemas.Value) (func(text string) bool, error) {
	pattern, err := regexp.Compile(v.Pattern)
	if err != nil {
		return nil, fmt.Errorf("schema %s: pattern: %w", v.Location, err)
	}
	return func(text string) bool {
		n := utf8.RuneCountInString(text)
		return n >= v.MinLength && (v.MaxLength < 0 || n <= v.MaxLength) &&
			pattern.MatchString(text) && utf8.ValidString(text)
	}, nil
}

func matching(v *schemas.Value) (valueSource, error) {
	const maxWork = 100_000
	parsed, err := syntax.Parse(v.Pattern, syntax.Perl)
	if err != nil {
		return valueSource{}, fmt.Errorf("schema %s: pattern: %w", v.Location, err)
	}
	if work(parsed) > maxWork {
		return valueSource{}, fmt.Errorf(
			"schema %s: pattern %q repeats too much for a text to be drawn: say where it comes from with x-from",
			v.Location, safetext.Truncate(v.Pattern, MaxExcerpt))
	}
	return fitting(v, fmt.Sprintf("pattern %q",
		safetext.Truncate(v.Pattern, MaxExcerpt)), func(f *gofakeit.Faker) string { return f.Regex(v.Pattern) })
}

// work estimates how many steps it takes to make a text that matches. gofakeit repeats up to ten times what may be
// repeated without limit.
func work(r *syntax.Regexp) float64 {
	steps := 1.0
	for _, inner := range r.Sub {
		steps += work(inner)
	}
	switch r.Op {
	case syntax.OpStar, syntax.OpPlus:
		return 10 * steps
	case syntax.OpRepeat:
		return float64(10+r.Min) * steps
	}
	return steps
}

func wordsSource(v *schemas.Value) (valueSource, error) {
	least, most := max(v.MinLength, 0), v.MaxLength
	if most >= 0 && most < least {
		return valueSource{}, fmt.Errorf("schema %s: no text is at least %d and at most %d characters long",
			v.Location, least, most)
	}
	return textSource(func(s *State, dst []byte) []byte {
		start := len(dst)
		for dst = append(dst, world.Pick(&s.Loose, s.Words.Nouns)...); len(dst)-start < least; {
			dst = append(append(dst, ' '), world.Pick(&s.Loose, s.Words.Nouns)...)
		}
		if most >= 0 && len(dst)-start > most {
			dst = dst[:start+most]
		}
		return dst
	}), nil
}

func listedJSON(value any) (string, error) {
	if raw, ok := value.(json.RawMessage); ok {
		return CompactJSON(string(raw))
	}
	text, err := appendJSON(nil, value)
	return string(text), err
}

// listed returns the values of const and enum that have the schema's type.
func listed(v *schemas.Value) ([]string, error) {
	var texts []string
	for _, value := range slices.Concat(v.Const, v.Enum) {
		text, err := listedJSON(value)
		if err != nil {
			return nil, err
		}
		if fitsTypes([]byte(text), v.Types) {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("no value is in all lists, and of the type %s", strings.Join(v.Types, " or "))
	}
	return texts, nil
}

func oneOf(v *schemas.Value) (valueSource, error) {
	texts, err := listed(v)
	if err != nil {
		return valueSource{}, fmt.Errorf("schema %s: enum: %w", v.Location, err)
	}
	return valueSource{always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return append(dst, world.Pick(&s.Loose, texts)...), true
	}}, nil
}

// formats returns the formats of strings that gofakeit can follow.
func formats() map[string]func(*gofakeit.Faker) string {
	last := time.Unix(int64(world.Epoch), 0).UTC()
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

// maxItems bounds how many items an array has that the world does not fill.
const maxItems = 1000

// fewItems returns how many items an array has that the world does not fill, and the most of that.
func fewItems(v *schemas.Value) (items func(*State) int, most int, err error) {
	least, upTo := max(v.MinItems, 0), v.MaxItems
	if n := different(v.Items); v.UniqueItems && n >= 0 && (upTo < 0 || n < upTo) {
		upTo = n
	}
	switch {
	case upTo >= 0 && upTo < least:
		return nil, 0, fmt.Errorf("schema %s: no array has at least %d and at most %d items", v.Location, least, upTo)
	case least > maxItems:
		return nil, 0, fmt.Errorf("schema %s: an array of more than %d items cannot be drawn", v.Location, maxItems)
	}
	least = max(least, 1)
	if most = least + 2; upTo >= 0 {
		most = max(least, min(most, upTo))
	}
	return func(s *State) int { return least + s.Loose.IntN(most-least+1) }, most, nil
}

// different returns how many different items there are; -1 if they are many, or nobody knows.
func different(v *schemas.Value) int {
	switch {
	case v == nil || v.From != (schemas.From{}):
		return -1
	case len(v.Const) > 0:
		return 1
	case v.HasEnum:
		texts, _ := listed(v)
		return len(texts)
	case slices.Equal(v.Types, []string{"boolean"}):
		return 2
	case len(v.Types) == 0 && kindOf(v) == "" && v.Pattern == "" && v.Format == "",
		slices.Equal(v.Types, []string{"null"}):
		return 1
	}
	return -1
}

// largestExact is the largest integer that JSON parsers with 64-bit floats read exactly (RFC 8259, section 6).
const largestExact = 1<<53 - 1

// integers returns a source of integers between the schema's bounds. If one of them is missing, they are up to a
// thousand steps from the other, or not below zero.
func integers(v *schemas.Value) (valueSource, error) {
	step := int64(1)
	if v.MultipleOf != nil {
		if !v.MultipleOf.IsInt() || v.MultipleOf.Cmp(big.NewRat(largestExact, 1)) > 0 {
			return valueSource{}, fmt.Errorf(
				"schema %s: only multiples of a whole number can be drawn: say where it comes from with x-from",
				v.Location)
		}
		step = v.MultipleOf.Num().Int64()
	}
	for _, bound := range []*big.Rat{v.Minimum, v.Maximum, v.ExclusiveMinimum, v.ExclusiveMaximum} {
		if bound != nil && new(big.Rat).Abs(bound).Cmp(big.NewRat(largestExact, 1)) > 0 {
			return valueSource{}, fmt.Errorf(
				"schema %s: a bound is larger than the whole numbers that every JSON parser reads exactly",
				v.Location)
		}
	}
	low, high := span(v, step)
	if high < low {
		return valueSource{}, fmt.Errorf("schema %s: no whole number lies between the bounds", v.Location)
	}
	return valueSource{always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		return fmt.Appendf(dst, "%d", step*(low+int64(s.Loose.IntN(int(high-low+1))))), true
	}}, nil
}

// span returns the lowest and highest number of steps between the schema's bounds.
func span(v *schemas.Value, step int64) (low, high int64) {
	const unbounded, wide = math.MaxInt64, 1000
	low, high = -unbounded, unbounded
	steps := func(bound *big.Rat) *big.Rat { return new(big.Rat).Quo(bound, big.NewRat(step, 1)) }
	if v.Minimum != nil {
		low = max(low, ceil(steps(v.Minimum)))
	}
	if v.ExclusiveMinimum != nil {
		low = max(low, floor(steps(v.ExclusiveMinimum))+1)
	}
	if v.Maximum != nil {
		high = min(high, floor(steps(v.Maximum)))
	}
	if v.ExclusiveMaximum != nil {
		high = min(high, ceil(steps(v.ExclusiveMaximum))-1)
	}
	switch {
	case low == -unbounded && high < 0:
		low = high - wide
	case low == -unbounded:
		low = 0
	}
	if high == unbounded {
		high = low + wide
	}
	return low, high
}

func floor(r *big.Rat) int64 { return new(big.Int).Div(r.Num(), r.Denom()).Int64() }

func ceil(r *big.Rat) int64 { return -floor(new(big.Rat).Neg(r)) }

func inBounds(v *schemas.Value, number *big.Rat) bool {
	return (v.Minimum == nil || number.Cmp(v.Minimum) >= 0) && (v.Maximum == nil || number.Cmp(v.Maximum) <= 0) &&
		(v.ExclusiveMinimum == nil || number.Cmp(v.ExclusiveMinimum) > 0) &&
		(v.ExclusiveMaximum == nil || number.Cmp(v.ExclusiveMaximum) < 0) &&
		(v.MultipleOf == nil || new(big.Rat).Quo(number, v.MultipleOf).IsInt())
}
