package output

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// SavedFile is a saved attempt and the name of its file.
type SavedFile struct {
	Name string // as errors and reports have it
	suites.Saved
}

type replayRecord struct {
	File       string            `json:"file"`
	Check      string            `json:"check"`
	Title      string            `json:"title"`
	What       string            `json:"what"`
	Reason     string            `json:"reason"` // why the check failed
	Request    reports.Request   `json:"request"`
	Response   *reports.Response `json:"response"`         // null without a response
	Status     int               `json:"status,omitempty"` // absent without a complete response
	Error      string            `json:"error,omitempty"`  // why there is none
	DurationMs float64           `json:"durationMs"`
	// Before has the response that the check failed by.
	Before struct {
		Status   int    `json:"status,omitempty"`
		CameBack string `json:"cameBack"`
	} `json:"before"`
	SameStatus bool `json:"sameStatus"`
}

// WriteReplay writes an attempt, what was sent and what came back: as text, or as a JSON object
// on a line. It is given nothing secret.
func WriteReplay(w io.Writer, asJSON bool, a SavedFile, r suites.Replayed) error {
	if asJSON {
		return NewEncoder(w).Encode(newReplayRecord(a, r))
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s: %s %s\n", escape(a.Name), escape(a.Check), escape(a.Title))
	fmt.Fprintln(out, "the check failed, by this request or another one of it:")
	writeLines(out, "    ", a.Reason)
	fmt.Fprintf(out, "sent again: %s\n", escape(a.What))
	request := r.Exchange.Request
	fmt.Fprintf(out, "> %s %s\n", escape(request.Method), escape(request.URL))
	writeMessage(out, ">", request.Headers, request.Body)
	if response := r.Exchange.Response; response != nil {
		fmt.Fprintf(out, "< %s\n", strings.TrimSpace(fmt.Sprintf("%d %s", response.Status, http.StatusText(response.Status))))
		writeMessage(out, "<", response.Headers, response.Body)
	}
	fmt.Fprintf(out, "came back then: %s\n", escape(a.CameBack))
	fmt.Fprintf(out, "came back now:  %s (%.0f ms)\n", escape(r.CameBack), r.Exchange.DurationMs)
	fmt.Fprintln(out, sameStatus(a.Saved, r))
	return out.Flush()
}

func newReplayRecord(a SavedFile, r suites.Replayed) replayRecord {
	record := replayRecord{
		File: a.Name, Check: a.Check, Title: a.Title, What: a.What, Reason: a.Reason,
		Request: r.Exchange.Request, Response: r.Exchange.Response, Status: r.Status,
		Error: r.Exchange.Error, DurationMs: r.Exchange.DurationMs, SameStatus: r.Status == a.Status,
	}
	record.Before.Status, record.Before.CameBack = a.Status, a.CameBack
	return record
}

func sameStatus(saved suites.Saved, r suites.Replayed) string {
	switch {
	case r.LeftAsMeant:
		return "no answer was awaited, as then"
	case r.Status == 0 && saved.Status == 0:
		return "no complete answer, as then"
	case r.Status == saved.Status:
		return "the same status as then"
	}
	return "not the same as then"
}

// maxReplayBody is how much of a body is written as text, in bytes.
const maxReplayBody = 4 << 10

func writeMessage(out io.Writer, sign string, headers []reports.Header, body reports.Body) {
	for _, header := range headers {
		fmt.Fprintf(out, "%s %s: %s\n", sign, escape(header.Name), escape(header.Value))
	}
	if body.Bytes == 0 {
		return
	}
	fmt.Fprintln(out, sign)
	if body.Base64 {
		fmt.Fprintf(out, "%s … %d bytes that are no text: --json has them\n", sign, body.Bytes)
		return
	}
	text := body.Text
	cut := len(text) > maxReplayBody
	if cut {
		text = strings.ToValidUTF8(text[:maxReplayBody], "")
	}
	writeLines(out, sign+" ", text)
	if cut || body.Truncated {
		fmt.Fprintf(out, "%s … %d bytes in all\n", sign, body.Bytes)
	}
}

// writeLines writes a text with a sign before each line, escaped for a terminal.
func writeLines(out io.Writer, sign, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(out, "%s%s\n", sign, escape(strings.TrimSuffix(line, "\n")))
	}
}
