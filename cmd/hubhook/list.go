package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/suites"
)

func newList(std streams) *cobra.Command {
	var selection suites.Selection
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the checks",
		Example: `  hubhook list
  hubhook list --area secret --level must`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			checks, err := selection.Select(suites.Catalogue())
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
			for _, check := range checks {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", check.ID, check.Area, check.Level, check.Title)
			}
			return table.Flush()
		},
	}
	selectionFlags(cmd, &selection)
	return cmd
}
