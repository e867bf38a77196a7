package hub

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/emitter/hub/internal/domain"
)

// Faults are what the Hub does wrong on purpose. The zero value has none. Chances are
// from 0 to 1; the same seed and the same events meet the same faults.
type Faults struct {
	Duplicate   float64        // chance that an accepted delivery is made again, as a retry whose answer was lost
	Reorder     float64        // chance that a delivery is overtaken by those of the second after it, on the Hub's time
	Delay       time.Duration  // deliveries come up to this much later, on the Hub's time
	FailFirst   int            // attempts of each delivery that do not reach the handler
	WrongSecret float64        // chance that the delivery is first sent with a wrong secret
	Future      emitter.Future // how payloads differ from today's
}

// heldBack is how long a delivery waits to be overtaken, on the Hub's time.
const heldBack = time.Second

func (f *Faults) check() error {
	for _, kind := range faultKinds() {
		if chance, is := kind.at(f).(*float64); is && !isChance(*chance) {
			return fmt.Errorf("%s: the chance is a number from 0 to 1, not %v", kind.name, *chance)
		}
	}
	if f.Delay < 0 {
		return fmt.Errorf("delay: it is %v, and must not be negative", f.Delay)
	}
	if f.FailFirst < 0 {
		return fmt.Errorf("fail-first: it is %d, and must not be negative", f.FailFirst)
	}
	return nil
}

func isChance(n float64) bool { return n >= 0 && n <= 1 }

// plan returns what the Hub does wrong with the delivery of a number. Each chance is drawn
// whatever the faults are, so that one of them can be changed without the others.
func (f *Faults) plan(seed, number uint64, w *Webhook) domain.FaultPlan {
	if f.Duplicate == 0 && f.Reorder == 0 && f.Delay == 0 && f.WrongSecret == 0 {
		return domain.FaultPlan{FailFirst: f.FailFirst}
	}
	const stream = 7 // apart from that of ids
	random := rand.New(rand.NewPCG(domain.Mix(seed)+stream, domain.Mix(number)))
	duplicate, reorder, delay, wrong := random.Float64(), random.Float64(), random.Float64(), random.Float64()
	plan := domain.FaultPlan{
		Delay: time.Duration(delay * float64(f.Delay)), Reordered: reorder < f.Reorder, Duplicated: duplicate < f.Duplicate,
		// Without a secret none can be wrong, and only the Hub starts Jobs.
		WrongSecret: wrong < f.WrongSecret && w.Secret != "" && w.JobID == "", FailFirst: f.FailFirst,
	}
	plan.Late = plan.Delay > 0
	if plan.Reordered {
		plan.Delay += heldBack
	}
	return plan
}

type faultKind struct {
	name          string
	option, about string // as the mock's API lists it
	// at is where its value is: a *float64, which is a chance, a *time.Duration or an *int.
	at func(*Faults) any
}

// faultKinds returns all kinds, in the order in which they are written.
func faultKinds() []faultKind {
	return []faultKind{
		{"duplicate", "duplicate", "chance that an accepted delivery is made again",
			func(f *Faults) any { return &f.Duplicate }},
		{"reorder", "reorder", "chance that a delivery is overtaken by later ones",
			func(f *Faults) any { return &f.Reorder }},
		{"delay", "delay", "deliveries come up to so much later", func(f *Faults) any { return &f.Delay }},
		{"fail-first", "failFirst", "attempts of each delivery that do not reach the handler",
			func(f *Faults) any { return &f.FailFirst }},
		{"wrong-secret", "wrongSecret", "chance that somebody else sends a delivery before, with a wrong secret",
			func(f *Faults) any { return &f.WrongSecret }},
		{"scopes", "future.scopes", "chance of a narrower scope than any of today",
			func(f *Faults) any { return &f.Future.Scopes }},
		{"properties", "future.properties", "chance of properties that nobody knows",
			func(f *Faults) any { return &f.Future.Properties }},
		{"types", "future.types", "chance of a repo type that is new", func(f *Faults) any { return &f.Future.Types }},
		{"version", "future.version", "chance of a higher webhook.version",
			func(f *Faults) any { return &f.Future.Version }},
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
	var seen []string
	for part := range strings.SplitSeq(text, ",") {
		name, value, given := strings.Cut(strings.TrimSpace(part), "=")
		if slices.Contains(seen, name) {
			return Faults{}, fmt.Errorf("the fault %s is given twice", name)
		}
		seen = append(seen, name)
		if err := f.readPart(name, value, given); err != nil {
			return Faults{}, err
		}
	}
	return f, nil
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
