package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// SchemaURL is the address of the schema of a Report as JSON.
const SchemaURL = "https://raw.githubusercontent.com/hubhook/hubhook/main/reports/report.schema.json"

// A document is a report in a file, which names its schema first.
type document struct {
	URL string `json:"$schema"`
	Report
}

// WriteJSON writes a report as indented JSON by report.schema.json. Lists are never null.
func WriteJSON(w io.Writer, r *Report) error {
	whole := *r
	whole.Schema = ReportSchema
	whole.Checks = make([]Check, len(r.Checks))
	for i, check := range r.Checks {
		check.Exchanges = withLists(check.Exchanges)
		whole.Checks[i] = check
	}
	return EncodeJSON(w, document{SchemaURL, whole})
}

// EncodeJSON writes indented JSON, not escaped for HTML, so that people can read it.
func EncodeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

func withLists(exchanges []Exchange) []Exchange {
	list := make([]Exchange, len(exchanges))
	for i, x := range exchanges {
		x.Request.Headers = orEmpty(x.Request.Headers)
		if x.Response != nil {
			response := *x.Response
			response.Headers = orEmpty(response.Headers)
			x.Response = &response
		}
		list[i] = x
	}
	return list
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// WriteLoadJSON writes a load run as indented JSON. Lists are never null.
func WriteLoadJSON(w io.Writer, l *Load) error {
	whole := *l
	whole.Thresholds = orEmpty(l.Thresholds)
	whole.Statuses = orEmpty(l.Statuses)
	whole.Faults = orEmpty(l.Faults)
	whole.Curve = orEmpty(l.Curve)
	whole.Intervals = orEmpty(l.Intervals)
	if l.Capacity != nil {
		capacity := *l.Capacity
		capacity.Steps = orEmpty(capacity.Steps)
		whole.Capacity = &capacity
	}
	if err := EncodeJSON(w, whole); err != nil {
		return fmt.Errorf("write the load run as JSON: %w", err)
	}
	return nil
}

// WriteComparisonJSON writes a comparison as indented JSON. What is not printable, such as
// characters that reverse text, is escaped: reports may come from anywhere.
func WriteComparisonJSON(w io.Writer, c *Comparison) error {
	var out bytes.Buffer
	if err := EncodeJSON(&out, c); err != nil {
		return fmt.Errorf("write the comparison as JSON: %w", err)
	}
	_, err := w.Write(escapeUnseen(out.Bytes()))
	return err
}

// escapeUnseen escapes what is not printable in a JSON text. Outside of strings that is
// only the ends of lines, which stay.
func escapeUnseen(text []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}
