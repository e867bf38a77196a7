package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroup is a heading in the help of a verb, and the flags below it.
type flagGroup struct {
	title string
	names []string
}

// helpWidth is the width of a verb's help, in columns.
const helpWidth = 100

// groupFlags has the help of a verb show its flags in groups; those of no group come
// last. It is for verbs with more flags than are read in one go, of which --help has the
// names, and help the whole.
func groupFlags(cmd *cobra.Command, groups []flagGroup) {
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if len(args) == 0 { // hubhook help check
			fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s", cmd.Long, cmd.UsageString())
			return
		}
		writeShortHelp(cmd, groups)
	})
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		out := cmd.OutOrStderr()
		fmt.Fprintf(out, "Usage:\n  %s\n", cmd.UseLine())
		if cmd.HasExample() {
			fmt.Fprintf(out, "\nExamples:\n%s\n", cmd.Example)
		}
		for _, group := range slices.Concat(groups, []flagGroup{{"Other", ungrouped(cmd, groups)}}) {
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			flags.SortFlags = false
			for _, name := range group.names {
				flags.AddFlag(cmd.Flags().Lookup(name))
			}
			if _, err := fmt.Fprintf(out, "\n%s:\n%s", group.title, flags.FlagUsagesWrapped(helpWidth)); err != nil {
				return err
			}
		}
		return nil
	})
}

// writeShortHelp writes what --help says of a verb with many flags: as much as fits a
// screen, and where there is more.
func writeShortHelp(cmd *cobra.Command, groups []flagGroup) {
	out := cmd.OutOrStdout()
	about, _, _ := strings.Cut(cmd.Long, "\n\n")
	fmt.Fprintf(out, "%s\n\nUsage:\n  %s\n\nExamples:\n%s\n\nFlags:\n", about, cmd.UseLine(), cmd.Example)
	const column = 20
	for _, group := range slices.Concat(groups, []flagGroup{{"Other", ungrouped(cmd, groups)}}) {
		title, _, _ := strings.Cut(group.title, " (")
		line := fmt.Sprintf("  %-*s", column, title+":")
		for _, name := range group.names {
			if len(line)+len(" --"+name) > helpWidth {
				fmt.Fprintln(out, line)
				line = strings.Repeat(" ", column+2)
			}
			line += " --" + name
		}
		fmt.Fprintln(out, line)
	}
	fmt.Fprintf(out, "\n`hubhook help %s` tells of each flag, of exit codes, and of all else.\n", cmd.Name())
}

// ungrouped are the flags of a verb that are in no group.
func ungrouped(cmd *cobra.Command, groups []flagGroup) (names []string) {
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !slices.ContainsFunc(groups, func(group flagGroup) bool { return slices.Contains(group.names, flag.Name) }) {
			names = append(names, flag.Name)
		}
	})
	return names
}
