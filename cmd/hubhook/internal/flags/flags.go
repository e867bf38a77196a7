// Package flags has the groups of flags that several verbs of hubhook share, such as those
// of a handler's secret or of payloads. It turns them into options of the packages that do the
// work. [Settings] fills in flags from the environment and from hubhook.yaml.
//
// It sends and writes nothing. Flags of one verb only are in that verb's file.
package flags

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/suites"
	"github.com/hubhook/hubhook/suites/catalogue"
	"github.com/hubhook/hubhook/suites/check"
)

// CheckPositive returns an error if the duration of a flag is not above zero.
func CheckPositive(name string, d time.Duration) error {
	if d > 0 {
		return nil
	}
	return fmt.Errorf("--%s is %v, and must be above zero", name, d)
}

// Words returns a flag as words of a command line for a shell, without what is secret in it.
func Words(flag *pflag.Flag) []string {
	if flag.Value.Type() == "bool" {
		if flag.Value.String() == "true" {
			return []string{"--" + flag.Name}
		}
		return []string{fmt.Sprintf("--%s=%s", flag.Name, flag.Value)}
	}
	if flag.NoOptDefVal != "" { // its value must follow =
		return []string{"--" + flag.Name + "=" + curl.Word(flag.Value.String())}
	}
	values := []string{flag.Value.String()}
	if list, ok := flag.Value.(interface{ GetSlice() []string }); ok {
		values = list.GetSlice()
	}
	var words []string
	for _, value := range values {
		if flag.Name == HeaderName {
			name, _, _ := strings.Cut(value, ":")
			value = name + ": " + redact.Placeholder // as reports have it
		}
		words = append(words, "--"+flag.Name, curl.Word(redact.Passwords(value)))
	}
	return words
}

// AddSelection adds the flags that select checks.
func AddSelection(cmd *cobra.Command, s *suites.Selection) {
	flags := cmd.Flags()
	flags.StringSliceVar(&s.Areas, "area", nil, "`area`, may be repeated: secret, scope, retry, ratelimit, payload, transport")
	flags.StringSliceVar(&s.Only, "only", nil, "only this `ID`, may be repeated; PAY-01 stands for PAY-01a, PAY-01b, …")
	flags.StringSliceVar(&s.Skip, "skip", nil, "not this `ID`, may be repeated")
	flags.StringVar(&s.Level, "level", "may", "down to this `level`: must, should or may")
	cli.CompleteList(cmd, "area", func() (names []string) {
		for _, area := range check.Areas() {
			names = append(names, string(area))
		}
		return names
	})
	cli.Complete(cmd, "level", func() []string { return []string{"must", "should", "may"} })
	cli.CompleteList(cmd, "only", checkIDs)
	cli.CompleteList(cmd, "skip", checkIDs)
}

func checkIDs() []string {
	var ids []string
	for _, c := range catalogue.All() {
		ids = append(ids, c.ID+"\t"+c.Title)
	}
	return ids
}
