package main

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
)

// screen is how many lines the terminals of most people show.
const screen = 40

// The help of every verb fits a screen, names each flag and has examples. If it does not
// describe them all, it says which command does.
func TestHelpFitsAScreen(t *testing.T) {
	for _, verb := range verbs() {
		var out strings.Builder
		args := append(strings.Fields(verb.CommandPath())[1:], "--help")
		if code := run(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != cli.ExitPassed {
			t.Fatalf("%v: exit code %d", args, code)
		}
		text := out.String()
		if n := strings.Count(text, "\n"); n > screen {
			t.Errorf("%v has %d lines", args, n)
		}
		verb.InitDefaultHelpFlag()
		verb.Flags().VisitAll(func(flag *pflag.Flag) {
			if !flag.Hidden && !strings.Contains(text, "--"+flag.Name) {
				t.Errorf("%v does not name --%s", args, flag.Name)
			}
		})
		if verb.Example != "" && !strings.Contains(text, "Examples:") {
			t.Errorf("%v has no examples", args)
		}
		if whole := "`hubhook help " + verb.Name() + "`"; strings.Contains(text, whole) {
			out.Reset()
			run([]string{"help", verb.Name()}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out})
			if !strings.Contains(out.String(), verb.Long) || strings.Count(out.String(), "\n      --") < 8 {
				t.Errorf("%s tells no more:\n%s", whole, &out)
			}
		}
	}
}
