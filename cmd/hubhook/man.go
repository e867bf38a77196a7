package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(std streams) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write manual pages",
		Long: `Write the manual pages of hubhook and all its verbs into a folder, which is made where
it is not there. They say what help says, and bear the date of this build, or that of
$SOURCE_DATE_EPOCH: the same hubhook writes the same bytes.`,
		Example: `  hubhook man man1
  hubhook man man1 && gzip -9n man1/*.1
  SOURCE_DATE_EPOCH=1767225600 hubhook man man1`,
		Args: oneFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := writeManual(cmd.Root(), args[0]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(std.out, "written: %s\n", args[0])
			return err
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
}

// oneFolder demands the folder that the pages go to.
func oneFolder(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("no folder is named that the pages go to, such as hubhook man man1")
	}
	return atMostOne("folder")(cmd, args)
}

// writeManual writes a page for a command, and for each of those below it.
func writeManual(root *cobra.Command, dir string) error {
	date, err := manualDate(thisBuild().Date, os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true // which would bear the date of today
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Date: &date, Source: "hubhook " + version(), Manual: "hubhook"}, dir)
}

// manualDate is the date of the pages: that of the build, or of the environment
// (https://reproducible-builds.org/specs/source-date-epoch/), and else always the same.
func manualDate(ofBuild, epoch string) (time.Time, error) {
	seconds, err := strconv.ParseInt(cmp.Or(epoch, "0"), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %q is no number of seconds", epoch)
	}
	if built, err := time.Parse(time.RFC3339, ofBuild); err == nil && epoch == "" {
		return built.UTC(), nil
	}
	return time.Unix(seconds, 0).UTC(), nil
}
