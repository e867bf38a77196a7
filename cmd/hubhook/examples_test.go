package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// exampleSecret is the secret of the handler in examples.
const exampleSecret = "s3cret"

const minExamples = 3

// The examples of --help work when they are pasted into a shell.
func TestExamplesWorkWhenPasted(t *testing.T) {
	for _, verb := range verbs() {
		t.Run(verb.Name(), func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(verb.Example, "\n") + 1; n < minExamples {
				t.Errorf("%d examples, want %d", n, minExamples)
			}
			paste(t, pasted{lines: verb.Example})
		})
	}
}

// verbs returns all commands.
func verbs() []*cobra.Command {
	root := newRoot(cli.Streams{})
	return append([]*cobra.Command{root}, root.Commands()...)
}
