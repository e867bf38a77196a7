package check

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/gomega/types"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/suites/secrets"
)

// A Response is what a handler returned for one attempt.
type Response struct {
	culprit  *culprit // records that a failure is about this response; may be nil
	what     string   // describes what was sent
	exchange delivery.Exchange
	mask     *secrets.Mask
	// outwaited says that the handler still asked to send later after as long a wait as a
	// check has. Such a response matches nothing: it is about the rate, and not the request.
	outwaited bool
}

// NewResponse returns the response of an exchange, with a description of what was sent.
func NewResponse(what string, x delivery.Exchange, mask *secrets.Mask) Response {
	return Response{what: what, exchange: x, mask: mask}
}

// What describes what was sent.
func (r Response) What() string { return r.what }

// Exchange returns the request as it was sent, and what came back.
func (r Response) Exchange() delivery.Exchange { return r.exchange }

// Complete reports whether the whole response came.
func (r Response) Complete() bool { return r.exchange.Err == nil && r.exchange.Response != nil }

// whole returns the response if it is complete, otherwise an empty one.
func (r Response) whole() *delivery.Response {
	if !r.Complete() {
		return &delivery.Response{}
	}
	return r.exchange.Response
}

// Status returns the status of a complete response, otherwise 0.
func (r Response) Status() int { return r.whole().Status }

// Accepted reports whether the Hub counts the response as success: any 2xx, in time.
func (r Response) Accepted() bool { return r.Status()/100 == 2 }

// rejections are the statuses that can mean "I reject this request for what it is". Others
// are about the handler's state (408, 409, 423, 425, 429), a proxy (407, 421), or a
// precondition that no delivery has (412, 424, 428).
var rejections = []int{
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
	http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone, http.StatusLengthRequired,
	http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusUnsupportedMediaType,
	http.StatusUnprocessableEntity, http.StatusRequestHeaderFieldsTooLarge,
}

// Rejected reports whether the response is complete and its status can mean that the handler
// rejects the request for what it is. A closed connection, a time-out, a 5xx and a 429 reject
// nothing.
func (r Response) Rejected() bool { return slices.Contains(rejections, r.Status()) }

// Throttled reports whether the handler asks to send again later: by 429, or by 503 with
// Retry-After (RFC 6585, section 4; RFC 9110, section 15.6.4).
func (r Response) Throttled() bool {
	_, asks := r.RetryAfter()
	return r.Status() == http.StatusTooManyRequests || r.Status() == http.StatusServiceUnavailable && asks
}

// Unanswered reports whether the handler left the sender waiting.
func (r Response) Unanswered() bool { return delivery.IsUnanswered(r.exchange.Err) }

// ClosedIdle reports whether the handler had closed the idle connection before the attempt.
func (r Response) ClosedIdle() bool { return errors.Is(r.exchange.Err, delivery.ErrClosedIdle) }

// Header returns a header of a complete response.
func (r Response) Header(name string) string { return r.whole().Header.Get(name) }

// Body returns the body as far as it came.
func (r Response) Body() []byte {
	if r.exchange.Response == nil {
		return nil
	}
	return r.exchange.Response.Body
}

// Proto returns the version of HTTP of a complete response, such as "HTTP/1.1".
func (r Response) Proto() string { return r.whole().Proto }

// Duration returns the time from the start of the attempt to the end of the response.
func (r Response) Duration() time.Duration { return r.exchange.Duration }

func (r Response) ended() time.Time { return r.exchange.Started.Add(r.exchange.Duration) }

// Shows reports whether a secret appears in the response, encoded or not.
func (r Response) Shows(secret secrets.Variant) bool {
	if r.exchange.Response == nil {
		return false
	}
	mask := secrets.NewMask(secret.Value())
	text := ""
	for _, header := range headerList(r.exchange.Response.Header) {
		text += header.Name + ": " + header.Value + "\n"
	}
	body := string(r.exchange.Response.Body)
	return mask.Text(body) != body || mask.Text(text) != text
}

// retryAfter says when to send again (RFC 9110, section 10.2.3).
const retryAfter = "Retry-After"

// RetryAfter returns how long the response asks to wait; false if it does not say.
func (r Response) RetryAfter() (time.Duration, bool) {
	value := strings.TrimSpace(r.Header(retryAfter))
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(r.ended())), true
	}
	return 0, false
}

// trimmed returns the response without what no check of a burst needs, since a thousand of
// them are kept. It leaves out the body unless that is wanted.
func (r Response) trimmed(withBody bool) Response {
	x := delivery.Exchange{Started: r.exchange.Started, Duration: r.exchange.Duration, Err: r.exchange.Err}
	if whole := r.exchange.Response; whole != nil {
		x.Response = &delivery.Response{Status: whole.Status, Header: http.Header{}}
		if values := whole.Header.Values(retryAfter); len(values) > 0 {
			x.Response.Header[retryAfter] = values
		}
		if withBody {
			x.Response.Body = whole.Body
		}
	}
	return NewResponse(r.what, x, r.mask)
}

// excerptRunes is how much of a body a line shows.
const excerptRunes = 200

