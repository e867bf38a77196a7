package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hubhook/hubhook/schemas"
)

// settingsFile is where settings are looked for where no other file is named.
const settingsFile = "hubhook.yaml"

// settings are the flags of a verb as they stand outside of its command line: in
// the environment as HUBHOOK_ANSWER_WITHIN, in a file as answer-within. The command
// line wins over the environment, the environment over the file.
type settings struct {
	argument string     // the name by which the verb's argument may be set
	oneOf    [][]string // flags of which one given shuts out the others that are set elsewhere
	// refuse tells why a file must not hold a setting; nil where all may stand there.
	refuse func(name, value string) error
	// only are the flags that may be set elsewhere; nil where all may. What a file
	// holds of others is for other verbs, and left alone.
	only, others []string

	flags  *pflag.FlagSet
	config string
	given  map[string]bool // what stands on the command line
	args   []string
}

// setting is one setting and where it stands.
type setting struct {
	name   string
	values []string // one, but for flags that may be repeated
	place  string   // for errors: "hubhook.yaml:3: budget"
}

func (s *settings) add(cmd *cobra.Command) {
	s.flags = cmd.Flags()
	s.flags.StringVar(&s.config, "config", "", "read settings from this `file` (default "+settingsFile+", where there is one)")
	cmd.MarkFlagFilename("config", "yaml", "yml")
}

// read fills in the flags that the command line leaves open, and gives the
// arguments, in which the one of the settings stands where there was none.
func (s *settings) read(args []string) ([]string, error) {
	s.args, s.given = args, map[string]bool{}
	s.flags.Visit(func(flag *pflag.Flag) { s.given[flag.Name] = true })
	if len(args) > 0 {
		s.given[s.argument] = true
	}
	taken := maps.Clone(s.given)
	if err := s.apply(s.fromEnvironment(), taken); err != nil {
		return nil, err
	}
	list, err := s.fromFile()
	if err != nil {
		return nil, err
	}
	return s.args, s.apply(list, taken)
}

// apply sets what is not taken, and takes it.
func (s *settings) apply(list []setting, taken map[string]bool) error {
	before := maps.Clone(taken)
	for _, one := range list {
		if s.isTaken(one.name, before) {
			continue
		}
		if err := s.set(one); err != nil {
			return err
		}
		taken[one.name] = true
	}
	return nil
}

// isTaken tells whether a setting, or one that shuts it out, is taken.
func (s *settings) isTaken(name string, taken map[string]bool) bool {
	for _, group := range s.oneOf {
		if slices.Contains(group, name) {
			return slices.ContainsFunc(group, func(other string) bool { return taken[other] })
		}
	}
	return taken[name]
}

func (s *settings) set(one setting) error {
	if one.name == s.argument {
		s.args = one.values
		return nil
	}
	for _, value := range one.values {
		if err := s.flags.Set(one.name, value); err != nil {
			return fmt.Errorf("%s: %q is %s", one.place, value, notTaken(s.flags.Lookup(one.name), err))
		}
	}
	return nil
}

// names are those of all settings.
func (s *settings) names() []string {
	if s.only != nil {
		return s.only
	}
	names := []string{s.argument}
	s.flags.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains([]string{"help", "secret", "config"}, flag.Name) {
			names = append(names, flag.Name)
		}
	})
	return names
}

// fromEnvironment is what the environment says. The secret is not among it: it has a
// rule of its own, see secretFlags.
func (s *settings) fromEnvironment() (list []setting) {
	for _, name := range append(s.names(), "config") {
		variable := "HUBHOOK_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		value := os.Getenv(variable)
		if value == "" {
			continue
		}
		values := []string{value}
		if s.repeats(name) {
			values = strings.FieldsFunc(value, func(r rune) bool { return r == '\n' })
		}
		list = append(list, setting{name, values, variable})
	}
	return list
}

// repeats tells whether a flag may be repeated.
func (s *settings) repeats(name string) bool {
	flag := s.flags.Lookup(name)
	return flag != nil && (flag.Value.Type() == "stringArray" || flag.Value.Type() == "stringSlice")
}

// unknown says that there is no such setting.
func (s *settings) unknown(name string) string {
	if near, ok := schemas.Closest(name, append(s.names(), s.others...)); ok {
		return fmt.Sprintf("unknown setting %q: did you mean %q?", name, near)
	}
	return fmt.Sprintf("unknown setting %q: they are the flags of the verb, without --", name)
}
