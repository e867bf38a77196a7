package payload

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/schemas"
)

// fakeSource returns a source of the results of a function of gofakeit, called with its default parameters.
func fakeSource(v *schemas.Value) (valueSource, error) {
	name := v.From.Name
	info := gofakeit.GetFuncLookup(name)
	if info == nil {
		return valueSource{}, fmt.Errorf("gofakeit has no function %q%s", name, didYouMean(name, FakeNames()))
	}
	params := gofakeit.NewMapParams()
	for _, p := range info.Params {
		if p.Default == "" {
			return valueSource{}, fmt.Errorf("gofakeit's %q needs %s, which a schema cannot give", name, p.Field)
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
	fits, err := fakeFits(v)
	if err != nil {
		return valueSource{}, err
	}
	if err := checkFake(v, make, fits); err != nil {
		return valueSource{}, err
	}
	return valueSource{always: true, append: func(s *State, dst []byte) ([]byte, bool) {
		encoded, ok := make(s.faker)
		for try := 0; ok && !fits(encoded) && try < drawTries; try++ {
			encoded, ok = make(s.faker)
		}
		return append(dst, encoded...), ok
	}}, nil
}

// checkFake returns an error unless a function of gofakeit returns the right type, the same for the same seed, and now
// and then what the schema allows.
func checkFake(v *schemas.Value, make func(*gofakeit.Faker) ([]byte, bool), fits func([]byte) bool) error {
	// Functions of numbers return integers at times: one sample is not enough.
	const samples = 8
	sampler, again := gofakeit.New(1), gofakeit.New(1)
	found := false
	for try := 0; try < samples || !found; try++ {
		sample, ok := make(sampler)
		if !ok || !fitsTypes(sample, v.Types) {
			return fmt.Errorf("gofakeit's %q gives %s, not %s",
				v.From.Name, safetext.Truncate(string(sample), MaxExcerpt), strings.Join(v.Types, " or "))
		}
		if same, _ := make(again); !bytes.Equal(sample, same) {
			return fmt.Errorf("gofakeit's %q goes by the clock: the same seed would not give the same bytes",
				v.From.Name)
		}
		if found = found || fits(sample); !found && try == sampleTries {
			return fmt.Errorf("gofakeit's %q gives %s, never what the bounds allow",
				v.From.Name, safetext.Truncate(string(sample), MaxExcerpt))
		}
	}
	return nil
}

func fakeFits(v *schemas.Value) (func(encoded []byte) bool, error) {
	texts, err := textFits(v)
	if err != nil {
		return nil, err
	}
	return func(encoded []byte) bool {
		value := gjson.ParseBytes(encoded)
		switch value.Type {
		case gjson.String:
			return texts(value.String())
		case gjson.Number:
			number, ok := new(big.Rat).SetString(value.Raw)
			return !ok || inBounds(v, number)
		}
		return true
	}, nil
}

func fitsTypes(encoded []byte, types []string) bool {
	if len(types) == 0 || len(encoded) == 0 {
		return len(types) == 0
	}
	kinds := map[byte][]string{
		'"': {"string"}, 't': {"boolean"}, 'f': {"boolean"}, 'n': {"null"}, '{': {"object"}, '[': {"array"},
	}[encoded[0]]
	if kinds == nil {
		kinds = []string{"number"}
		if !strings.ContainsAny(string(encoded), ".eE") {
			kinds = append(kinds, "integer")
		}
	}
	return slices.ContainsFunc(kinds, func(kind string) bool { return slices.Contains(types, kind) })
}

// FakeNames returns the functions of gofakeit that need no parameters but their defaults, sorted.
func FakeNames() []string {
	var names []string
	for name, info := range gofakeit.FuncLookups {
		if !slices.ContainsFunc(info.Params, func(p gofakeit.Param) bool { return p.Default == "" }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
