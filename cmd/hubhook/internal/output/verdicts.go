package output

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/hubhook/hubhook/schemas"
)

// VerdictWriter writes verdicts on payloads. Only Flush returns errors.
type VerdictWriter struct {
	Err error // the first error of Flush, after which all is lost

	out      bufio.Writer
	encoder  *json.Encoder // nil for text
	quiet    bool
	problems int // that were found
}

// NewVerdictWriter returns a writer of JSON or text; a quiet one writes only the summary.
func NewVerdictWriter(out io.Writer, asJSON, quiet bool) *VerdictWriter {
	w := &VerdictWriter{quiet: quiet}
	w.out.Reset(out)
	if asJSON {
		w.encoder = NewEncoder(&w.out)
	}
	return w
}

// NewEncoder returns an encoder of JSON that is no part of a page, and needs no escapes for one.
func NewEncoder(out io.Writer) *json.Encoder {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder
}

// Verdict writes the verdict on one payload.
func (w *VerdictWriter) Verdict(v schemas.Verdict) {
	switch {
	case w.quiet:
	case w.encoder != nil:
		w.encoder.Encode(v)
	default:
		w.list(v, "", v.Problems)
		w.list(v, "note: ", v.Notes)
	}
}

// maxProblems is how many problems are listed: nobody reads more, and terminals keep no more.
const maxProblems = 1000

func (w *VerdictWriter) list(v schemas.Verdict, what string, problems []schemas.Problem) {
	for _, problem := range problems {
		if w.problems++; w.problems <= maxProblems {
			fmt.Fprintf(&w.out, "%s:%d: %s: %s%s\n", v.File, v.Line, v.Label(), what, problem)
		}
	}
}

// Summary writes the summary of all payloads, which comes last.
func (w *VerdictWriter) Summary(s *schemas.Summary) {
	if w.encoder != nil {
		w.encoder.Encode(struct {
			Summary *schemas.Summary `json:"summary"`
		}{s})
		return
	}
	if !w.quiet {
		w.table(s.Shapes)
	}
	fmt.Fprintf(&w.out, "%d of %d valid under the %s reading\n", s.Valid, s.Payloads, s.Reading)
}

func (w *VerdictWriter) table(shapes []schemas.ShapeCount) {
	if more := w.problems - maxProblems; more > 0 {
		fmt.Fprintf(&w.out, "… and %d more problems\n", more)
	}
	const heading = "shape"
	width := len(heading)
	for _, c := range shapes {
		width = max(width, len(c.Name))
	}
	fmt.Fprintf(&w.out, "%-*s  payloads  strict  open only  invalid\n", width, heading)
	for _, c := range shapes {
		fmt.Fprintf(&w.out, "%-*s  %8d  %6d  %9d  %7d\n", width, c.Name, c.Payloads, c.Strict, c.OpenOnly, c.Invalid)
	}
}

// Flush writes what is in the buffer.
func (w *VerdictWriter) Flush() error {
	if w.Err == nil {
		w.Err = w.out.Flush()
	}
	return w.Err
}

// FlushBefore returns a reader of input that flushes the writer before it may wait for more.
func (w *VerdictWriter) FlushBefore(input io.Reader) io.Reader { return flushingReader{w, input} }

type flushingReader struct {
	out   *VerdictWriter
	input io.Reader
}

func (f flushingReader) Read(p []byte) (int, error) {
	if err := f.out.Flush(); err != nil {
		return 0, err
	}
	return f.input.Read(p)
}
