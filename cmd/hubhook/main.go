// Command hubhook tests handlers of the Hugging Face Hub's webhooks, and stands
// in for the Hub that calls them. README.md tells how, and so does
//
//	hubhook --help
//	hubhook check --help
//
// There is a file for each verb, called by it: check.go has `hubhook check`, and files
// that begin with check_ hold what is of that verb alone. Several verbs share settings.go
// (flags in the environment and in hubhook.yaml), the flags of secret_flags.go,
// target_flags.go, route_flags.go and feed_flags.go, output.go (files that are written
// whole or not at all), usage.go (help), completion.go and mistakes.go (what is wrong with
// a command line, and what would be right).
//
// Flags come in, a call goes to another package, an exit code comes out. No check, no
// payload and no report is made here: whoever wants those without the command line
// imports suites, emitter, emitter/hub, emitter/load and reports.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
	"github.com/spf13/cobra"
)

func main() {
	// Nothing here logs but net/http, which repeats what handlers say unasked: thousands
	// of lines, and perhaps a secret.
	log.SetOutput(io.Discard)
	os.Exit(run(os.Args[1:], cli.Streams{In: os.Stdin, Out: output.SharedFile{File: os.Stdout}, Err: output.SharedFile{File: os.Stderr}}))
}

// run executes one command line and gives its exit code.
func run(args []string, std cli.Streams) int {
	root := newRoot(std)
	cli.RejectUnknownArgs(root)
	root.SetArgs(args)
	return cli.Execute(root, std)
}

func newRoot(std cli.Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "hubhook",
		Short: "Test handlers of the Hugging Face Hub's webhooks",
		Long: `hubhook tests handlers of the Hugging Face Hub's webhooks, and stands in for
the Hub that calls them.`,
		Example: `  HUBHOOK_SECRET=s3cret hubhook check http://127.0.0.1:8000/webhook --area secret
  hubhook generate discussion.comment.create --count 3
  hubhook generate repo.content.update --format json > push.json
  hubhook validate push.json
  HUBHOOK_SECRET=s3cret hubhook trigger repo.content.update --to http://127.0.0.1:8000/webhook`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cli.OnlyVerbs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	root.SetFlagErrorFunc(cli.FlagError)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", cli.HelpWidth)))
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.AddCommand(
		newCheck(std), newInit(std), newExplain(std), newReplay(std), newCompare(std), newList(std), newMutants(std),
		newGenerate(std), newTrigger(std), newServe(std), newLoad(std), newValidate(std), newHandler(std),
		newMan(std), newVersion(std),
	)
	cli.CompleteNoFiles(root)
	return root
}
