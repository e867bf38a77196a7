package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Complete makes shells offer values for a flag.
func Complete(cmd *cobra.Command, flag string, values func() []string) {
	// The only error is that of a flag which does not exist.
	_ = cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return values(), cobra.ShellCompDirectiveNoFileComp
	})
}

// CompleteList makes shells offer values for a flag that takes several, separated by commas.
func CompleteList(cmd *cobra.Command, flag string, values func() []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) (list []string,
		_ cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		for _, value := range values() {
			list = append(list, before+value)
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	})
}

// CompleteNoFiles keeps shells from offering files if a verb's flag takes a number or duration.
func CompleteNoFiles(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		if slices.Contains([]string{"duration", "float64", "int", "uint64"}, flag.Value.Type()) {
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, cobra.NoFileCompletions) // which fails for a flag that has one
		}
	})
	for _, verb := range cmd.Commands() {
		CompleteNoFiles(verb)
	}
}

// CompleteDirs makes shells offer only folders.
func CompleteDirs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// CompleteJSONFiles makes shells offer only JSON files, such as reports and saved attempts.
func CompleteJSONFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
}