// String returns the response on one line, without secrets.
func (r Response) String() string {
	if !r.Complete() {
		return "no complete answer: " + r.mask.Text(fmt.Sprint(r.exchange.Err))
	}
	text := statusText(r.Status())
	if body := safetext.OneLine(r.mask.Text(string(r.Body()))); body != "" {
		text += ": " + safetext.Truncate(body, excerptRunes)
	}
	return text
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// A ResponseMatcher is a Gomega matcher for responses that words its failure for the
// author of a handler.
type ResponseMatcher struct {
	want     string
	holds    func(Response) bool
	accepts  bool                  // a valid delivery must be accepted
	where    string                // says which response it is about; may be empty
	hint     func(Response) string // what is often overlooked; may be nil
	observed func(Response) string // what came back; nil: Response.String
}

var _ types.GomegaMatcher = ResponseMatcher{}

// MatchResponse returns a matcher of responses for which holds returns true. Its failure
// says what is wanted.
func MatchResponse(want string, holds func(Response) bool) ResponseMatcher {
	return ResponseMatcher{want: want, holds: holds}
}

// At returns the matcher with words on which of many responses it is about.
func (m ResponseMatcher) At(where string) ResponseMatcher {
	m.where = where
	return m
}

// Match reports whether a Response is as wanted.
func (m ResponseMatcher) Match(actual any) (bool, error) {
	response, ok := actual.(Response)
	if !ok {
		return false, fmt.Errorf("expected a Response, found %T", actual)
	}
	return !response.outwaited && m.holds(response), nil
}

// FailureMessage says what was sent, what was expected, and what came back.
func (m ResponseMatcher) FailureMessage(actual any) string {
	return m.failure(actual.(Response), m.want)
}

// NegatedFailureMessage says the same of a response that must not match.
func (m ResponseMatcher) NegatedFailureMessage(actual any) string {
	return m.failure(actual.(Response), "anything but "+m.want)
}

func (m ResponseMatcher) failure(r Response, want string) string {
	observed := r.String()
	if m.observed != nil {
		observed = m.observed(r)
	}
	list := observations(r.what, want, "came back", observed)
	if m.where != "" {
		list = append([]reports.Observation{{Text: m.where}}, list...)
	}
	if m.hint != nil {
		if hint := m.hint(r); hint != "" {
			list = append(list, reports.Observation{Label: reports.HintLabel, Text: hint})
		}
	}
	r.culprit.note(r, m.accepts, list)
	return reports.FormatReason(list)
}

// observations says what was sent, what was expected, and what was seen instead.
func observations(sent, expected, label, seen string) []reports.Observation {
	return []reports.Observation{{Label: "sent", Text: sent}, {Label: "expected", Text: expected}, {Label: label, Text: seen}}
}

// BeAccepted matches what the Hub counts as success.
func BeAccepted() ResponseMatcher {
	m := MatchResponse("a 2xx answer in time; the Hub takes anything else for a failed delivery", Response.Accepted)
	m.accepts = true
	return m
}

// BeRejected matches a complete 4xx response.
func BeRejected() ResponseMatcher {
	m := MatchResponse("a complete 4xx answer; a 5xx, a closed connection or a time-out is no refusal", Response.Rejected)
	m.hint = rejectionHint
	return m
}

// rejectionWords are words of a body that means to reject, whatever the status says.
var rejectionWords = regexp.MustCompile(`(?i)error|invalid|unauthori[sz]ed|forbidden|denied|refused|rejected|wrong|missing|bad request`)

func rejectionHint(r Response) string {
	if !r.Accepted() || !rejectionWords.Match(r.Body()) {
		return ""
	}
	return "the status tells, whatever the body says: where the handler means to refuse this, it must answer 401 or 403 (400 for a body that is none)"
}

// BeBelow500 matches any complete response except a 5xx.
func BeBelow500() ResponseMatcher {
	return MatchResponse("any complete answer below 500: a bad request is not to bring a handler down",
		func(r Response) bool { return r.Complete() && r.Status() < 500 })
}

// BeNoRedirect matches a complete response that sends the Hub nowhere else.
func BeNoRedirect() ResponseMatcher {
	return MatchResponse("an answer of the handler's own, no redirect: the Hub is not documented to follow one",
		func(r Response) bool { return r.Complete() && r.Status()/100 != 3 })
}

// BeInTime matches any complete response within the Hub's time-out.
func BeInTime() ResponseMatcher {
	return MatchResponse("a complete answer within the time that the Hub waits", Response.Complete)
}

// BeWithin matches a complete response within a time.
func BeWithin(limit time.Duration) ResponseMatcher {
	m := MatchResponse(fmt.Sprintf("an answer within %v", limit),
		func(r Response) bool { return r.Complete() && r.Duration() <= limit })
	m.observed = func(r Response) string {
		return fmt.Sprintf("%s, after %v", r, r.Duration().Round(time.Millisecond))
	}
	return m
}

// HaveStatus matches one of several statuses.
func HaveStatus(statuses ...int) ResponseMatcher {
	var names []string
	for _, status := range statuses {
		names = append(names, statusText(status))
	}
	return MatchResponse(strings.Join(names, " or "), func(r Response) bool { return slices.Contains(statuses, r.Status()) })
}

// BeRejectedLike matches the status of another rejection.
func BeRejectedLike(other Response) ResponseMatcher {
	return MatchResponse(statusText(other.Status())+", as for a whole payload with a wrong secret",
		func(r Response) bool { return r.Status() == other.Status() })
}

// BeOverloaded matches a response that says that the handler is overloaded, and when to
// send again.
func BeOverloaded() ResponseMatcher {
	return MatchResponse("where it is too much, 429 or 503 with Retry-After in seconds or as a date",
		func(r Response) bool {
			_, given := r.RetryAfter()
			return given && r.Throttled()
		})
}
