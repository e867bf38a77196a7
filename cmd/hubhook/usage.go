package main

import (
	"fmt"

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
// last. It is for verbs with more flags than are read in one go.
func groupFlags(cmd *cobra.Command, groups []flagGroup) {
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		out := cmd.OutOrStderr()
		fmt.Fprintf(out, "Usage:\n  %s\n", cmd.UseLine())
		if cmd.HasExample() {
			fmt.Fprintf(out, "\nExamples:\n%s\n", cmd.Example)
		}
		grouped := map[string]bool{}
		for _, group := range groups {
			flags := pflag.NewFlagSet("", pflag.ContinueOnError)
			flags.SortFlags = false
			for _, name := range group.names {
				flags.AddFlag(cmd.Flags().Lookup(name))
				grouped[name] = true
			}
			fmt.Fprintf(out, "\n%s:\n%s", group.title, flags.FlagUsagesWrapped(helpWidth))
		}
		others := pflag.NewFlagSet("", pflag.ContinueOnError)
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			if !grouped[flag.Name] {
				others.AddFlag(flag)
			}
		})
		_, err := fmt.Fprintf(out, "\nOther:\n%s", others.FlagUsagesWrapped(helpWidth))
		return err
	})
}
