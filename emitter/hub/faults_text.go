package hub

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
)

// faultKind is a kind of fault in the text of faults.
type faultKind struct {
	name string
	// chance is how often it is met; nil for those below.
	chance func(*Faults) *float64
	read   func(*Faults, string) error
	write  func(*Faults) string // empty if there is none
}

// faultKinds returns all kinds, in the order in which they are written.
func faultKinds() []faultKind {
	return []faultKind{
		{name: "duplicate", chance: func(f *Faults) *float64 { return &f.Duplicate }},
		{name: "reorder", chance: func(f *Faults) *float64 { return &f.Reorder }},
		{name: "delay", read: readDelay, write: writeDelay},
		{name: "fail-first", read: readFailFirst, write: writeFailFirst},
		{name: "wrong-secret", chance: func(f *Faults) *float64 { return &f.WrongSecret }},
		{name: "scopes", chance: func(f *Faults) *float64 { return &f.Future.Scopes }},
		{name: "properties", chance: func(f *Faults) *float64 { return &f.Future.Properties }},
		{name: "types", chance: func(f *Faults) *float64 { return &f.Future.Types }},
		{name: "version", chance: func(f *Faults) *float64 { return &f.Future.Version }},
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
	if kinds[at].chance == nil {
		return kinds[at].read(f, value)
	}
	chance := 1.0
	if given {
		var err error
		if chance, err = strconv.ParseFloat(value, 64); err != nil || !isChance(chance) {
			return fmt.Errorf("%s: the chance is a number from 0 to 1, not %q", name, value)
		}
	}
	*kinds[at].chance(f) = chance
	return nil
}

// String writes faults as ParseFaults reads them.
func (f Faults) String() string {
	var parts []string
	for _, kind := range faultKinds() {
		value := ""
		if kind.chance == nil {
			value = kind.write(&f)
		} else if chance := *kind.chance(&f); chance != 0 {
			value = strconv.FormatFloat(chance, 'g', -1, 64)
		}
		if value != "" {
			parts = append(parts, kind.name+"="+value)
		}
	}
	return strings.Join(parts, ",")
}

func readDelay(f *Faults, value string) error {
	delay, err := time.ParseDuration(value)
	if err != nil || delay < 0 {
		return fmt.Errorf("delay: it is a duration, such as 5s, not %q", value)
	}
	f.Delay = delay
	return nil
}

func writeDelay(f *Faults) string {
	if f.Delay == 0 {
		return ""
	}
	return f.Delay.String()
}

func readFailFirst(f *Faults, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Errorf("fail-first: it is a number of attempts, such as 2, not %q", value)
	}
	f.FailFirst = n
	return nil
}

func writeFailFirst(f *Faults) string {
	if f.FailFirst == 0 {
		return ""
	}
	return strconv.Itoa(f.FailFirst)
}
