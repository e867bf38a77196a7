package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// FlagGroup is a heading in the help of a verb, and the flags below it.
type FlagGroup struct {
	Title string   // the heading
	Note  string   // what the full help adds to the heading, in parentheses
	Names []string // of the flags, in order
}

// HelpWidth is the width of a verb's help, in columns.
const HelpWidth = 100

// GroupFlags makes the help of a verb show its flags in groups, and those of no group last.
// It is for verbs with too many flags for a screen: `hubhook VERB --help` names them,
// `hubhook help VERB` describes them.
func GroupFlags(cmd *cobra.Command, groups []FlagGroup) {
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
		for _, group := range withUngrouped(cmd, groups) {
			heading := group.Title
			if group.Note != "" {
				heading += " (" + group.Note + ")"
			}
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			flags.SortFlags = false
			for _, name := range group.Names {
				flags.AddFlag(cmd.Flags().Lookup(name))
			}
			if _, err := fmt.Fprintf(out, "\n%s:\n%s", heading, flags.FlagUsagesWrapped(HelpWidth)); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeShortHelp(cmd *cobra.Command, groups []FlagGroup) {
	out := cmd.OutOrStdout()
	about, _, _ := strings.Cut(cmd.Long, "\n\n")
	fmt.Fprintf(out, "%s\n\nUsage:\n  %s\n\nExamples:\n%s\n\nFlags:\n", about, cmd.UseLine(), cmd.Example)
	const column = 20
	for _, group := range withUngrouped(cmd, groups) {
		line := fmt.Sprintf("  %-*s", column, group.Title+":")
		for _, name := range group.Names {
			if len(line)+len(" --"+name) > HelpWidth {
				fmt.Fprintln(out, line)
				line = strings.Repeat(" ", column+2)
			}
			line += " --" + name
		}
		fmt.Fprintln(out, line)
	}
	fmt.Fprintf(out, "\n`hubhook help %s` tells of each flag, of exit codes, and of all else.\n", cmd.Name())
}

// withUngrouped adds a group of the flags that are in none.
func withUngrouped(cmd *cobra.Command, groups []FlagGroup) []FlagGroup {
	other := FlagGroup{Title: "Other"}
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if !slices.ContainsFunc(groups, func(g FlagGroup) bool { return slices.Contains(g.Names, flag.Name) }) {
			other.Names = append(other.Names, flag.Name)
		}
	})
	return append(slices.Clip(groups), other)
}
