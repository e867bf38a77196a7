package check

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites/secrets"
)

// KeptFirst is how many of its first attempts a check keeps if there are many. It also
// keeps its last ones, which is where it failed.
const KeptFirst = 2

const keptLast = 12

// keptBody is how much of a body a report holds, in bytes.
const keptBody = 64 << 10

// recorder stores what a check sent and received.
type recorder struct {
	mu   sync.Mutex
	kept []Record
	sent int
}

// A Record is an attempt at a delivery, and the response.
type Record struct {
	Delivery Delivery
	Response Response
}

func (r *recorder) add(d Delivery, response Response) {
	r.merge(&recorder{sent: 1, kept: []Record{{d, response}}})
}

// merge takes over what another recorder has.
func (r *recorder) merge(other *recorder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent += other.sent
	r.kept = append(r.kept, other.kept...)
	if over := len(r.kept) - KeptFirst - keptLast; over > 0 {
		r.kept = slices.Delete(r.kept, KeptFirst, KeptFirst+over)
	}
}

// culprit is the response that a failure is about: of several that were sent at once, or
// compared, it need not be the last.
type culprit struct {
	mu      sync.Mutex
	started time.Time // of the attempt; zero if none is known
	accepts bool      // the handler had to accept the delivery
	limited bool      // it asked to send later for too long
	failure []reports.Observation
}

func (c *culprit) note(r Response, accepts bool, failure []reports.Observation) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started, c.accepts, c.limited, c.failure = r.exchange.Started, accepts, r.outwaited, failure
}

func (c *culprit) is(r Response) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.started.IsZero() && c.started.Equal(r.exchange.Started)
}

// Records returns the attempts that were kept: the first KeptFirst, and the last ones.
func (h *Handler) Records() []Record { return h.recorder.kept }

// Report returns a check and its outcome as reports do, without secrets.
func (r *Run) Report(c Check, h *Handler, o Outcome) reports.Check {
	report := reports.Check{
		ID: c.ID, Area: string(c.Area), Level: string(c.Level),
		Title: c.Title, Why: c.Why, Spec: c.Spec, Fix: c.Fix, Example: string(c.Example),
		Status: o.Status, Reason: r.Mask.Text(o.Reason), Cause: o.Cause, Warning: r.Mask.Text(h.warning),
		Trace: r.Mask.Text(o.Trace), Exchanges: r.exchanges(h), Sent: h.recorder.sent,
	}
	for _, observation := range o.Observations {
		observation.Text = r.Mask.Text(observation.Text)
		report.Observations = append(report.Observations, observation)
	}
	return report
}

func (r *Run) exchanges(h *Handler) []reports.Exchange {
	list := []reports.Exchange{}
	sent := map[string]bool{}
	for _, a := range h.recorder.kept {
		x := ReportExchange(a.Response, r.target)
		x.Curl = r.curl(a.Delivery, a.Response.exchange.Attempt)
		x.StartedMs = max(0, float64(a.Response.exchange.Started.Sub(r.Started).Microseconds())/1000)
		x.Decisive = h.culprit.is(a.Response)
		x.Repeated = a.Delivery.id != "" && sent[a.Delivery.id]
		sent[a.Delivery.id] = true
		list = append(list, x)
	}
	return list
}

// ReportExchange returns a response and its request as reports do, without secrets. It lacks
// Curl, and what depends on other exchanges.
func ReportExchange(response Response, target Target) reports.Exchange {
	a := response.exchange.Attempt
	x := reports.Exchange{
		What: response.what,
		Request: reports.Request{
			Method:  a.Method,
			URL:     redact.Password(a.URL),
			Headers: target.hideUserHeaders(headerList(a.Header)),
			Body:    reportBody(a.Body),
		},
		DurationMs: float64(response.exchange.Duration.Microseconds()) / 1000,
	}
	if whole := response.exchange.Response; whole != nil {
		x.Response = &reports.Response{
			Status:  whole.Status,
			Headers: headerList(whole.Header),
			Body:    reportBody(whole.Body),
		}
	}
	if err := response.exchange.Err; err != nil {
		x.Error = err.Error()
	}
	response.mask.Exchange(&x)
	return x
}

// reportBody returns the beginning of a body as reports have it.
func reportBody(b []byte) reports.Body {
	body := reports.Body{Bytes: int64(len(b))}
	if len(b) > keptBody {
		body.Truncated = true
		b = trimRune(b[:keptBody])
	}
	if utf8.Valid(b) {
		body.Text = string(b)
		return body
	}
	body.Text, body.Base64 = base64.StdEncoding.EncodeToString(b), true
	return body
}

// trimRune drops the bytes of a character that was cut in two.
func trimRune(b []byte) []byte {
	for cut := 1; cut < utf8.UTFMax && cut <= len(b); cut++ {
		if tail := b[len(b)-cut:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return b[:len(b)-cut]
			}
			break
		}
	}
	return b
}

// headerList returns headers sorted by name, so that two reports of the same run agree.
func headerList(header http.Header) []reports.Header {
	list := []reports.Header{}
	for name, values := range header {
		for _, value := range values {
			list = append(list, reports.Header{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(list, func(a, b reports.Header) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// curl returns a command that sends the like of an attempt.
func (r *Run) curl(d Delivery, a delivery.Attempt) string {
	request := secrets.CurlRequest{Method: a.Method, URL: cmp.Or(r.target.ShownURL, r.target.URL), Body: a.Body, Options: r.target.Curl}
	values := map[string]int{}
	for _, h := range headerList(a.Header) {
		variant := d.variantIn(h.Name, values[h.Name], r.target.SecretIn)
		if variant.IsZero() && r.target.IsUserHeader(h.Name, h.Value) {
			variant = secrets.Hidden(h.Value)
		}
		request.Headers = append(request.Headers, secrets.CurlHeader{Name: h.Name, Value: h.Value, Secret: variant})
		values[h.Name]++
	}
	if d.chunked {
		request.Headers = append(request.Headers, secrets.CurlHeader{Name: "Transfer-Encoding", Value: "chunked"})
	}
	request.QuerySecret = d.queryVariant(r.target.SecretIn)
	return request.Command(r.Mask)
}
