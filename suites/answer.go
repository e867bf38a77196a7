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

// Response is what came back for one attempt.
type Response struct {
	culprit  *culprit // where it is noted that a failure is about this answer; nil where nobody asks
	what     string   // what was sent, in words
	exchange delivery.Exchange
	mask     *masker
}

// Complete tells whether the whole answer came.
func (a Response) Complete() bool { return a.exchange.Err == nil && a.exchange.Response != nil }

// Status is that of a complete answer, and 0 where there is none.
func (a Response) Status() int {
	if !a.Complete() {
		return 0
	}
	return a.exchange.Response.Status
}

// Accepted tells whether it is what the Hub takes for success: any 2xx, in time.
func (a Response) Accepted() bool { return a.Status()/100 == 2 }

// Rejected tells whether it is a complete 4xx answer. A closed connection and a
// time-out refuse nothing.
func (a Response) Rejected() bool { return a.Status()/100 == 4 }

// Unanswered tells whether the handler left the sender waiting: such a one is
// not asked for ever.
func (a Response) Unanswered() bool { return delivery.IsUnanswered(a.exchange.Err) }

// Header is a header of a complete answer.
func (a Response) Header(name string) string {
	if !a.Complete() {
		return ""
	}
	return a.exchange.Response.Header.Get(name)
}

// Duration is the time from the start of the attempt to the end of its answer.
func (a Response) Duration() time.Duration { return a.exchange.Duration }

// String tells what came back, in one line.
func (a Response) String() string {
	if !a.Complete() {
		return "no complete answer: " + a.mask.Text(fmt.Sprint(a.exchange.Err))
	}
	r := a.exchange.Response
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	if body := excerpt(a.mask.Text(string(r.Body))); body != "" {
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

// ResponseMatcher is a Gomega matcher for answers that words its failure for the
// author of a handler.
type ResponseMatcher struct {
	want  string
	holds func(Response) bool
}

var _ types.GomegaMatcher = ResponseMatcher{}

func (e ResponseMatcher) Match(actual any) (bool, error) {
	answer, ok := actual.(Response)
	if !ok {
		return false, fmt.Errorf("expected an Answer, found %T", actual)
	}
	return e.holds(answer), nil
}

func (e ResponseMatcher) FailureMessage(actual any) string {
	answer := actual.(Response)
	answer.culprit.note(answer)
	return fmt.Sprintf("sent:      %s\nexpected:  %s\ncame back: %s", answer.what, e.want, answer)
}

func (e ResponseMatcher) NegatedFailureMessage(actual any) string {
	answer := actual.(Response)
	answer.culprit.note(answer)
	return fmt.Sprintf("sent:      %s\nexpected:  anything but %s\ncame back: %s", answer.what, e.want, answer)
}

// BeAccepted wants what the Hub takes for success.
func BeAccepted() types.GomegaMatcher {
	return ResponseMatcher{acceptance, Response.Accepted}
}

// acceptance is what is expected where a delivery is to be accepted.
const acceptance = "a 2xx answer in time; the Hub takes anything else for a failed delivery"

// BeRejected wants a complete 4xx answer.
func BeRejected() types.GomegaMatcher {
	return rejectionMatcher{ResponseMatcher{"a complete 4xx answer; a 5xx, a closed connection or a time-out is no refusal", Response.Rejected}}
}

// rejectionWords are words of a body that means to refuse, whatever the status says.
var rejectionWords = regexp.MustCompile(`(?i)error|invalid|unauthori[sz]ed|forbidden|denied|refused|rejected|wrong|missing|bad request`)

// rejectionMatcher says what is overlooked most often.
type rejectionMatcher struct{ ResponseMatcher }

func (r rejectionMatcher) FailureMessage(actual any) string {
	text := r.ResponseMatcher.FailureMessage(actual)
	if answer := actual.(Response); answer.Accepted() && rejectionWords.Match(answer.exchange.Response.Body) {
		text += "\nhint:      the status tells, whatever the body says: where the handler means to refuse this, it must answer 401 or 403 (400 for a body that is none)"
	}
	return text
}

// BeBelow500 wants any complete answer but a 5xx.
func BeBelow500() types.GomegaMatcher {
	return ResponseMatcher{"any complete answer below 500: a bad request is not to bring a handler down",
		func(a Response) bool { return a.Complete() && a.Status() < 500 }}
}

// BeNoRedirect wants a complete answer that sends the Hub nowhere else.
func BeNoRedirect() types.GomegaMatcher {
	return ResponseMatcher{"an answer of the handler's own, no redirect: the Hub is not documented to follow one",
		func(a Response) bool { return a.Complete() && a.Status()/100 != 3 }}
}

// BeInTime wants any complete answer within the Hub's time.
func BeInTime() types.GomegaMatcher {
	return ResponseMatcher{"a complete answer within the time that the Hub waits", Response.Complete}
}

// BeWithin wants a complete answer within a time.
func BeWithin(limit time.Duration) types.GomegaMatcher {
	return durationMatcher{ResponseMatcher{fmt.Sprintf("an answer within %v", limit), func(a Response) bool { return a.Complete() && a.Duration() <= limit }}}
}

// durationMatcher tells how long an answer took.
type durationMatcher struct{ ResponseMatcher }

func (t durationMatcher) FailureMessage(actual any) string {
	answer := actual.(Response)
	return fmt.Sprintf("%s, after %v", t.ResponseMatcher.FailureMessage(actual), answer.Duration().Round(time.Millisecond))
}

// HaveStatus wants one of these statuses.
func HaveStatus(statuses ...int) types.GomegaMatcher {
	var names []string
	for _, status := range statuses {
		names = append(names, strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status))))
	}
	return ResponseMatcher{strings.Join(names, " or "), func(a Response) bool { return slices.Contains(statuses, a.Status()) }}
}
