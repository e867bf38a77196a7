package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/schemas"
)

// flagMistake says what is wrong with a flag on the command line, and what would be
// right.
func flagMistake(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var lacking *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &invalid):
		return fmt.Errorf("--%s: %q is %s", invalid.GetFlag().Name, invalid.GetValue(), notTaken(invalid.GetFlag(), invalid))
	case errors.As(err, &lacking):
		_, usage := pflag.UnquoteUsage(lacking.GetFlag())
		return fmt.Errorf("--%s lacks its value: %s", lacking.GetFlag().Name, usage)
	}
	return err
}

// unknownFlag says that there is no such flag.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	said, name := "--"+unknown.GetSpecifiedName(), unknown.GetSpecifiedName()
	if letters := unknown.GetSpecifiedShortnames(); letters != "" {
		said, name = "-"+letters, letters
	}
	var names []string
	cmd.Flags().VisitAll(func(flag *pflag.Flag) { names = append(names, flag.Name) })
	if near, ok := schemas.Closest(name, names); ok && len(name) > 1 {
		return fmt.Errorf("unknown flag %s: did you mean --%s?", said, near)
	}
	return fmt.Errorf("unknown flag %s: `%s --help` shows them all", said, cmd.CommandPath())
}

// notTaken says what a value is that a flag does not take.
func notTaken(flag *pflag.Flag, err error) string {
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

// oneVerb says that there is no such verb: a command that has some takes nothing else.
func oneVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, verb := range cmd.Commands() {
		names = append(names, verb.Name())
	}
	if near, ok := schemas.Closest(args[0], names); ok {
		return fmt.Errorf("unknown command %q: did you mean %q?", args[0], near)
	}
	return fmt.Errorf("unknown command %q: `%s --help` shows them all", args[0], cmd.CommandPath())
}

// strictBuiltIns has the commands that cobra brings take what they know alone: it shows
// help instead, as if all were well.
func strictBuiltIns(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, command := range root.Commands() {
		switch command.Name() {
		case "help":
			command.Args = func(_ *cobra.Command, names []string) error {
				if found, _, err := root.Find(names); err != nil || found == root {
					return oneVerb(root, names)
				}
				return nil
			}
		case "completion":
			command.Args = oneVerb
			command.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range command.Commands() {
				shell.Args = flagsAlone
			}
		}
	}
}

// atMostOne is for verbs that take one argument, or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < 2 {
			return nil
		}
		for _, arg := range args {
			if err := notItsValue(cmd, arg); err != nil {
				return err
			}
		}
		return fmt.Errorf("%q is too much: %s takes one %s", redact.Passwords(args[1]), cmd.CommandPath(), what)
	}
}

// atMostOneURL is for verbs that take the URL of a handler, or none.
func atMostOneURL(cmd *cobra.Command, args []string) error {
	if len(args) == 1 {
		return notItsValue(cmd, args[0])
	}
	return atMostOne("URL")(cmd, args)
}

// notItsValue finds an argument that is meant to be the value of the flag before it: one
// that can do without a value takes one behind = alone.
func notItsValue(cmd *cobra.Command, arg string) (err error) {
	if strings.Contains(arg, "/") { // a URL, or one that lacks its beginning
		return nil
	}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if flag.Value.Type() == "string" && flag.NoOptDefVal != "" && flag.Value.String() == flag.NoOptDefVal {
			err = fmt.Errorf("%q is no URL: as the value of --%s, write --%s=%s", arg, flag.Name, flag.Name, arg)
		}
	})
	return err
}

// flagsAlone is for verbs that take no argument.
func flagsAlone(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%q is too much: %s takes flags alone, and `%s --help` shows them", redact.Passwords(args[0]), cmd.CommandPath(), cmd.CommandPath())
}

// unknownOf says that a flag's value is none of those that it takes.
func unknownOf(flag, value string, known []string) error {
	if near, ok := schemas.Closest(value, known); ok {
		return fmt.Errorf("%s: unknown %q: did you mean %q?", flag, value, near)
	}
	return fmt.Errorf("%s: unknown %q: it is one of %s", flag, value, strings.Join(known, ", "))
}
