package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// What the linker writes into a release (-X main.stampedVersion=…), where .ci/compile
// builds it; empty elsewhere.
var stampedVersion, stampedCommit, stampedDate string

// build is a build of hubhook. What is not known is empty.
type build struct {
	Version  string `json:"version"`          // v1.2.3, or "(devel)"
	Commit   string `json:"commit,omitempty"` // the whole hash
	Date     string `json:"date,omitempty"`   // of the commit, RFC 3339, UTC
	Go       string `json:"go"`
	Platform string `json:"platform"` // linux/amd64
}

func newVersion(std cli.Streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which hubhook this is",
		Long:  `Say which hubhook this is: its version, commit and date, and what built it.`,
		Example: `  hubhook version
  hubhook version --json
  hubhook --version`,
		Args:              cli.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(std.Out).Encode(thisBuild())
			}
			return writeBuild(std.Out, thisBuild())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

func writeBuild(out io.Writer, b build) error {
	words := []string{"hubhook", b.Version}
	if b.Commit != "" {
		words = append(words, "commit", b.Commit[:min(len(b.Commit), 12)])
	}
	if b.Date != "" {
		words = append(words, "of", b.Date)
	}
	_, err := fmt.Fprintln(out, strings.Join(append(words, b.Go, b.Platform), " "))
	return err
}

func version() string { return thisBuild().Version }

// thisBuild returns what the linker wrote, or else what Go knows of the build.
func thisBuild() build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return buildOf(build{Version: stampedVersion, Commit: stampedCommit, Date: stampedDate}, info)
}

// buildOf adds what Go stamps into each binary to what the linker wrote.
func buildOf(stamped build, info *debug.BuildInfo) build {
	b := build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			b.Commit = setting.Value
		case "vcs.time":
			b.Date = setting.Value
		}
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	if stamped.Version != "" {
		b.Version, b.Commit, b.Date = stamped.Version, stamped.Commit, stamped.Date
	}
	return b
}
