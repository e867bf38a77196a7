package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/schemas"
)

// validation is what the verb validate was asked for.
type validation struct {
	set     *schemas.Set
	reading schemas.Reading
	schema  string // by which to judge; that of each payload's shape where empty

	payloads, invalid int
}

func newValidate(std streams) *cobra.Command {
	var reading, schema string
	cmd := &cobra.Command{
		Use:   "validate [FILE…]",
		Short: "Judge payloads by their schemas",
		Long: `Judge payloads, from files or from standard input, by the schemas of their
shapes. A file may hold one JSON object or many (NDJSON). The open reading is
what a handler must accept; the strict one is what the Hub is known to send.
Exit code 1 says that some payload is not valid.`,
		Example: `  hubhook validate payload.json
  hubhook generate --count 1000 | hubhook validate --reading strict
  hubhook validate --schema updatedRefs refs.json`,
		RunE: func(_ *cobra.Command, files []string) error {
			v, err := newValidation(reading, schema)
			if err != nil {
				return err
			}
			if len(files) == 0 {
				files = []string{"-"}
			}
			for _, file := range files {
				if err := v.file(file, std); err != nil {
					return err
				}
			}
			return v.sum(std.out)
		},
	}
	cmd.Flags().StringVar(&reading, "reading", string(schemas.Open), "how to read the schemas: open or strict")
	cmd.Flags().StringVar(&schema, "schema", "", "judge by this shape or part (repo, updatedRefs, …) whatever the event says")
	return cmd
}

func newValidation(reading, schema string) (*validation, error) {
	parsed, err := schemas.ParseReading(reading)
	if err != nil {
		return nil, err
	}
	set, err := schemas.Load(schemas.Options{})
	if err != nil {
		return nil, err
	}
	if schema != "" {
		if _, err := set.Source(schema); err != nil {
			return nil, err
		}
	}
	return &validation{set: set, reading: parsed, schema: schema}, nil
}

// file judges the payloads of one file; "-" is standard input.
func (v *validation) file(name string, std streams) error {
	input, shown := std.in, "standard input"
	if name != "-" {
		opened, err := os.Open(name)
		if err != nil {
			return err
		}
		defer opened.Close()
		input, shown = opened, name
	}
	found := 0
	err := schemas.Stream(input, func(line int, doc any) error {
		found++
		return v.payload(std.out, fmt.Sprintf("%s:%d", shown, line), doc)
	})
	if err == nil && found == 0 {
		err = errors.New("there is no payload in it")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", shown, err)
	}
	return nil
}

// payload judges one payload and tells what is wrong with it.
func (v *validation) payload(out io.Writer, where string, doc any) error {
	judged, err := v.judge(doc)
	if err != nil {
		return err
	}
	v.payloads++
	if !judged.Valid() {
		v.invalid++
	}
	for _, problem := range judged.Problems {
		if _, err := fmt.Fprintf(out, "%s: %s\n", where, problem); err != nil {
			return err
		}
	}
	return nil
}

func (v *validation) judge(doc any) (schemas.Judgement, error) {
	if v.schema != "" {
		return v.set.JudgeBy(v.schema, doc, v.reading)
	}
	return v.set.Judge(doc, v.reading)
}

// sum tells how many were valid.
func (v *validation) sum(out io.Writer) error {
	fmt.Fprintf(out, "%d of %d valid under the %s reading\n", v.payloads-v.invalid, v.payloads, v.reading)
	if v.invalid > 0 {
		return errFailed
	}
	return nil
}
