package emitter

import (
	"encoding/json"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
		return oneOf(&schemas.Value{Location: v.Location, Const: v.Const})
	case v.HasEnum:
		return oneOf(v)
	case v.Format != "" && formats()[v.Format] != nil:
		return fitting(v, fmt.Sprintf("format %q", v.Format), formats()[v.Format])
	case v.Pattern != "":
		return matching(v)
	case v.Format != "":
		return source{}, fmt.Errorf("schema %s: no value is known for format %q: say where it comes from with x-from", v.Location, v.Format)
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

// drawTries is how often a value is drawn until one fits its schema; sampleTries,
// how often one is drawn to find out whether any does.
const (
	drawTries   = 2000
	sampleTries = 200
)

// fitting is a source of texts that are made until one is as the schema wants it.
func fitting(v *schemas.Value, what string, make func(*gofakeit.Faker) string) (source, error) {
	fits, err := judge(v)
	if err != nil {
		return source{}, err
	}
	sampler := gofakeit.New(1)
	for try := 0; !fits(make(sampler)); try++ {
		if try == sampleTries {
			return source{}, fmt.Errorf("schema %s: no text was found that %s, pattern and lengths allow: say where it comes from with x-from", v.Location, what)
		}
	}
	return text(func(s *scene, dst []byte) []byte {
		made := make(s.faker)
		for try := 0; !fits(made) && try < drawTries; try++ {
			made = make(s.faker)
		}
		return appendText(dst, made)
	}), nil
}

// judge tells whether a text is as a schema wants it.
func judge(v *schemas.Value) (func(text string) bool, error) {
	pattern, err := regexp.Compile(v.Pattern)
	if err != nil {
		return nil, fmt.Errorf("schema %s: pattern: %w", v.Location, err)
	}
	return func(text string) bool {
		n := utf8.RuneCountInString(text)
		return n >= v.MinLength && (v.MaxLength < 0 || n <= v.MaxLength) && pattern.MatchString(text) && utf8.ValidString(text)
	}, nil
}

// matching is a source of texts that match a pattern.
func matching(v *schemas.Value) (source, error) {
	const mostWork = 100_000
	parsed, err := syntax.Parse(v.Pattern, syntax.Perl)
	if err != nil {
		return source{}, fmt.Errorf("schema %s: pattern: %w", v.Location, err)
	}
	if work(parsed) > mostWork {
		return source{}, fmt.Errorf("schema %s: pattern %q repeats too much for a text to be drawn: say where it comes from with x-from", v.Location, shortened(v.Pattern))
	}
	return fitting(v, fmt.Sprintf("pattern %q", shortened(v.Pattern)), func(f *gofakeit.Faker) string { return f.Regex(v.Pattern) })
}

// work is about how many steps it takes to make a text that matches. gofakeit
// repeats up to ten times what may be repeated for ever.
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

// words are as many words as a text must be long.
func words(v *schemas.Value) (source, error) {
	least, most := max(v.MinLength, 0), v.MaxLength
	if most >= 0 && most < least {
		return source{}, fmt.Errorf("schema %s: no text is at least %d and at most %d characters long", v.Location, least, most)
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

// listed are the values of const and enum that are of the right type.
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

// oneOf picks from an enum.
func oneOf(v *schemas.Value) (source, error) {
	texts, err := listed(v)
	if err != nil {
		return source{}, fmt.Errorf("schema %s: enum: %w", v.Location, err)
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

// mostItems bounds how many items an array has that no part of the world fills.
const mostItems = 1000

// fewItems is how many items an array has where nothing says it, and the most of
// that.
func fewItems(v *schemas.Value) (items func(*scene) int, most int, err error) {
	least, upTo := max(v.MinItems, 0), v.MaxItems
	if n := different(v.Items); v.UniqueItems && n >= 0 && (upTo < 0 || n < upTo) {
		upTo = n
	}
	switch {
	case upTo >= 0 && upTo < least:
		return nil, 0, fmt.Errorf("schema %s: no array has at least %d and at most %d items", v.Location, least, upTo)
	case least > mostItems:
		return nil, 0, fmt.Errorf("schema %s: an array of more than %d items cannot be drawn", v.Location, mostItems)
	}
	least = max(least, 1)
	if most = least + 2; upTo >= 0 {
		most = max(least, min(most, upTo))
	}
	return func(s *scene) int { return least + s.loose.below(most-least+1) }, most, nil
}

// different is how many different items there are; -1 where they are many, or
// nobody knows.
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
	case len(v.Types) == 0 && kindOf(v) == "" && v.Pattern == "" && v.Format == "", slices.Equal(v.Types, []string{"null"}):
		return 1
	}
	return -1
}
