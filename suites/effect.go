package suites

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
)

// snapshot is what an observer saw: each value by its JSON pointer.
type snapshot map[string]any

// takeSnapshot reads what an observer says. JSON is compared by value, anything
// else as text.
func takeSnapshot(text []byte) snapshot {
	s := snapshot{}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil || d.More() {
		s[""] = string(text)
		return s
	}
	s.add("", doc)
	return s
}

func (s snapshot) add(pointer string, value any) {
	switch node := value.(type) {
	case map[string]any:
		for name, member := range node {
			s.add(pointer+"/"+escapePointer(name), member)
		}
	case []any:
		// Counted, so that one item more is the same change wherever a list stood.
		s[pointer+"/#"] = json.Number(fmt.Sprint(len(node)))
		for i, item := range node {
			s.add(fmt.Sprintf("%s/%d", pointer, i), item)
		}
	default:
		s[pointer] = value
	}
}

// effect is what changed between two snapshots: by pointer, how. Two deliveries
// of the same kind have the same effect: a number tells by how much it grew, and
// the items that a list gained are counted from where it ended.
type effect map[string]string

// changes tells what became of a snapshot. What is volatile is left out.
func changes(before, after snapshot, volatile map[string]bool) effect {
	e := effect{}
	for pointer, now := range after {
		was, existed := before[pointer]
		if existed && was == now || volatile[pointer] {
			continue
		}
		e[relative(pointer, before)] = describe(was, now, existed)
	}
	for pointer := range before {
		if _, there := after[pointer]; !there && !volatile[pointer] {
			e[pointer] = "is gone"
		}
	}
	return e
}

// relative writes a pointer into a new item of a list with "+" and how far the
// item is from the old end.
func relative(pointer string, before snapshot) string {
	segments := strings.Split(pointer, "/")
	for i := 1; i < len(segments); i++ {
		count, isList := before[strings.Join(segments[:i], "/")+"/#"].(json.Number)
		var old, at int
		if !isList || scan(string(count), &old) != nil || scan(segments[i], &at) != nil || at < old {
			continue
		}
		segments[i] = fmt.Sprintf("+%d", at-old)
	}
	return strings.Join(segments, "/")
}

func scan(text string, number *int) error {
	_, err := fmt.Sscanf(text, "%d", number)
	return err
}

// describe tells how a value changed. A counter that was not there yet counted
// nothing.
func describe(was, now any, existed bool) string {
	if number, ok := ratio(now); ok {
		old, wasNumber := ratio(was)
		if !existed {
			old, wasNumber = new(big.Rat), true
		}
		if wasNumber {
			grown := new(big.Rat).Sub(number, old)
			return fmt.Sprintf("%+s", signed(grown))
		}
	}
	text, err := json.Marshal(now)
	if err != nil {
		return fmt.Sprint(now)
	}
	return "is " + excerpt(string(text))
}

func signed(r *big.Rat) string {
	if r.Sign() >= 0 {
		return "+" + r.RatString()
	}
	return r.RatString()
}

// longestNumber keeps exact arithmetic on what an observer says cheap.
const longestNumber = 64

func ratio(value any) (*big.Rat, bool) {
	number, ok := value.(json.Number)
	if !ok || len(number) > longestNumber || strings.ContainsAny(string(number), "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(string(number))
}

// without leaves out what differs between deliveries of the same kind anyway: an
// id, a time.
func (e effect) without(volatile map[string]bool) effect {
	left := maps.Clone(e)
	maps.DeleteFunc(left, func(pointer, _ string) bool { return volatile[pointer] })
	return left
}

// differing are the pointers at which two effects of the same kind differ.
func (e effect) differing(other effect) map[string]bool {
	pointers := map[string]bool{}
	for pointer := range e {
		if other[pointer] != e[pointer] {
			pointers[pointer] = true
		}
	}
	for pointer := range other {
		if other[pointer] != e[pointer] {
			pointers[pointer] = true
		}
	}
	return pointers
}

func (e effect) equal(other effect) bool { return maps.Equal(e, other) }

// effectLines is how many changes a line tells.
const effectLines = 5

// String tells the changes in one line.
func (e effect) String() string {
	if len(e) == 0 {
		return "nothing changed"
	}
	var list []string
	for _, pointer := range slices.Sorted(maps.Keys(e)) {
		name := pointer
		if name == "" {
			name = "what it says"
		}
		list = append(list, name+" "+e[pointer])
	}
	if more := len(list) - effectLines; more > 0 {
		list = append(list[:effectLines], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}

// escapePointer writes a name as a segment of a JSON pointer (RFC 6901, 3).
func escapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// effectMatcher is a Gomega matcher for what a handler did.
type effectMatcher struct {
	did, want string
	holds     func(effect) bool
}

var _ types.GomegaMatcher = effectMatcher{}

func (e effectMatcher) Match(actual any) (bool, error) {
	seen, ok := actual.(effect)
	if !ok {
		return false, fmt.Errorf("expected an effect, found %T", actual)
	}
	return e.holds(seen), nil
}

func (e effectMatcher) FailureMessage(actual any) string {
	return fmt.Sprintf("sent:     %s\nexpected: %s\nobserved: %s", e.did, e.want, actual)
}

func (e effectMatcher) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("sent:     %s\nexpected: anything but %s\nobserved: %s", e.did, e.want, actual)
}

// BeNoEffect wants that nothing was done.
func BeNoEffect(did string) types.GomegaMatcher {
	return effectMatcher{did, "no effect that the observer can see", func(e effect) bool { return len(e) == 0 }}
}

// BeAnyEffect wants that something was done.
func BeAnyEffect(did string) types.GomegaMatcher {
	return effectMatcher{did, "an effect that the observer can see", func(e effect) bool { return len(e) > 0 }}
}

// BeSameEffect wants what another delivery led to, volatile values set aside.
func BeSameEffect(other effect, volatile map[string]bool, did string) types.GomegaMatcher {
	return effectMatcher{did, other.without(volatile).String(),
		func(e effect) bool { return e.without(volatile).equal(other.without(volatile)) }}
}
