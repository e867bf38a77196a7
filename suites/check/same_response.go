package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/onsi/gomega"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/suites/observe"
)

// An Event is an event on a narrowed scope.
type Event struct {
	Scope, Action string
	As            string // the scope on which it counts as an update
}

// DeliverEvent sends a valid delivery of an event.
func (h *Handler) DeliverEvent(e Event) Response { return h.Deliver(WithEvent(e.Scope, e.Action)) }

// ExpectSameResponse expects a response to an event like those to updates on the broader
// scope.
func (h *Handler) ExpectSameResponse(g gomega.Gomega, r Response, e Event) {
	baseline := h.BaselineOn(e.As)
	names := eventPlaceholders(e)
	if r.Accepted() && !baseline.isSameResponse(r, names) {
		// A time or a counter can have been the same in both updates and another one
		// since: a response later than this one would show it.
		h.extendBaseline(e.As)
		r = h.DeliverEvent(e)
		baseline = h.extendBaseline(e.As)
	}
	h.observed = h.observed && baseline.isSameResponse(r, names) // otherwise looking longer changes nothing
	want := fmt.Sprintf("the same answer as to an update on %s, but for what differs each time: %s", e.As, baseline.responses[0])
	g.Expect(r).To(MatchResponse(want, func(r Response) bool { return r.Complete() && baseline.isSameResponse(r, names) }))
}

// extendBaseline adds one more update to the baseline of a scope.
func (h *Handler) extendBaseline(scope string) Baseline {
	b := h.BaselineOn(scope)
	b.responses = append(b.responses, h.update(scope))
	h.run.baselines[scope] = b
	return b
}

// isSameResponse reports whether a response says what updates are answered with, except
// for what differs from one of them to the next.
func (b Baseline) isSameResponse(r Response, names []placeholder) bool {
	if !slices.ContainsFunc(b.responses, func(other Response) bool { return other.Status() == r.Status() }) {
		return false
	}
	first := normalizedBody(b.responses[0], names)
	volatile := map[string]bool{}
	for _, other := range b.responses[1:] {
		maps.Copy(volatile, first.Differing(normalizedBody(other, names)))
	}
	for pointer := range first.Differing(normalizedBody(r, names)) {
		if !volatile[pointer] {
			return false
		}
	}
	return true
}

// normalizedBody returns the body of a response with placeholders for what it echoes of
// its delivery, so that it can be compared with the response to another delivery.
func normalizedBody(r Response, names []placeholder) observe.Snapshot {
	payload := observe.ParseSnapshot(r.exchange.Attempt.Body)
	names = append(placeholders(r, payload), names...)
	slices.SortStableFunc(names, func(a, b placeholder) int { return cmp.Compare(len(b.value), len(a.value)) })
	s := observe.Snapshot{}
	for pointer, value := range observe.ParseSnapshot(r.Body()) {
		s[replaceEchoes(pointer, names)] = replaceEchoedValue(pointer, value, payload, names)
	}
	return s
}

// placeholder is a value of a delivery, and the name that replaces it.
type placeholder struct{ value, name string }

// minEcho is the size in bytes of the shortest value that a response does not have by
// chance.
const minEcho = 4

// placeholders returns the values of a delivery that a response may echo.
func placeholders(r Response, payload observe.Snapshot) []placeholder {
	list := []placeholder{}
	if id := r.exchange.Attempt.Header[delivery.IDHeader]; len(id) > 0 {
		list = append(list, placeholder{id[0], "<Webhook-Id>"})
	}
	for _, pointer := range slices.Sorted(maps.Keys(payload)) {
		text, isText := payload[pointer].(string)
		if !isText || len(text) < minEcho || strings.HasPrefix(pointer, "/event/") {
			continue
		}
		name := "<" + pointer + ">"
		list = append(list, placeholder{text, name}, placeholder{observe.EscapePointer(text), name})
		if owner, repo, found := strings.Cut(text, "/"); found && pointer == "/repo/name" {
			list = append(list, placeholder{owner, "<owner>"}, placeholder{repo, "<name>"})
		}
	}
	return list
}

// eventPlaceholders returns placeholders for the names of an event and of the one that it
// counts as: a response may have either.
func eventPlaceholders(e Event) []placeholder {
	return []placeholder{{e.Scope, "<scope>"}, {e.As, "<scope>"}, {e.Action, "<action>"}, {"update", "<action>"}}
}

// replaceEchoedValue replaces what a value echoes. Numbers and the like are echoes if they
// have the same name as in the payload.
func replaceEchoedValue(pointer string, value any, payload observe.Snapshot, names []placeholder) any {
	if text, ok := value.(string); ok {
		return replaceEchoes(text, names)
	}
	for at, sent := range payload {
		if sent == value && strings.HasSuffix(pointer, at) {
			return "<" + at + ">"
		}
	}
	return value
}

// replaceEchoes replaces values in a text, in the order of the list, unless they are parts
// of longer words.
func replaceEchoes(text string, names []placeholder) string {
	for _, p := range names {
		if p.value != "" && strings.Contains(text, p.value) {
			text = replaceWords(text, p)
		}
	}
	return text
}

func replaceWords(text string, p placeholder) string {
	var out strings.Builder
	written := 0
	for from := 0; ; {
		found := strings.Index(text[from:], p.value)
		if found < 0 {
			out.WriteString(text[written:])
			return out.String()
		}
		at, end := from+found, from+found+len(p.value)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isWord(before) && !isWord(after) {
			out.WriteString(text[written:at] + p.name)
			written = end
		}
		from = end
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
