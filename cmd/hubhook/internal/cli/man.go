package cli

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// WriteManual writes a manual page for a command, and for each of those below it. The
// pages have the version of the build, and the date of its commit (RFC 3339).
func WriteManual(root *cobra.Command, dir, version, built string) error {
	date, err := manualDate(built, os.Getenv("SOURCE_DATE_EPOCH"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true // which would bear the date of today
	header := doc.GenManHeader{Section: "1", Date: &date, Source: "hubhook " + version, Manual: "hubhook"}
	return doc.GenManTree(root, &header, dir)
}

// manualDate returns the date of the pages: that of the build, or of the environment
// (https://reproducible-builds.org/specs/source-date-epoch/), and else always the same.
func manualDate(built, epoch string) (time.Time, error) {
	seconds, err := strconv.ParseInt(cmp.Or(epoch, "0"), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %q is no number of seconds", epoch)
	}
	if date, err := time.Parse(time.RFC3339, built); err == nil && epoch == "" {
		return date.UTC(), nil
	}
	return time.Unix(seconds, 0).UTC(), nil
}
