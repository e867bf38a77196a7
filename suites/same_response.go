package suites

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// normalizedBody is the body of an answer, ready to be compared with that to another delivery:
// what it quotes of its delivery is replaced with a name for it, since a handler may
// repeat what it was sent.
func normalizedBody(answer Response, names []placeholder) snapshot {
	body := takeSnapshot(answer.exchange.Response.Body)
	payload := takeSnapshot(answer.exchange.Attempt.Body)
	names = append(placeholders(answer, payload), names...)
	slices.SortStableFunc(names, func(a, b placeholder) int { return cmp.Compare(len(b.value), len(a.value)) })
	s := snapshot{}
	for pointer, value := range body {
		s[replaceEchoes(pointer, names)] = replaceEchoedValue(pointer, value, payload, names)
	}
	return s
}

// placeholder is a value of a delivery, and the name that stands for it.
type placeholder struct{ value, name string }

// shortestPlaceholder is the length of a value, in bytes, from which on it is no word that
// an answer has by chance.
const shortestPlaceholder = 4

// placeholders are the values of a delivery that an answer may repeat.
func placeholders(answer Response, payload snapshot) []placeholder {
	list := []placeholder{}
	if id := answer.exchange.Attempt.Header[delivery.IDHeader]; len(id) > 0 {
		list = append(list, placeholder{id[0], "<Webhook-Id>"})
	}
	for _, pointer := range slices.Sorted(maps.Keys(payload)) {
		text, isText := payload[pointer].(string)
		if !isText || len(text) < shortestPlaceholder || strings.HasPrefix(pointer, "/event/") {
			continue
		}
		list = append(list, placeholder{text, "<" + pointer + ">"}, placeholder{escapePointer(text), "<" + pointer + ">"})
		if owner, name, found := strings.Cut(text, "/"); found && pointer == "/repo/name" {
			list = append(list, placeholder{owner, "<owner>"}, placeholder{name, "<name>"})
		}
	}
	return list
}

// eventNames are the names of an event and of the one that it counts as. They stand
// for each other in an answer, on whichever side.
func eventNames(scope, action, asScope string) []placeholder {
	return []placeholder{{scope, "<scope>"}, {asScope, "<scope>"}, {action, "<action>"}, {"update", "<action>"}}
}

// replaceEchoedValue replaces what a value quotes. Numbers and the like quote where they
// stand under the same names as in the payload.
func replaceEchoedValue(pointer string, value any, payload snapshot, names []placeholder) any {
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

// replaceEchoes replaces values in a text, the first in the list before the others, where
// they are no parts of longer words.
func replaceEchoes(text string, names []placeholder) string {
	for _, q := range names {
		if q.value != "" && strings.Contains(text, q.value) {
			text = replaceWords(text, q)
		}
	}
	return text
}

func replaceWords(text string, q placeholder) string {
	var out strings.Builder
	written := 0
	for from := 0; ; {
		found := strings.Index(text[from:], q.value)
		if found < 0 {
			out.WriteString(text[written:])
			return out.String()
		}
		at, end := from+found, from+found+len(q.value)
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !isWord(before) && !isWord(after) {
			out.WriteString(text[written:at] + q.name)
			written = end
		}
		from = end
	}
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isSameResponse tells whether an answer says what updates are answered with, but for what
// differs from one of them to the next.
func (u Baseline) isSameResponse(answer Response, names []placeholder) bool {
	if !slices.ContainsFunc(u.responses, func(a Response) bool { return a.Status() == answer.Status() }) {
		return false
	}
	first := normalizedBody(u.responses[0], names)
	volatile := map[string]bool{}
	for _, other := range u.responses[1:] {
		maps.Copy(volatile, first.differing(normalizedBody(other, names)))
	}
	for pointer := range first.differing(normalizedBody(answer, names)) {
		if !volatile[pointer] {
			return false
		}
	}
	return true
}

// differing are the pointers at which two snapshots differ.
func (s snapshot) differing(other snapshot) map[string]bool {
	pointers := map[string]bool{}
	for pointer, value := range s {
		if there, ok := other[pointer]; !ok || there != value {
			pointers[pointer] = true
		}
	}
	for pointer := range other {
		if _, ok := s[pointer]; !ok {
			pointers[pointer] = true
		}
	}
	return pointers
}

// event is an event on a narrowed scope, and the scope on which it counts as an
// update.
type event struct{ scope, action, as string }

func (e event) deliver(h *Handler) Response { return h.Deliver(WithEvent(e.scope, e.action)) }

// ExpectSameResponse wants an answer like those to updates on the broader scope.
func (h *Handler) ExpectSameResponse(g gomega.Gomega, answer Response, e event) {
	usual := h.BaselineOn(e.as)
	names := eventNames(e.scope, e.action, e.as)
	if answer.Accepted() && !usual.isSameResponse(answer, names) {
		// A time or a counter can have been the same in both updates and another one
		// since: an answer later than this one would show it.
		h.updateAgain(e.as)
		answer = e.deliver(h)
		usual = h.updateAgain(e.as)
	}
	h.observed = h.observed && usual.isSameResponse(answer, names) // otherwise longer looks change nothing
	g.Expect(answer).To(beSameResponse(usual, e, names))
}

// updateAgain adds one more update to what is known of a scope.
func (h *Handler) updateAgain(scope string) Baseline {
	u := h.BaselineOn(scope)
	u.responses = append(u.responses, h.update(scope))
	h.run.baselines[scope] = u
	return u
}

func beSameResponse(usual Baseline, e event, names []placeholder) types.GomegaMatcher {
	want := fmt.Sprintf("the same answer as to an update on %s, but for what differs each time: %s", e.as, usual.responses[0])
	return ResponseMatcher{want, func(a Response) bool { return a.Complete() && usual.isSameResponse(a, names) }}
}
