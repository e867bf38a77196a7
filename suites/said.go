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

// said is the body of an answer, ready to be compared with that to another delivery:
// what it quotes of its delivery is replaced with a name for it, since a handler may
// repeat what it was sent.
func said(answer Answer, names []quote) snapshot {
	body := takeSnapshot(answer.x.Response.Body)
	payload := takeSnapshot(answer.x.Attempt.Body)
	names = append(quotes(answer, payload), names...)
	slices.SortStableFunc(names, func(a, b quote) int { return cmp.Compare(len(b.value), len(a.value)) })
	s := snapshot{}
	for pointer, value := range body {
		s[unquoted(pointer, names)] = unquotedValue(pointer, value, payload, names)
	}
	return s
}

// quote is a value of a delivery, and the name that stands for it.
type quote struct{ value, name string }

// shortestQuote is the length of a value, in bytes, from which on it is no word that
// an answer has by chance.
const shortestQuote = 4

// quotes are the values of a delivery that an answer may repeat.
func quotes(answer Answer, payload snapshot) []quote {
	list := []quote{}
	if id := answer.x.Attempt.Header[delivery.IDHeader]; len(id) > 0 {
		list = append(list, quote{id[0], "<Webhook-Id>"})
	}
	for _, pointer := range slices.Sorted(maps.Keys(payload)) {
		text, isText := payload[pointer].(string)
		if !isText || len(text) < shortestQuote || strings.HasPrefix(pointer, "/event/") {
			continue
		}
		list = append(list, quote{text, "<" + pointer + ">"}, quote{escapePointer(text), "<" + pointer + ">"})
		if owner, name, found := strings.Cut(text, "/"); found && pointer == "/repo/name" {
			list = append(list, quote{owner, "<owner>"}, quote{name, "<name>"})
		}
	}
	return list
}

// eventNames are the names of an event and of the one that it counts as. They stand
// for each other in an answer, on whichever side.
func eventNames(scope, action, asScope string) []quote {
	return []quote{{scope, "<scope>"}, {asScope, "<scope>"}, {action, "<action>"}, {"update", "<action>"}}
}

// unquotedValue replaces what a value quotes. Numbers and the like quote where they
// stand under the same names as in the payload.
func unquotedValue(pointer string, value any, payload snapshot, names []quote) any {
	if text, ok := value.(string); ok {
		return unquoted(text, names)
	}
	for at, sent := range payload {
		if sent == value && strings.HasSuffix(pointer, at) {
			return "<" + at + ">"
		}
	}
	return value
}

// unquoted replaces values in a text, the first in the list before the others, where
// they are no parts of longer words.
func unquoted(text string, names []quote) string {
	for _, q := range names {
		if q.value != "" && strings.Contains(text, q.value) {
			text = replaceWords(text, q)
		}
	}
	return text
}

func replaceWords(text string, q quote) string {
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

// isSaidAs tells whether an answer says what updates are answered with, but for what
// differs from one of them to the next.
func (u usualEffect) isSaidAs(answer Answer, names []quote) bool {
	if !slices.ContainsFunc(u.answers, func(a Answer) bool { return a.Status() == answer.Status() }) {
		return false
	}
	first := said(u.answers[0], names)
	volatile := map[string]bool{}
	for _, other := range u.answers[1:] {
		maps.Copy(volatile, first.differing(said(other, names)))
	}
	for pointer := range first.differing(said(answer, names)) {
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

func (e event) deliver(h *Handler) Answer { return h.Deliver(Event(e.scope, e.action)) }

// expectSameAnswer wants an answer like those to updates on the broader scope.
func (h *Handler) expectSameAnswer(g gomega.Gomega, answer Answer, e event) {
	usual := h.usualOn(e.as)
	names := eventNames(e.scope, e.action, e.as)
	if answer.Accepted() && !usual.isSaidAs(answer, names) {
		// A time or a counter can have been the same in both updates and another one
		// since: an answer later than this one would show it.
		h.updateAgain(e.as)
		answer = e.deliver(h)
		usual = h.updateAgain(e.as)
	}
	h.observed = h.observed && usual.isSaidAs(answer, names) // otherwise longer looks change nothing
	g.Expect(answer).To(beSaidAs(usual, e, names))
}

// updateAgain adds one more update to what is known of a scope.
func (h *Handler) updateAgain(scope string) usualEffect {
	u := h.usualOn(scope)
	u.answers = append(u.answers, h.update(scope))
	h.run.usual[scope] = u
	return u
}

func beSaidAs(usual usualEffect, e event, names []quote) types.GomegaMatcher {
	want := fmt.Sprintf("the same answer as to an update on %s, but for what differs each time: %s", e.as, usual.answers[0])
	return expectation{want, func(a Answer) bool { return a.Complete() && usual.isSaidAs(a, names) }}
}
