package observe

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/reports/safetext"
)

// A Snapshot is a state that an observer saw, or the body of a response: each value by
// its JSON pointer.
type Snapshot map[string]any

// ParseSnapshot reads a state. JSON is compared by value, anything else as text.
func ParseSnapshot(text []byte) Snapshot {
	s := Snapshot{}
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

func (s Snapshot) add(pointer string, value any) {
	switch node := value.(type) {
	case map[string]any:
		for name, member := range node {
			s.add(pointer+"/"+EscapePointer(name), member)
		}
	case []any:
		// The length, so that one more item is the same change in a list of any length.
		s[pointer+"/#"] = json.Number(fmt.Sprint(len(node)))
		for i, item := range node {
			s.add(fmt.Sprintf("%s/%d", pointer, i), item)
		}
	default:
		s[pointer] = value
	}
}

// Differing returns the pointers at which two snapshots differ.
func (s Snapshot) Differing(other Snapshot) map[string]bool { return differing(s, other) }

func differing[V comparable](a, b map[string]V) map[string]bool {
	pointers := map[string]bool{}
	for pointer, value := range a {
		if there, ok := b[pointer]; !ok || there != value {
			pointers[pointer] = true
		}
	}
	for pointer := range b {
		if _, ok := a[pointer]; !ok {
			pointers[pointer] = true
		}
	}
	return pointers
}

// An Effect says how values changed between two snapshots, by pointer. It gives a number by
// how much that grew, and counts the items that a list gained from its old end. So two
// deliveries of the same kind have the same effect.
type Effect map[string]string

// changes returns what changed from one snapshot to another, volatile values left out.
func changes(before, after Snapshot, volatile map[string]bool) Effect {
	e := Effect{}
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

// relative returns a pointer into a new item of a list with "+" and the item's distance
// from the old end in place of its index.
func relative(pointer string, before Snapshot) string {
	segments := strings.Split(pointer, "/")
	for i := 1; i < len(segments); i++ {
		count, isList := before[strings.Join(segments[:i], "/")+"/#"].(json.Number)
		old, errOld := strconv.Atoi(string(count))
		at, errAt := strconv.Atoi(segments[i])
		if isList && errOld == nil && errAt == nil && at >= old {
			segments[i] = fmt.Sprintf("+%d", at-old)
		}
	}
	return strings.Join(segments, "/")
}

// excerptRunes is how much of a new value an effect shows.
const excerptRunes = 200

// describe returns how a value changed. A counter that did not exist before was zero.
func describe(was, now any, existed bool) string {
	if number, ok := ratio(now); ok {
		old, wasNumber := ratio(was)
		if !existed {
			old, wasNumber = new(big.Rat), true
		}
		if wasNumber {
			return signed(new(big.Rat).Sub(number, old))
		}
	}
	text, err := json.Marshal(now)
	if err != nil {
		return fmt.Sprint(now)
	}
	return "is " + safetext.Truncate(safetext.OneLine(string(text)), excerptRunes)
}

func signed(r *big.Rat) string {
	if r.Sign() >= 0 {
		return "+" + r.RatString()
	}
	return r.RatString()
}

// maxNumberLength keeps exact arithmetic on the observer's numbers cheap, in characters.
const maxNumberLength = 64

func ratio(value any) (*big.Rat, bool) {
	number, ok := value.(json.Number)
	if !ok || len(number) > maxNumberLength || strings.ContainsAny(string(number), "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(string(number))
}

// Without returns the effect without what differs between deliveries of the same kind
// anyway, such as an ID or a time.
func (e Effect) Without(volatile map[string]bool) Effect {
	left := maps.Clone(e)
	maps.DeleteFunc(left, func(pointer, _ string) bool { return volatile[pointer] })
	return left
}

// Differing returns the pointers at which two effects differ.
func (e Effect) Differing(other Effect) map[string]bool { return differing(e, other) }

// Equal reports whether two effects are the same.
func (e Effect) Equal(other Effect) bool { return maps.Equal(e, other) }

// shownChanges is how many changes String lists.
const shownChanges = 5

// String lists the changes on one line.
func (e Effect) String() string {
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
	if more := len(list) - shownChanges; more > 0 {
		list = append(list[:shownChanges], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}

// Counters returns the counters that grow by the same amount for each of two deliveries.
// Numbers in the new items of a list are none.
func Counters(first, second Effect) Effect {
	counters := Effect{}
	for pointer, change := range first {
		grown, ok := new(big.Rat).SetString(change)
		if ok && grown.Sign() > 0 && second[pointer] == change && !strings.Contains(pointer, "/+") {
			counters[pointer] = change
		}
	}
	return counters
}

// Times returns by how much counters grow for n deliveries.
func (e Effect) Times(n int) Effect {
	product := Effect{}
	for pointer := range e {
		product[pointer] = signed(new(big.Rat).Mul(e.Growth(pointer), big.NewRat(int64(n), 1)))
	}
	return product
}

// Growth returns by how much a counter grew; zero if the value is none.
func (e Effect) Growth(pointer string) *big.Rat {
	if grown, ok := new(big.Rat).SetString(e[pointer]); ok {
		return grown
	}
	return new(big.Rat)
}

// Only returns the changes of some counters.
func (e Effect) Only(counters Effect) Effect {
	left := maps.Clone(e)
	maps.DeleteFunc(left, func(pointer, _ string) bool { return counters[pointer] == "" })
	return left
}

// EscapePointer returns a name as a segment of a JSON pointer (RFC 6901, section 3).
func EscapePointer(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
