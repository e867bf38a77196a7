package hub

import (
	"strings"
	"testing"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

func TestParseFaults(t *testing.T) {
	for text, want := range map[string]Faults{
		"":                                {},
		" ":                               {},
		"duplicate=0.1":                   {Duplicate: 0.1},
		"duplicate":                       {Duplicate: 1},
		"duplicate=0":                     {},
		"delay=1m30s, fail-first=2":       {Delay: 90 * time.Second, FailFirst: 2},
		"wrong-secret=0.05,reorder=1e-05": {WrongSecret: 0.05, Reorder: 1e-5},
		"scopes,properties=0.2,types=1,version=0.5,delay=1ms": {
			Delay: time.Millisecond, Future: emitter.Future{Scopes: 1, Properties: 0.2, Types: 1, Version: 0.5},
		},
	} {
		got, err := ParseFaults(text)
		if err != nil || got != want {
			t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
		}
		if again, err := ParseFaults(got.String()); err != nil || again != got {
			t.Errorf("%q is written %q, which is %+v, %v", text, got, again, err)
		}
	}
}

func TestParseFaultsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"duplicates=0.1":            `unknown fault "duplicates": faults are duplicate, reorder, delay, fail-first, wrong-secret, scopes, properties, types, version`,
		"delay=1s,":                 `unknown fault ""`,
		"reorder=1.5":               `reorder: the chance is a number from 0 to 1, not "1.5"`,
		"reorder=NaN":               `reorder: the chance`,
		"wrong-secret=":             `wrong-secret: the chance is a number from 0 to 1, not ""`,
		"delay":                     `delay: it is a duration, such as 5s, not ""`,
		"delay=-1s":                 `delay: it is a duration`,
		"fail-first=two":            `fail-first: it is a number of attempts, such as 2, not "two"`,
		"fail-first=-1":             `fail-first: it is a number`,
		"scopes=2":                  `scopes: the chance is a number from 0 to 1, not "2"`,
		"scopes,scopes":             "the fault scopes is given twice",
		"duplicate=1,duplicate=0.5": "the fault duplicate is given twice",
	} {
		if _, err := ParseFaults(text); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func FuzzParseFaults(f *testing.F) {
	f.Add("duplicate=0.1,reorder=0.2,delay=5s,fail-first=2,wrong-secret=0.05,scopes=0.1,properties=0.2,types=1,version=0")
	f.Add(" delay=1h,=")
	f.Fuzz(func(t *testing.T, text string) {
		faults, err := ParseFaults(text)
		if err != nil {
			return
		}
		if err := faults.check(); err != nil {
			t.Errorf("%q is read, and cannot be: %v", text, err)
		}
		if again, err := ParseFaults(faults.String()); err != nil || again != faults {
			t.Errorf("%q is written %q, which is %+v, %v", text, faults, again, err)
		}
	})
}
