package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// exampleSecret is what the handler knows that examples are about.
const exampleSecret = "s3cret"

// fewestExamples is how many a verb has at least.
const fewestExamples = 3

// Whoever pastes the examples of --help sees them work.
func TestExamplesWorkWhenPasted(t *testing.T) {
	for _, verb := range verbs() {
		t.Run(verb.Name(), func(t *testing.T) {
			t.Parallel()
			if n := strings.Count(verb.Example, "\n") + 1; n < fewestExamples {
				t.Errorf("%d examples, want %d", n, fewestExamples)
			}
			paste(t, pasted{lines: verb.Example})
		})
	}
}

// verbs are all commands that have something to show.
func verbs() []*cobra.Command {
	root := newRoot(cli.Streams{})
	return append([]*cobra.Command{root}, root.Commands()...)
}
