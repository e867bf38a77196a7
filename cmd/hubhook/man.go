package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

func newMan(std cli.Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages",
		Long: `Write the manual pages of hubhook and all its verbs into a folder, which is made where
it is not there. They say what help says, and bear the date of this build, or that of
$SOURCE_DATE_EPOCH: the same hubhook writes the same bytes.`,
		Example: `  hubhook man man1
  hubhook man man1 && gzip -9n man1/*.1
  SOURCE_DATE_EPOCH=1767225600 hubhook man man1`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("no folder is named that the pages go to, such as hubhook man man1")
			}
			return cli.AtMostOne("folder")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cli.WriteManual(cmd.Root(), args[0], thisBuild().Version, thisBuild().Date); err != nil {
				return err
			}
			_, err := fmt.Fprintf(std.Out, "written: %s\n", args[0])
			return err
		},
		ValidArgsFunction: cli.CompleteDirs,
	}
}
