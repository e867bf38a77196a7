package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/flags"
	"github.com/hubhook/hubhook/emitter"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

func newList(std cli.Streams) *cobra.Command {
	var selection suites.Selection
	var more flags.Schemas
	cmd := &cobra.Command{
		Use:   "list [checks | shapes | sources]",
		Short: "List the checks, the shapes of payloads, or where their values come from",
		Long: `List the checks; or the shapes of payloads, those of --schemas among them; or the
sources that a schema's "x-from" may name: what the simulated world knows of, and
the functions of gofakeit.`,
		Example: `  hubhook list
  hubhook list --area secret --level must
  hubhook list shapes
  hubhook list sources | grep world:repo`,
		Args:      cobra.MatchAll(cli.AtMostOne("of "+strings.Join(listKinds(), ", ")), checkListKind),
		ValidArgs: listKinds(),
		RunE: func(_ *cobra.Command, what []string) error {
			if len(what) == 0 || what[0] == "checks" {
				return listChecks(std.Out, selection)
			}
			if what[0] == "sources" {
				return listSources(std.Out)
			}
			set, err := more.Load()
			if err != nil {
				return err
			}
			return writeTable(std.Out, set.Shapes(), func(s schemas.Shape) string { return s.Name + "\t" + set.Title(s) })
		},
	}
	flags.AddSelection(cmd, &selection)
	more.Add(cmd)
	return cmd
}

func listKinds() []string { return []string{"checks", "shapes", "sources"} }

func checkListKind(_ *cobra.Command, what []string) error {
	if len(what) > 0 && !slices.Contains(listKinds(), what[0]) {
		return cli.UnknownValue("hubhook list", what[0], listKinds())
	}
	return nil
}

func listChecks(out io.Writer, selection suites.Selection) error {
	checks, err := selection.Select(catalogue.All())
	if err != nil {
		return err
	}
	return writeTable(out, checks, func(c check.Check) string {
		return fmt.Sprintf("%s\t%s\t%s\t%s", c.ID, c.Area, c.Level, c.Title)
	})
}

// writeTable writes a line for each row, its cells, which tabs part, in columns.
func writeTable[T any](out io.Writer, rows []T, cells func(T) string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(table, cells(row))
	}
	return table.Flush()
}

func listSources(out io.Writer) error {
	for _, name := range emitter.WorldNames() {
		fmt.Fprintf(out, "world:%s\n", name)
	}
	for _, name := range emitter.FakeNames() {
		if _, err := fmt.Fprintf(out, "fake:%s\n", name); err != nil {
			return err
		}
	}
	return nil
}
