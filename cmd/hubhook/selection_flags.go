package main

import (
	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/suites"
)

// selectionFlags adds the flags that say which checks are meant.
func selectionFlags(cmd *cobra.Command, s *suites.Selection) {
	flags := cmd.Flags()
	flags.StringSliceVar(&s.Areas, "area", nil, "only this `area`: secret, scope, retry, ratelimit, payload, transport; may be repeated")
	flags.StringSliceVar(&s.Only, "only", nil, "only the check with this `ID` (PAY-01 stands for PAY-01a, PAY-01b, …); may be repeated")
	flags.StringSliceVar(&s.Skip, "skip", nil, "not the check with this `ID`; may be repeated")
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
