package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/emitter/redact"
)

// teller tells of deliveries, with all secrets masked.
type teller struct {
	out, err io.Writer
	mask     *redact.Mask
	json     bool
}

// How much of a body is told.
const (
	lineBody = 4 << 10  // bytes that are looked at for a line
	lineText = 100      // characters on a line
	jsonBody = 64 << 10 // bytes in a JSON object, as in reports
)

// noShape is told where a payload has no shape.
const noShape = "?"

// delivery tells of one.
func (t *teller) delivery(m delivery.Message, x delivery.Exchange) error {
	if t.json {
		encoder := json.NewEncoder(t.out)
		encoder.SetEscapeHTML(false) // it stands in no page
		return encoder.Encode(t.record(m, x))
	}
	_, err := fmt.Fprintln(t.out, t.line(m, x))
	return err
}

// sum tells what came of all. Scripts can count for themselves, but not know that
// there was to be more.
func (t *teller) sum(tally delivery.Tally) error {
	out := t.out
	if t.json {
		out = t.err
		if tally.Stopped == "" {
			return nil
		}
	}
	_, err := fmt.Fprintln(out, tally)
	return err
}

// line tells of a delivery to people.
func (t *teller) line(m delivery.Message, x delivery.Exchange) string {
	answer := ""
	switch {
	case x.Err != nil:
		answer = "no complete answer: " + visible(t.mask.Text(x.Err.Error()))
	case x.Response != nil:
		answer = strings.TrimSpace(fmt.Sprintf("%d %s", x.Response.Status, http.StatusText(x.Response.Status)))
	}
	line := fmt.Sprintf("%-26s %s  %s  %d ms", visible(cmp.Or(t.mask.Text(m.Shape), noShape)), visible(t.mask.Text(m.ID)), answer, x.Duration.Milliseconds())
	if body := t.excerpt(x); body != "" {
		line += "  " + body
	}
	return line
}

// excerpt is the beginning of an answer's body on one line.
func (t *teller) excerpt(x delivery.Exchange) string {
	text, _ := t.body(x, lineBody)
	text = visible(strings.Join(strings.Fields(text), " "))
	if runes := []rune(text); len(runes) > lineText {
		return string(runes[:lineText]) + "…"
	}
	return text
}

// body is the beginning of an answer's body, masked.
func (t *teller) body(x delivery.Exchange, limit int) (text string, cut bool) {
	if x.Response == nil {
		return "", false
	}
	body := x.Response.Body
	if cut = len(body) > limit; cut {
		body = body[:limit]
	}
	if cut || x.Err != nil {
		return t.mask.Prefix(string(body)), cut
	}
	return t.mask.Text(string(body)), false
}

// deliveryRecord tells of a delivery to scripts.
type deliveryRecord struct {
	Shape      string  `json:"shape"` // empty where the payload has none
	WebhookID  string  `json:"webhookId"`
	Accepted   bool    `json:"accepted"`
	Status     int     `json:"status,omitempty"` // absent where no complete answer came
	DurationMs float64 `json:"durationMs"`
	Error      string  `json:"error,omitempty"` // why no complete answer came
	Body       string  `json:"body"`            // of the answer
	Base64     bool    `json:"base64,omitempty"`
	Truncated  bool    `json:"truncated,omitempty"`
}

func (t *teller) record(m delivery.Message, x delivery.Exchange) deliveryRecord {
	r := deliveryRecord{
		Shape: t.mask.Text(m.Shape), WebhookID: t.mask.Text(m.ID), Accepted: x.Accepted(),
		DurationMs: float64(x.Duration.Microseconds()) / 1000,
	}
	if x.Err != nil {
		r.Error = t.mask.Text(x.Err.Error())
	} else if x.Response != nil {
		r.Status = x.Response.Status
	}
	if r.Body, r.Truncated = t.body(x, jsonBody); !utf8.ValidString(r.Body) {
		r.Body, r.Base64 = base64.StdEncoding.EncodeToString([]byte(r.Body)), true
	}
	return r
}

// visible writes what a terminal would act on, or not show, as escapes.
func visible(text string) string {
	var out strings.Builder
	for len(text) > 0 {
		r, width := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && width == 1:
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case unicode.IsPrint(r):
			out.WriteRune(r)
		default:
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		text = text[width:]
	}
	return out.String()
}

// requestsShown is how requests are shown instead of sent.
type requestsShown struct {
	to   delivery.Destination
	mask *redact.Mask
}

// showRequests writes what would be sent as a request file.
func showRequests(ctx context.Context, w io.Writer, next source, r requestsShown) error {
	form, err := format.New("http", r.options())
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	text := form.AppendHead(nil)
	for {
		m, err := next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			m.Body = []byte(r.mask.Text(string(m.Body)))
			text, err = form.Append(text, m)
		}
		if err != nil {
			return errors.Join(out.Flush(), err)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		text = text[:0]
	}
	return out.Flush()
}

// options are those of a form that shows no secret. A name and password in a URL
// are sent as a header.
func (r requestsShown) options() format.Options {
	shown := *r.to.URL
	header := redact.Header(r.to.Header)
	if shown.User != nil {
		shown.User = (*url.Userinfo)(nil)
		header["Authorization"] = []string{"***"}
	}
	return format.Options{To: shown.String(), SecretIn: r.to.SecretIn, Header: header}
}
