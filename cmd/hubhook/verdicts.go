package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/hubhook/hubhook/schemas"
)

// verdicts writes what the verb validate finds. What goes wrong with writing is
// kept by the output, and told at the end.
type verdicts interface {
	verdict(schemas.Verdict)
	summary(*schemas.Summary)
}

func newVerdicts(out io.Writer, asJSON, quiet bool) verdicts {
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

// quietVerdicts writes the last line alone.
type quietVerdicts struct{ out io.Writer }

func (q quietVerdicts) verdict(schemas.Verdict) {}

func (q quietVerdicts) summary(s *schemas.Summary) {
	fmt.Fprintf(q.out, "%d of %d valid under the %s reading\n", s.Valid, s.Payloads, s.Reading)
}

// jsonVerdicts writes one object a line.
type jsonVerdicts struct {
	json  *json.Encoder
	quiet bool
}

func (j jsonVerdicts) verdict(v schemas.Verdict) {
	if !j.quiet {
		j.json.Encode(v)
	}
}

func (j jsonVerdicts) summary(s *schemas.Summary) {
	j.json.Encode(struct {
		Summary *schemas.Summary `json:"summary"`
	}{s})
}

// shownProblems is how many lines of problems there are at most: nobody reads
// more, and a terminal keeps no more.
const shownProblems = 1000

// tableHead stands above the names of shapes.
const tableHead = "shape"

// textVerdicts writes for people.
type textVerdicts struct {
	out      io.Writer
	problems int
}

func (t *textVerdicts) verdict(v schemas.Verdict) {
	t.list(v, "", v.Problems)
	t.list(v, "note: ", v.Notes)
}

func (t *textVerdicts) list(v schemas.Verdict, what string, problems []schemas.Problem) {
	for _, problem := range problems {
		if t.problems++; t.problems <= shownProblems {
			fmt.Fprintf(t.out, "%s:%d: %s: %s%s\n", v.File, v.Line, v.Label(), what, problem)
		}
	}
}

func (t *textVerdicts) summary(s *schemas.Summary) {
	if more := t.problems - shownProblems; more > 0 {
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
	quietVerdicts{t.out}.summary(s)
}

// output gathers what is written. It keeps the first error, for everything that
// is written after one is lost.
type output struct {
	bufio.Writer
	err error
}

// Flush writes out what was gathered.
func (o *output) Flush() error {
	if o.err == nil {
		o.err = o.Writer.Flush()
	}
	return o.err
}

// before makes what was found so far appear before more input is waited for.
func (o *output) before(input io.Reader) io.Reader { return flushing{o, input} }

type flushing struct {
	out   *output
	input io.Reader
}

func (f flushing) Read(p []byte) (int, error) {
	if err := f.out.Flush(); err != nil {
		return 0, err
	}
	return f.input.Read(p)
}
