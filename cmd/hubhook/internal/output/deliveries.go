package output

import (
	"bufio"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/delivery"
	"github.com/hubhook/hubhook/emitter/format"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/reports/safetext"
)

// DeliveryWriter writes a line, or a JSON object, about each delivery that was made.
type DeliveryWriter struct {
	Out, Err io.Writer    // standard output and standard error
	Mask     *redact.Mask // hides secrets in all that is written
	JSON     bool         // one object on a line, instead of text
}

// How much of a body is written.
const (
	lineBody = 4 << 10  // bytes that are read for a line
	lineText = 100      // characters on a line
	jsonBody = 64 << 10 // bytes in a JSON object, as in reports
)

const noShape = "?"

// Write writes a delivery and what came back.
func (w *DeliveryWriter) Write(m delivery.Message, x delivery.Exchange) error {
	if w.JSON {
		return NewEncoder(w.Out).Encode(w.record(m, x))
	}
	_, err := fmt.Fprintln(w.Out, w.line(m, x))
	return err
}

// WriteTally writes what came of all deliveries. Readers of JSON can count themselves: they
// are told only that deliveries stopped early, on standard error.
func (w *DeliveryWriter) WriteTally(tally delivery.Tally) error {
	out := w.Out
	if w.JSON {
		out = w.Err
		if tally.Stopped == "" {
			return nil
		}
	}
	_, err := fmt.Fprintln(out, tally)
	return err
}

func (w *DeliveryWriter) line(m delivery.Message, x delivery.Exchange) string {
	response := ""
	switch {
	case x.Err != nil:
		response = "no complete answer: " + escape(w.Mask.Text(x.Err.Error()))
	case x.Response != nil:
		response = strings.TrimSpace(fmt.Sprintf("%d %s", x.Response.Status, http.StatusText(x.Response.Status)))
	}
	shape, id := escape(cmp.Or(w.Mask.Text(m.Shape), noShape)), escape(w.Mask.Text(m.ID))
	line := fmt.Sprintf("%-26s %s  %s  %d ms", shape, id, response, x.Duration.Milliseconds())
	text, _ := w.body(x, lineBody)
	if body := safetext.Truncate(escape(safetext.OneLine(text)), lineText); body != "" {
		line += "  " + body
	}
	return line
}

// body returns the beginning of a response's body, masked, and whether it was cut.
func (w *DeliveryWriter) body(x delivery.Exchange, limit int) (text string, cut bool) {
	if x.Response == nil {
		return "", false
	}
	body := x.Response.Body
	if cut = len(body) > limit; cut {
		body = body[:limit]
	}
	if cut || x.Err != nil {
		return w.Mask.Prefix(string(body)), cut
	}
	return w.Mask.Text(string(body)), false
}

type deliveryRecord struct {
	Shape      string  `json:"shape"` // empty if the payload has none
	WebhookID  string  `json:"webhookId"`
	Accepted   bool    `json:"accepted"`
	Status     int     `json:"status,omitempty"` // absent without a complete response
	DurationMs float64 `json:"durationMs"`
	Error      string  `json:"error,omitempty"` // why there is no complete response
	Body       string  `json:"body"`            // of the response
	Base64     bool    `json:"base64,omitempty"`
	Truncated  bool    `json:"truncated,omitempty"`
}

func (w *DeliveryWriter) record(m delivery.Message, x delivery.Exchange) deliveryRecord {
	r := deliveryRecord{
		Shape: w.Mask.Text(m.Shape), WebhookID: w.Mask.Text(m.ID), Accepted: x.Accepted(),
		DurationMs: float64(x.Duration.Microseconds()) / 1000,
	}
	if x.Err != nil {
		r.Error = w.Mask.Text(x.Err.Error())
	} else if x.Response != nil {
		r.Status = x.Response.Status
	}
	if r.Body, r.Truncated = w.body(x, jsonBody); !utf8.ValidString(r.Body) {
		r.Body, r.Base64 = base64.StdEncoding.EncodeToString([]byte(r.Body)), true
	}
	return r
}

// escape keeps a terminal from acting on a text.
func escape(text string) string { return safetext.Escape(text, "") }

// WriteRequests writes the requests that a destination would be sent, without what is secret in
// them: one for each message that next returns before io.EOF.
func WriteRequests(
	ctx context.Context, w io.Writer, next func(context.Context) (delivery.Message, error),
	to delivery.Destination, mask *redact.Mask,
) error {
	form, err := format.New("http", openOptions(to))
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
			m.Body = []byte(mask.Text(string(m.Body)))
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

// openOptions returns the options of a form that shows no secret. The name and password of a URL
// become a header, as when it is sent.
func openOptions(to delivery.Destination) format.Options {
	shown := *to.URL
	header := redact.Header(to.Header)
	if shown.User != nil {
		shown.User = (*url.Userinfo)(nil)
		header["Authorization"] = []string{redact.Placeholder}
	}
	return format.Options{To: shown.String(), SecretIn: to.SecretIn, Header: header}
}
