package suites

import (
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
)

// Of many exchanges a check keeps its first ones and its last ones, which is
// where it failed.
const (
	keptFirst = 2
	keptLast  = 12
)

// keptBody is how much of a body a report holds, in bytes.
const keptBody = 64 << 10

// recorder keeps what a check sent and got.
type recorder struct {
	mu   sync.Mutex
	kept []attempted
	sent int
}

type attempted struct {
	sent Delivery
	got  Response
}

func (r *recorder) add(d Delivery, answer Response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	r.kept = append(r.kept, attempted{d, answer})
	if len(r.kept) > keptFirst+keptLast {
		r.kept = slices.Delete(r.kept, keptFirst, keptFirst+1)
	}
}

// merge takes over what another notebook has.
func (r *recorder) merge(other *recorder) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent += other.sent
	r.kept = append(r.kept, other.kept...)
	if over := len(r.kept) - keptFirst - keptLast; over > 0 {
		r.kept = slices.Delete(r.kept, keptFirst, keptFirst+over)
	}
}

// exchanges tells what was kept as reports do, the secret masked.
func (r *recorder) exchanges(of *run, about *culprit) []reports.Exchange {
	list := []reports.Exchange{}
	sent := map[string]bool{}
	for _, n := range r.kept {
		x := of.record(n.sent, n.got)
		x.Decisive = about.is(n.got)
		x.Repeated = n.sent.id != "" && sent[n.sent.id]
		sent[n.sent.id] = true
		list = append(list, x)
	}
	return list
}

// record tells an exchange as reports do, the secret masked.
func (r *run) record(d Delivery, answer Response) reports.Exchange {
	a := answer.exchange.Attempt
	x := reports.Exchange{
		What: d.String(),
		Request: reports.Request{
			Method:  a.Method,
			URL:     redact.Password(a.URL),
			Headers: r.target.withoutGiven(headerList(a.Header)),
			Body:    bodyOf(a.Body),
		},
		StartedMs:  max(0, float64(answer.exchange.Started.Sub(r.started).Microseconds())/1000),
		DurationMs: float64(answer.exchange.Duration.Microseconds()) / 1000,
		Curl:       r.curl(d, a),
	}
	if response := answer.exchange.Response; response != nil {
		x.Response = &reports.Response{
			Status:  response.Status,
			Headers: headerList(response.Header),
			Body:    bodyOf(response.Body),
		}
	}
	if err := answer.exchange.Err; err != nil {
		x.Error = err.Error()
	}
	r.mask.exchange(&x)
	return x
}

// bodyOf is the beginning of a body, as a report has it.
func bodyOf(b []byte) reports.Body {
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

// headerList lists headers by name, so that two reports of the same run agree.
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

// curl is the command that sends the like.
func (r *run) curl(d Delivery, a delivery.Attempt) string {
	request := curlRequest{Method: a.Method, URL: r.target.URL, Body: a.Body, Words: r.target.Curl}
	values := map[string]int{}
	for _, h := range headerList(a.Header) {
		form := d.formOf(h.Name, values[h.Name], r.target.SecretIn)
		if form.isZero() && r.target.given(h.Name, h.Value) {
			form = newForm(h.Value, redact.Placeholder)
		}
		request.Headers = append(request.Headers, curlHeader{Name: h.Name, Value: h.Value, Secret: form})
		values[h.Name]++
	}
	if d.chunked {
		request.Headers = append(request.Headers, curlHeader{Name: "Transfer-Encoding", Value: "chunked"})
	}
	request.QuerySecret = d.queryForm(r.target.SecretIn)
	return request.line(r.mask)
}

// culprit is which exchange a failure is about: of several that were sent at once, or
// compared, it need not be the last.
type culprit struct {
	mu      sync.Mutex
	started time.Time // of the attempt; zero where none is known
}

func (t *culprit) note(answer Response) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.started = answer.exchange.Started
}

// is tells whether a failure is about this answer.
func (t *culprit) is(answer Response) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.started.IsZero() && t.started.Equal(answer.exchange.Started)
}
