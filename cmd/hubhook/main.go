// Command hubhook tests handlers of the Hugging Face Hub's webhooks, and mocks the Hub that
// calls them. It is described in README.md, and by
//
//	hubhook --help
//	hubhook check --help
//
// There is a file for each verb: check.go has `hubhook check`, and files that begin with
// check_ have more of it. What several verbs share is in packages below internal:
//
//   - cli: exit codes, help, completion, and errors about a command line
//   - flags: groups of flags, and settings from the environment and hubhook.yaml
//   - output: where results and progress are written
//   - builtin: the built-in handlers
//   - explain and scaffold: what the verbs explain and init make
//
// A verb reads flags, calls another package, and returns an exit code. No check, payload or
// report is made here: to use those without the command line, import suites, emitter,
// emitter/hub, emitter/load and reports.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/cmd/hubhook/internal/output"
)

func main() {
	// Only net/http logs here: it repeats what handlers send unasked, which can be thousands of
	// lines, and perhaps a secret.
	log.SetOutput(io.Discard)
	os.Exit(run(os.Args[1:], cli.Streams{
		In: os.Stdin, Out: output.SharedFile{File: os.Stdout}, Err: output.SharedFile{File: os.Stderr},
	}))
}

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
	wrapped := fmt.Sprintf(".FlagUsagesWrapped %d ", cli.HelpWidth)
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", wrapped))
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.AddCommand(
		newCheck(std), newInit(std), newExplain(std), newReplay(std), newCompare(std), newList(std), newMutants(std),
		newGenerate(std), newTrigger(std), newServe(std), newLoad(std), newValidate(std), newHandler(std),
		newMan(std), newVersion(std),
	)
	cli.CompleteNoFiles(root)
	return root
}
