package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// FlagError rewords an error about a flag: what is wrong with it, and what would be right.
func FlagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var lacking *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &invalid):
		flag := invalid.GetFlag()
		return fmt.Errorf("--%s: %q is %s", flag.Name, invalid.GetValue(), WhyInvalid(flag, invalid))
	case errors.As(err, &lacking):
		_, usage := pflag.UnquoteUsage(lacking.GetFlag())
		return fmt.Errorf("--%s lacks its value: %s", lacking.GetFlag().Name, usage)
	}
	return err
}

func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name := unknown.GetSpecifiedName()
	given := "--" + name
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		given, name = "-"+letters, letters
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	if near, ok := suggest.Closest(name, names); ok && len(name) > 1 {
		return fmt.Errorf("unknown flag %s: did you mean --%s?", given, near)
	}
	return fmt.Errorf("unknown flag %s: `%s --help` shows them all", given, cmd.CommandPath())
}

// WhyInvalid returns why a flag does not take a value, as the end of a sentence "X is".
func WhyInvalid(flag *pflag.Flag, err error) string {
	if errors.Is(err, strconv.ErrRange) {
		return "out of range"
	}
	kinds := map[string]string{
		"bool":        "neither true nor false",
		"duration":    "no duration, such as 30s or 1m30s",
		"float64":     "no number, such as 0.5",
		"int":         "no whole number",
		"stringSlice": "no list, such as a,b: it holds a quotation mark",
		"uint64":      "no whole number from 0 on",
	}
	if kind, ok := kinds[flag.Value.Type()]; ok {
		return kind
	}
	return "not what it takes"
}

// OnlyVerbs rejects arguments of a command that takes the name of a verb and nothing else.
func OnlyVerbs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, verb := range cmd.Commands() {
		names = append(names, verb.Name())
	}
	return fmt.Errorf("unknown command %q: %s", args[0],
		suggest.Or(args[0], names, fmt.Sprintf("`%s --help` shows them all", cmd.CommandPath())))
}

// RejectUnknownArgs makes the help and completion commands of cobra reject what they do not
// know: they would show help instead, and exit with 0.
func RejectUnknownArgs(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, command := range root.Commands() {
		switch command.Name() {
		case "help":
			command.Args = func(_ *cobra.Command, names []string) error {
				if found, _, err := root.Find(names); err != nil || found == root {
					return OnlyVerbs(root, names)
				}
				return nil
			}
		case "completion":
			command.Args = OnlyVerbs
			command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range command.Commands() {
				shell.Args = NoArgs
			}
		}
	}
}

// AtMostOne accepts one argument, such as a "folder", or none.
func AtMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < 2 {
			return nil
		}
		for _, arg := range args {
			if err := checkNotFlagValue(cmd, arg); err != nil {
				return err
			}
		}
		return fmt.Errorf("%q is too much: %s takes one %s", redact.Passwords(args[1]), cmd.CommandPath(), what)
	}
}

// AtMostOneURL accepts the URL of a handler, or none.
func AtMostOneURL(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return checkNotFlagValue(cmd, args[0])
	}
	return AtMostOne("URL")(cmd, args)
}

// checkNotFlagValue rejects an argument that was meant as the value of the flag before it: a
// flag whose value is optional takes it only after =.
func checkNotFlagValue(cmd *cobra.Command, arg string) (err error) {
	if strings.Contains(arg, "/") { // a URL, perhaps without its scheme
		return nil
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.NoOptDefVal != "" && flag.Value.String() == flag.NoOptDefVal {
			err = fmt.Errorf("%q is no URL: as the value of --%s, write --%s=%s", arg, flag.Name, flag.Name, arg)
		}
	})
	return err
}

// NoArgs rejects arguments of a verb that takes only flags.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%q is too much: %s takes flags alone, and `%[2]s --help` shows them",
		redact.Passwords(args[0]), cmd.CommandPath())
}

// UnknownValue returns the error for a value that is none of those that a flag takes.
func UnknownValue(flag, value string, known []string) error {
	return fmt.Errorf("%s: unknown %q: %s", flag, value,
		suggest.Or(value, known, "it is one of "+strings.Join(known, ", ")))
}
