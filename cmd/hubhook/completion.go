package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// complete lets a shell complete the values of a flag.
func complete(cmd *cobra.Command, flag string, values func() []string) {
	// The only error is that of a flag which does not exist.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	})
}

// completeList lets a shell complete the values of a flag that takes several, with
// commas between them.
func completeList(cmd *cobra.Command, flag string, values func() []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) (list []string, _ cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		for _, value := range values() {
			list = append(list, before+value)
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	})
}

// completeNothing keeps a shell from offering files where a number or a duration is
// meant.
func completeNothing(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if slices.Contains([]string{"duration", "float64", "int", "uint64"}, flag.Value.Type()) {
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, cobra.NoFileCompletions) // one that has another keeps it
		}
	})
	for _, verb := range cmd.Commands() {
		completeNothing(verb)
	}
}

// completeReports has a shell offer reports, or attempts that were kept, alone.
func completeReports(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}
