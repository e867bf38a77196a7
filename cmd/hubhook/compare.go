package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/hubhook/hubhook/reports"
	"github.com/hubhook/hubhook/reports/html"
	"github.com/hubhook/hubhook/reports/markdown"
	"github.com/hubhook/hubhook/reports/terminal"
)

func compareFormats() []string { return []string{"terminal", "markdown", "html", "json"} }

type compareFlags struct {
	names  []string
	format string
	all    bool
	guard  bool
}

func newCompare(std cli.Streams) *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare FILE FILE…",
		Short: "Compare reports: of several handlers, or of one in the course of time",
		Long: `Compare reports that check --json wrote: of several handlers, or of one in the course
of time. Each is compared with the one before it; of more than two there is a matrix.
Only the checks that differ are listed, entries of a table with the same verdicts in one
row, unless --all asks for every one. A verdict is compared, not its reason.

A check is a regression where it passed when it was last judged, and is failed,
inconclusive or in error in the last report: without a verdict nobody knows that it still
holds. Only what binds counts, a MUST, or a SHOULD where the last report is strict; a
failure that is known does not. What the last report skipped or does not have is no
regression, but told.

Exit code 0: the reports were compared. 1: with --fail-on-regression, there is a
regression. 2: a mistake in flags or files, or, with --fail-on-regression, no check that
the last report has in common with an earlier one.`,
		Example: `  hubhook check --area secret --json before.json
  hubhook check --area secret --seed 7 --json after.json
  hubhook compare before.json after.json
  hubhook compare before.json after.json --fail-on-regression --format markdown
  hubhook compare before.json after.json --name main,mine --all --format html > compare.html
  hubhook compare before.json after.json --format json`,
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return errors.New("no report is named: a comparison takes two or more, as check --json writes them")
			case 1:
				return errors.New("one report alone is named: a comparison takes two or more, as check --json writes them")
			}
			return nil
		},
		ValidArgsFunction: cli.CompleteJSONFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return f.run(args, std) },
	}
	set := cmd.Flags()
	set.StringSliceVar(&f.names, "name", nil, "`names` of the reports, a,b,…, one each; otherwise those of the files")
	set.StringVar(&f.format, "format", "terminal", "terminal, markdown, json, or html: one page that needs no network")
	set.BoolVar(&f.all, "all", false, "list every check, not only those that differ")
	set.BoolVar(&f.guard, "fail-on-regression", false, "exit code 1 where there is a regression, which is named on stderr")
	cli.Complete(cmd, "format", compareFormats)
	return cmd
}

func (f *compareFlags) run(files []string, std cli.Streams) error {
	if !slices.Contains(compareFormats(), f.format) {
		return fmt.Errorf("unknown form %q: it is one of %s", f.format, strings.Join(compareFormats(), ", "))
	}
	names, err := f.reportNames(files)
	if err != nil {
		return err
	}
	var list []*reports.Report
	for _, file := range files {
		report, err := output.ReadFile(file, reports.ReadJSON)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		list = append(list, report)
	}
	comparison := reports.Compare(list, names, reports.CompareOptions{All: f.all})
	if err := writeComparison(std.Out, comparison, f.format, output.TerminalOptions(std.Out)); err != nil {
		return err
	}
	return f.result(comparison, std.Err)
}

// reportNames returns the names of --name, or else those of the files.
func (f *compareFlags) reportNames(files []string) ([]string, error) {
	if len(f.names) == 0 {
		return reports.UniqueNames(files), nil
	}
	if len(f.names) != len(files) {
		return nil, fmt.Errorf("--name has %s, and there are %s: give one each",
			english.Plural(len(f.names), "name", ""), english.Plural(len(files), "report", ""))
	}
	for i, name := range f.names {
		switch {
		case strings.TrimSpace(name) == "":
			return nil, fmt.Errorf("--name: name %d is empty", i+1)
		case slices.Contains(f.names[:i], name):
			return nil, fmt.Errorf("--name: %q is there twice, and columns need names that differ", name)
		}
	}
	return f.names, nil
}

func writeComparison(w io.Writer, c *reports.Comparison, format string, o terminal.Options) error {
	switch format {
	case "markdown":
		return markdown.WriteComparison(w, c)
	case "html":
		return html.WriteComparison(w, c)
	case "json":
		return reports.WriteComparisonJSON(w, c)
	}
	return terminal.WriteComparison(w, c, o)
}

// result returns ErrFailed if there is a regression and --fail-on-regression is given.
func (f *compareFlags) result(c *reports.Comparison, stderr io.Writer) error {
	switch {
	case !f.guard:
		return nil
	case c.Common == 0:
		return errors.New("the last report has no check in common with one before it: nothing shows whether there is a regression")
	case len(c.Regressions) == 0:
		return nil
	}
	fmt.Fprintf(stderr, "hubhook: %s\n", terminal.Regressions(c))
	return cli.ErrFailed
}
