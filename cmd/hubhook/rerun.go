package main

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter"
)

// rerun writes command lines that run one check alone, in the way in which a
// command was called. The secret is never repeated: it is to stand in the
// environment.
func rerun(cmd *cobra.Command, args []string) func(id string) string {
	words := []string{"hubhook check"}
	for _, arg := range args {
		words = append(words, emitter.ShellWord(withoutPassword(arg)))
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if !slices.Contains(notRepeated(), flag.Name) {
			words = append(words, "--"+flag.Name, emitter.ShellWord(withoutPassword(flag.Value.String())))
		}
	})
	line := strings.Join(words, " ")
	return func(id string) string { return line + " --only " + id }
}

// notRepeated are flags that select checks, write files or hold the secret.
func notRepeated() []string {
	return []string{"secret", "area", "only", "skip", "level", "json", "junit"}
}

// withoutPassword hides the password of what is a URL.
func withoutPassword(word string) string {
	parsed, err := url.Parse(word)
	if err != nil || parsed.User == nil {
		return word
	}
	return parsed.Redacted()
}
