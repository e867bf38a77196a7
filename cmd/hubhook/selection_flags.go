package main

import (
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/suites"
)

// selectionFlags adds the flags that say which checks are meant.
func selectionFlags(cmd *cobra.Command, s *suites.Selection) {
	flags := cmd.Flags()
	flags.StringSliceVar(&s.Areas, "area", nil, "`area`, may be repeated: secret, scope, retry, ratelimit, payload, transport")
	flags.StringSliceVar(&s.Only, "only", nil, "only this `ID`, may be repeated; PAY-01 stands for PAY-01a, PAY-01b, …")
	flags.StringSliceVar(&s.Skip, "skip", nil, "not this `ID`, may be repeated")
	flags.StringVar(&s.Level, "level", "may", "down to this `level`: must, should or may")
	completeList(cmd, "area", func() (names []string) {
		for _, area := range suites.Areas() {
			names = append(names, string(area))
		}
		return names
	})
	complete(cmd, "level", func() []string { return []string{"must", "should", "may"} })
	completeList(cmd, "only", checkIDs)
	completeList(cmd, "skip", checkIDs)
}

func checkIDs() []string {
	var ids []string
	for _, check := range suites.Catalogue() {
		ids = append(ids, check.ID+"\t"+check.Title)
	}
	return ids
}
