package suites

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/hubhook/hubhook/emitter/delivery"
)

// Answer is what came back for one attempt.
type Answer struct {
	about *telling // where it is noted that a failure is about this answer; nil where nobody asks
	what  string   // what was sent, in words
	x     delivery.Exchange
	mask  *masker
}

// Complete tells whether the whole answer came.
func (a Answer) Complete() bool { return a.x.Err == nil && a.x.Response != nil }

// Status is that of a complete answer, and 0 where there is none.
func (a Answer) Status() int {
	if !a.Complete() {
		return 0
	}
	return a.x.Response.Status
}

// Accepted tells whether it is what the Hub takes for success: any 2xx, in time.
func (a Answer) Accepted() bool { return a.Status()/100 == 2 }

// Refused tells whether it is a complete 4xx answer. A closed connection and a
// time-out refuse nothing.
func (a Answer) Refused() bool { return a.Status()/100 == 4 }

// Unanswered tells whether the handler left the sender waiting: such a one is
// not asked for ever.
func (a Answer) Unanswered() bool { return delivery.IsUnanswered(a.x.Err) }

// Header is a header of a complete answer.
func (a Answer) Header(name string) string {
	if !a.Complete() {
		return ""
	}
	return a.x.Response.Header.Get(name)
}

// Duration is the time from the start of the attempt to the end of its answer.
func (a Answer) Duration() time.Duration { return a.x.Duration }

// String tells what came back, in one line.
func (a Answer) String() string {
	if !a.Complete() {
		return "no complete answer: " + a.mask.text(fmt.Sprint(a.x.Err))
	}
	r := a.x.Response
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	if body := excerpt(a.mask.text(string(r.Body))); body != "" {
		text += ": " + body
	}
	return text
}

// excerptRunes is how much of a body a line shows.
const excerptRunes = 200

func excerpt(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > excerptRunes {
		return string(runes[:excerptRunes]) + "…"
	}
	return string(runes)
}

// expectation is a Gomega matcher for answers that words its failure for the
// author of a handler.
type expectation struct {
	want  string
	holds func(Answer) bool
}

var _ types.GomegaMatcher = expectation{}

func (e expectation) Match(actual any) (bool, error) {
	answer, ok := actual.(Answer)
	if !ok {
		return false, fmt.Errorf("expected an Answer, found %T", actual)
	}
	return e.holds(answer), nil
}

func (e expectation) FailureMessage(actual any) string {
	answer := actual.(Answer)
	answer.about.note(answer)
	return fmt.Sprintf("sent:      %s\nexpected:  %s\ncame back: %s", answer.what, e.want, answer)
}

func (e expectation) NegatedFailureMessage(actual any) string {
	answer := actual.(Answer)
	answer.about.note(answer)
	return fmt.Sprintf("sent:      %s\nexpected:  anything but %s\ncame back: %s", answer.what, e.want, answer)
}

// BeAccepted wants what the Hub takes for success.
func BeAccepted() types.GomegaMatcher {
	return expectation{acceptance, Answer.Accepted}
}

// acceptance is what is expected where a delivery is to be accepted.
const acceptance = "a 2xx answer in time; the Hub takes anything else for a failed delivery"

// BeRefused wants a complete 4xx answer.
func BeRefused() types.GomegaMatcher {
	return refusal{expectation{"a complete 4xx answer; a 5xx, a closed connection or a time-out is no refusal", Answer.Refused}}
}

// soundsRefused are words of a body that means to refuse, whatever the status says.
var soundsRefused = regexp.MustCompile(`(?i)error|invalid|unauthori[sz]ed|forbidden|denied|refused|rejected|wrong|missing|bad request`)

// refusal says what is overlooked most often.
type refusal struct{ expectation }

func (r refusal) FailureMessage(actual any) string {
	text := r.expectation.FailureMessage(actual)
	if answer := actual.(Answer); answer.Accepted() && soundsRefused.Match(answer.x.Response.Body) {
		text += "\nhint:      the status tells, whatever the body says: where the handler means to refuse this, it must answer 401 or 403 (400 for a body that is none)"
	}
	return text
}

// BeSurvived wants any complete answer but a 5xx.
func BeSurvived() types.GomegaMatcher {
	return expectation{"any complete answer below 500: a bad request is not to bring a handler down",
		func(a Answer) bool { return a.Complete() && a.Status() < 500 }}
}

// BeAnsweredItself wants a complete answer that sends the Hub nowhere else.
func BeAnsweredItself() types.GomegaMatcher {
	return expectation{"an answer of the handler's own, no redirect: the Hub is not documented to follow one",
		func(a Answer) bool { return a.Complete() && a.Status()/100 != 3 }}
}

// BeAnsweredInTime wants any complete answer within the Hub's time.
func BeAnsweredInTime() types.GomegaMatcher {
	return expectation{"a complete answer within the time that the Hub waits", Answer.Complete}
}

// BeFasterThan wants a complete answer within a time.
func BeFasterThan(limit time.Duration) types.GomegaMatcher {
	return timeLimit{expectation{fmt.Sprintf("an answer within %v", limit), func(a Answer) bool { return a.Complete() && a.Duration() <= limit }}}
}

// timeLimit tells how long an answer took.
type timeLimit struct{ expectation }

func (t timeLimit) FailureMessage(actual any) string {
	answer := actual.(Answer)
	return fmt.Sprintf("%s, after %v", t.expectation.FailureMessage(actual), answer.Duration().Round(time.Millisecond))
}

// HaveStatus wants one of these statuses.
func HaveStatus(statuses ...int) types.GomegaMatcher {
	var names []string
	for _, status := range statuses {
		names = append(names, strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status))))
	}
	return expectation{strings.Join(names, " or "), func(a Answer) bool { return slices.Contains(statuses, a.Status()) }}
}
