package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter"
)

// rerun writes command lines that run one check alone, in the way in which a
// command was called. What comes from the environment or a file of settings needs no
// repeating, and the secret is never repeated: it is to stand in the environment.
func rerun(cmd *cobra.Command, given map[string]bool, args []string) func(id string) string {
	words := []string{"hubhook check"}
	for _, arg := range args {
		words = append(words, emitter.ShellWord(withoutPassword(arg)))
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if given[flag.Name] && !slices.Contains(notRepeated(), flag.Name) {
			words = append(words, repeated(flag)...)
		}
	})
	line := strings.Join(words, " ")
	return func(id string) string { return line + " --only " + id }
}

// notRepeated are flags that select checks, say what is written, or hold the secret; and
// what is there was waited for.
func notRepeated() []string {
	return append(formNames(), "secret", "area", "only", "skip", "level", "save", "quiet", "verbose", "dry-run", "wait")
}

// replayLine writes command lines that make a saved attempt again, by the way by which
// a command reached the handler.
func replayLine(cmd *cobra.Command, given map[string]bool) func(file string) string {
	words := ""
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if given[flag.Name] && slices.Contains(replaySettings(), flag.Name) {
			words += " " + strings.Join(repeated(flag), " ")
		}
	})
	return func(file string) string { return "hubhook replay " + emitter.ShellWord(file) + words }
}

// repeated is a flag as it stands on a command line.
func repeated(flag *pflag.Flag) []string {
	if flag.Value.Type() == "bool" {
		if flag.Value.String() == "true" {
			return []string{"--" + flag.Name}
		}
		return []string{fmt.Sprintf("--%s=%s", flag.Name, flag.Value)}
	}
	if flag.NoOptDefVal != "" { // whose value cannot be a word of its own
		return []string{"--" + flag.Name + "=" + emitter.ShellWord(flag.Value.String())}
	}
	values := []string{flag.Value.String()}
	if list, ok := flag.Value.(interface{ GetSlice() []string }); ok {
		values = list.GetSlice()
	}
	var words []string
	for _, value := range values {
		if flag.Name == headerFlag {
			name, _, _ := strings.Cut(value, ":")
			value = name + ": ***" // as reports have it
		}
		words = append(words, "--"+flag.Name, emitter.ShellWord(withoutPassword(value)))
	}
	return words
}

// urlPassword is the password of a URL, wherever in a text that stands.
var urlPassword = regexp.MustCompile(`(://[^/?#\s:@'"]*:)[^/?#\s'"]*@`)

// withoutPassword hides the passwords of URLs: a flag may hold a command with one in
// it.
func withoutPassword(word string) string { return urlPassword.ReplaceAllString(word, "$1***@") }
