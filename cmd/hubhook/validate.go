package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/schemas"
)

type validateFlags struct {
	reading, schema string
	schemas         flags.Schemas
	json, quiet     bool
}

func newValidate(std cli.Streams) *cobra.Command {
	var f validateFlags
	cmd := &cobra.Command{
		Use:   "validate [FILE…]",
		Short: "Judge payloads by their schemas",
		Long: `Judge payloads, from files or from standard input, by the schemas of their
shapes. A file may hold one JSON object or many, one after another (NDJSON).

There are two readings of the schemas. The open one is what a handler must
accept: properties, repo types and scopes that come later are fine. The strict
one is what the Hub is known to send today: use it for payloads that you make
yourself. --reading says which of them decides; the table at the end counts both.

Exit code 1 says that some payload is not valid, 2 that there was none to judge,
or that one is no JSON.`,
		Example: `  hubhook generate --count 1000 | hubhook validate --reading strict
  hubhook generate repo.content.update > push.json; hubhook validate push.json
  hubhook generate repo.update --repo-type model | sed 's/headSha/head_sha/' | hubhook validate --reading strict
  echo '[{"ref": "refs/heads/main", "oldSha": null}]' | hubhook validate --schema updatedRefs
  echo '{"update": "spaces/me/demo"}' | hubhook validate --json`,
		RunE: func(_ *cobra.Command, files []string) error { return f.run(files, std) },
	}
	cmd.Flags().StringVar(&f.reading, "reading", string(schemas.Open), "how to read the schemas: open or strict")
	cmd.Flags().StringVar(&f.schema, "schema", "", "judge by this shape or part (repo, updatedRefs, …) whatever the event says")
	f.schemas.Add(cmd)
	cmd.Flags().BoolVar(&f.json, "json", false, "write one JSON object for each payload, one on each line, and one with the summary at the end")
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "write the last line alone, how many are valid")
	cli.Complete(cmd, "reading", func() []string { return []string{string(schemas.Open), string(schemas.Strict)} })
	_ = cmd.RegisterFlagCompletionFunc("schema", flags.CompleteSchemas) // which fails only for an unknown flag
	return cmd
}

func (f *validateFlags) run(files []string, std cli.Streams) error {
	v, err := f.open(std)
	if err != nil {
		return err
	}
	defer cli.CollectLess()()
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		if err := v.file(file, std.In); err != nil {
			return cmp.Or(v.verdicts.Flush(), err) // what was found before is still written
		}
	}
	v.verdicts.Summary(v.sum)
	if err := v.verdicts.Flush(); err != nil {
		return err
	}
	if v.sum.Valid < v.sum.Payloads {
		return cli.ErrFailed
	}
	return nil
}

func (f *validateFlags) open(std cli.Streams) (*validation, error) {
	reading, err := schemas.ParseReading(f.reading)
	if err != nil {
		return nil, err
	}
	set, err := f.schemas.Load()
	if err != nil {
		return nil, err
	}
	if f.schema != "" {
		if _, err := set.Source(f.schema); err != nil {
			return nil, err
		}
	}
	return &validation{
		set: set, reading: reading, schema: f.schema, sum: set.NewSummary(reading),
		verdicts: output.NewVerdictWriter(std.Out, f.json, f.quiet),
	}, nil
}

type validation struct {
	set      *schemas.Set
	reading  schemas.Reading
	schema   string // to validate by; if empty, that of each payload's shape
	sum      *schemas.Summary
	verdicts *output.VerdictWriter
}

// file validates the payloads of a file; "-" is standard input.
func (v *validation) file(name string, standard io.Reader) error {
	input, shown := standard, "standard input"
	if name != "-" {
		opened, err := os.Open(name)
		if err != nil {
			return err
		}
		defer opened.Close()
		input, shown = opened, name
	}
	before := v.sum.Payloads
	err := schemas.DecodeStream(v.verdicts.FlushBefore(input), func(line int, doc any) error {
		return v.payload(shown, line, doc)
	})
	if err == nil && v.sum.Payloads == before {
		err = errors.New("there is no payload in it")
	}
	if err != nil && !errors.Is(err, v.verdicts.Err) {
		return fmt.Errorf("%s: %w", shown, err)
	}
	return err
}

func (v *validation) payload(file string, line int, doc any) error {
	verdict, err := v.set.Classify(doc, v.schema, v.reading)
	if err != nil {
		return err
	}
	verdict.File, verdict.Line = file, line
	v.sum.Add(verdict)
	v.verdicts.Verdict(verdict)
	return v.verdicts.Err
}
