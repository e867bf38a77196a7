package hub

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// faultKind is a kind of fault in the text of faults.
type faultKind struct {
	name string
	// at is where its value is: a *float64, which is a chance, a *time.Duration or an *int.
	at func(*Faults) any
}

// faultKinds returns all kinds, in the order in which they are written.
func faultKinds() []faultKind {
	return []faultKind{
		{"duplicate", func(f *Faults) any { return &f.Duplicate }},
		{"reorder", func(f *Faults) any { return &f.Reorder }},
		{"delay", func(f *Faults) any { return &f.Delay }},
		{"fail-first", func(f *Faults) any { return &f.FailFirst }},
		{"wrong-secret", func(f *Faults) any { return &f.WrongSecret }},
		{"scopes", func(f *Faults) any { return &f.Future.Scopes }},
		{"properties", func(f *Faults) any { return &f.Future.Properties }},
		{"types", func(f *Faults) any { return &f.Future.Types }},
		{"version", func(f *Faults) any { return &f.Future.Version }},
	}
}

// FaultKinds returns the kinds of fault that ParseFaults knows.
func FaultKinds() []string {
	var names []string
	for _, kind := range faultKinds() {
		names = append(names, kind.name)
	}
	return names
}

// ParseFaults reads "duplicate=0.1,delay=5s,fail-first=2", kinds of FaultKinds, of
// which each may be left out. A kind without its chance is met always; delay is a
// duration, fail-first a number of attempts. An empty text has no faults.
func ParseFaults(text string) (Faults, error) {
	var f Faults
	if strings.TrimSpace(text) == "" {
		return f, nil
	}
	var seen, future []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		name, value, given := strings.Cut(part, "=")
		if slices.Contains(seen, name) {
			return Faults{}, fmt.Errorf("the fault %s is given twice", name)
		}
		seen = append(seen, name)
		if slices.Contains(emitter.FutureParts(), name) {
			future = append(future, part)
			continue
		}
		if err := f.readPart(name, value, given); err != nil {
			return Faults{}, err
		}
	}
	if len(future) == 0 {
		return f, nil
	}
	var err error
	f.Future, err = emitter.ParseFuture(strings.Join(future, ","))
	return f, err
}

func (f *Faults) readPart(name, value string, given bool) error {
	kinds := faultKinds()
	at := slices.IndexFunc(kinds, func(k faultKind) bool { return k.name == name })
	if at < 0 {
		return fmt.Errorf("unknown fault %q: faults are %s", name, strings.Join(FaultKinds(), ", "))
	}
	var err error
	switch to := kinds[at].at(f).(type) {
	case *time.Duration:
		if *to, err = time.ParseDuration(value); err != nil || *to < 0 {
			return fmt.Errorf("%s: it is a duration, such as 5s, not %q", name, value)
		}
	case *int:
		if *to, err = strconv.Atoi(value); err != nil || *to < 0 {
			return fmt.Errorf("%s: it is a number of attempts, such as 2, not %q", name, value)
		}
	case *float64:
		if !given {
			value = "1"
		}
		if *to, err = strconv.ParseFloat(value, 64); err != nil || !isChance(*to) {
			return fmt.Errorf("%s: the chance is a number from 0 to 1, not %q", name, value)
		}
	}
	return nil
}

// String writes faults as ParseFaults reads them.
func (f Faults) String() string {
	var parts []string
	for _, kind := range faultKinds() {
		if value := reflect.ValueOf(kind.at(&f)).Elem(); !value.IsZero() {
			parts = append(parts, fmt.Sprintf("%s=%v", kind.name, value))
		}
	}
	return strings.Join(parts, ",")
}
