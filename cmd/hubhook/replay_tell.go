package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/suites"
)

// replayTeller tells of attempts that were made again. What it gets is masked.
type replayTeller struct {
	out  io.Writer
	json bool
}

// replayRecord tells of one to scripts.
type replayRecord struct {
	File       string            `json:"file"`
	Check      string            `json:"check"`
	Title      string            `json:"title"`
	What       string            `json:"what"`
	Reason     string            `json:"reason"` // why the check failed
	Request    reports.Request   `json:"request"`
	Response   *reports.Response `json:"response"`         // null where no answer came
	Status     int               `json:"status,omitempty"` // absent where no complete answer came
	Error      string            `json:"error,omitempty"`  // why none did
	DurationMs float64           `json:"durationMs"`
	// Before is what came back the first time.
	Before struct {
		Status   int    `json:"status,omitempty"`
		CameBack string `json:"cameBack"`
	} `json:"before"`
	SameStatus bool `json:"sameStatus"`
}

func (t *replayTeller) tell(a again, r suites.Replayed) error {
	if t.json {
		encoder := json.NewEncoder(t.out)
		encoder.SetEscapeHTML(false) // it stands in no page
		return encoder.Encode(recordOf(a, r))
	}
	out := bufio.NewWriter(t.out)
	fmt.Fprintf(out, "%s: %s %s\n", visible(a.file), visible(a.saved.Check), visible(a.saved.Title))
	fmt.Fprintln(out, "the check failed, by this request or another one of it:")
	writeLines(out, "    ", a.saved.Reason)
	fmt.Fprintf(out, "sent again: %s\n", visible(a.saved.What))
	request := r.Exchange.Request
	fmt.Fprintf(out, "> %s %s\n", visible(request.Method), visible(request.URL))
	writeMessage(out, ">", request.Headers, request.Body)
	if response := r.Exchange.Response; response != nil {
		fmt.Fprintf(out, "< %s\n", strings.TrimSpace(fmt.Sprintf("%d %s", response.Status, http.StatusText(response.Status))))
		writeMessage(out, "<", response.Headers, response.Body)
	}
	fmt.Fprintf(out, "came back then: %s\n", visible(a.saved.CameBack))
	fmt.Fprintf(out, "came back now:  %s (%.0f ms)\n", visible(r.CameBack), r.Exchange.DurationMs)
	fmt.Fprintln(out, sameStatus(a.saved, r))
	return out.Flush()
}

func recordOf(a again, r suites.Replayed) replayRecord {
	record := replayRecord{
		File: a.file, Check: a.saved.Check, Title: a.saved.Title, What: a.saved.What, Reason: a.saved.Reason,
		Request: r.Exchange.Request, Response: r.Exchange.Response, Status: r.Status,
		Error: r.Exchange.Error, DurationMs: r.Exchange.DurationMs, SameStatus: r.Status == a.saved.Status,
	}
	record.Before.Status, record.Before.CameBack = a.saved.Status, a.saved.CameBack
	return record
}

// sameStatus says whether what came back is what came back the first time.
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

// shownReplayed is how much of a body is shown to people, in bytes.
const shownReplayed = 4 << 10

// writeMessage writes headers and a body, as they were sent or came.
func writeMessage(out io.Writer, sign string, headers []reports.Header, body reports.Body) {
	for _, header := range headers {
		fmt.Fprintf(out, "%s %s: %s\n", sign, visible(header.Name), visible(header.Value))
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
	cut := len(text) > shownReplayed
	if cut {
		text = strings.ToValidUTF8(text[:shownReplayed], "")
	}
	writeLines(out, sign+" ", text)
	if cut || body.Truncated {
		fmt.Fprintf(out, "%s … %d bytes in all\n", sign, body.Bytes)
	}
}

// writeLines writes a text with a sign before each line, so that it does nothing to a
// terminal.
func writeLines(out io.Writer, sign, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(out, "%s%s\n", sign, visible(strings.TrimSuffix(line, "\n")))
	}
}
