package output

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/hubhook/hubhook/schemas"
)

// VerdictWriter writes verdicts on payloads. It returns no errors: the [Writer] below it
// keeps the first.
type VerdictWriter interface {
	WriteVerdict(schemas.Verdict)  // on one payload
	WriteSummary(*schemas.Summary) // at the end
}

// NewVerdictWriter returns a writer of JSON or text; a quiet one writes only the summary.
func NewVerdictWriter(out io.Writer, asJSON, quiet bool) VerdictWriter {
	switch {
	case asJSON:
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		return jsonVerdicts{json: encoder, quiet: quiet}
	case quiet:
		return quietVerdicts{out}
	}
	return &textVerdicts{out: out}
}

// quietVerdicts writes only the last line.
type quietVerdicts struct{ out io.Writer }

func (q quietVerdicts) WriteVerdict(schemas.Verdict) {}

func (q quietVerdicts) WriteSummary(s *schemas.Summary) {
	fmt.Fprintf(q.out, "%d of %d valid under the %s reading\n", s.Valid, s.Payloads, s.Reading)
}

// jsonVerdicts writes an object on each line.
type jsonVerdicts struct {
	json  *json.Encoder
	quiet bool
}

func (j jsonVerdicts) WriteVerdict(v schemas.Verdict) {
	if !j.quiet {
		j.json.Encode(v)
	}
}

func (j jsonVerdicts) WriteSummary(s *schemas.Summary) {
	j.json.Encode(struct {
		Summary *schemas.Summary `json:"summary"`
	}{s})
}

// maxProblems is how many problems are listed: nobody reads more, and terminals do not keep
// more.
const maxProblems = 1000

// tableHead is the heading of the column of shapes.
const tableHead = "shape"

type textVerdicts struct {
	out      io.Writer
	problems int
}

func (t *textVerdicts) WriteVerdict(v schemas.Verdict) {
	t.list(v, "", v.Problems)
	t.list(v, "note: ", v.Notes)
}

func (t *textVerdicts) list(v schemas.Verdict, what string, problems []schemas.Problem) {
	for _, problem := range problems {
		if t.problems++; t.problems <= maxProblems {
			fmt.Fprintf(t.out, "%s:%d: %s: %s%s\n", v.File, v.Line, v.Label(), what, problem)
		}
	}
}

func (t *textVerdicts) WriteSummary(s *schemas.Summary) {
	if more := t.problems - maxProblems; more > 0 {
		fmt.Fprintf(t.out, "… and %d more problems\n", more)
	}
	width := len(tableHead)
	for _, c := range s.Shapes {
		width = max(width, len(c.Name))
	}
	fmt.Fprintf(t.out, "%-*s  payloads  strict  open only  invalid\n", width, tableHead)
	for _, c := range s.Shapes {
		fmt.Fprintf(t.out, "%-*s  %8d  %6d  %9d  %7d\n", width, c.Name, c.Payloads, c.Strict, c.OpenOnly, c.Invalid)
	}
	quietVerdicts{t.out}.WriteSummary(s)
}

// Writer is a buffered writer that keeps the error of Flush.
type Writer struct {
	bufio.Writer
	Err error // the first one, after which all is lost
}

// Flush writes what is in the buffer.
func (o *Writer) Flush() error {
	if o.Err == nil {
		o.Err = o.Writer.Flush()
	}
	return o.Err
}

// FlushBefore returns a reader of input that flushes the writer before it may wait for more.
func (o *Writer) FlushBefore(input io.Reader) io.Reader { return flushingReader{o, input} }

type flushingReader struct {
	out   *Writer
	input io.Reader
}

func (f flushingReader) Read(p []byte) (int, error) {
	if err := f.out.Flush(); err != nil {
		return 0, err
	}
	return f.input.Read(p)
}
