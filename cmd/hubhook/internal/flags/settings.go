package flags

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/hubhook/hubhook/cmd/hubhook/internal/cli"
	"github.com/hubhook/hubhook/emitter/redact"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// SettingsFile is the file that settings are read from unless --config names another.
const SettingsFile = "hubhook.yaml"

// Settings fills in flags of a verb from elsewhere than its command line: from the
// environment (HUBHOOK_ANSWER_WITHIN) and from a file (answer-within). The command line wins
// over the environment, and the environment over the file.
type Settings struct {
	Argument string     // name of the setting for the verb's argument; empty if it has none
	OneOf    [][]string // groups of flags; one that is given excludes settings for the others

	// Only are the names of the settings; nil for all flags of the verb. OfOtherVerbs are
	// names that are ignored in the file, for verbs share it.
	Only, OfOtherVerbs []string

	// OnCommandLine has the flags, and Argument, that the command line gave. Read sets it.
	OnCommandLine map[string]bool

	flags  *pflag.FlagSet
	config string
	args   []string
}

// setting is the value of a flag, or of the verb's argument, and where it is set.
type setting struct {
	name   string
	values []string // one, but for flags that may be repeated
	place  string   // such as "hubhook.yaml:3: budget", for errors
}

// Add adds the flag --config.
func (s *Settings) Add(cmd *cobra.Command) {
	s.flags = cmd.Flags()
	s.flags.StringVar(&s.config, "config", "", "read settings from this `file` (default "+SettingsFile+", where there is one)")
	cmd.MarkFlagFilename("config", "yaml", "yml")
}

// Read sets the flags that the command line does not set. It returns the arguments, or that
// of the settings if there are none.
func (s *Settings) Read(args []string) ([]string, error) {
	s.args, s.OnCommandLine = args, map[string]bool{}
	s.flags.Visit(func(flag *pflag.Flag) { s.OnCommandLine[flag.Name] = true })
	if len(args) > 0 {
		s.OnCommandLine[s.Argument] = true
	}
	taken := maps.Clone(s.OnCommandLine)
	if err := s.apply(s.fromEnvironment(), taken); err != nil {
		return nil, err
	}
	list, err := s.fromFile()
	if err != nil {
		return nil, err
	}
	return s.args, s.apply(list, taken)
}

// apply sets the flags that are not taken yet, and marks them as taken.
func (s *Settings) apply(list []setting, taken map[string]bool) error {
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

// isTaken reports whether a flag, or one that excludes it, is taken.
func (s *Settings) isTaken(name string, taken map[string]bool) bool {
	for _, group := range s.OneOf {
		if slices.Contains(group, name) {
			return slices.ContainsFunc(group, func(other string) bool { return taken[other] })
		}
	}
	return taken[name]
}

func (s *Settings) set(one setting) error {
	if one.name == s.Argument {
		s.args = one.values
		return nil
	}
	for _, value := range one.values {
		if err := s.flags.Set(one.name, value); err != nil {
			return fmt.Errorf("%s: %q is %s", one.place, value, cli.WhyInvalid(s.flags.Lookup(one.name), err))
		}
	}
	return nil
}

// Names returns the names of all settings.
func (s *Settings) Names() []string {
	if s.Only != nil {
		return s.Only
	}
	names := []string{s.Argument}
	s.flags.VisitAll(func(flag *pflag.Flag) {
		if !slices.Contains([]string{"help", "secret", "config"}, flag.Name) {
			names = append(names, flag.Name)
		}
	})
	return names
}

// fromEnvironment returns the settings in the environment. Secret reads its variable itself.
func (s *Settings) fromEnvironment() (list []setting) {
	for _, name := range append(s.Names(), "config") {
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

func (s *Settings) repeats(name string) bool {
	flag := s.flags.Lookup(name)
	return flag != nil && (flag.Value.Type() == "stringArray" || flag.Value.Type() == "stringSlice")
}

func (s *Settings) unknown(name string) string {
	if near, ok := suggest.Closest(name, append(s.Names(), s.OfOtherVerbs...)); ok {
		return fmt.Sprintf("unknown setting %q: did you mean %q?", name, near)
	}
	return fmt.Sprintf("unknown setting %q: they are the flags of the verb, without --", name)
}

// fromFile returns the settings of the file. SettingsFile need not exist.
func (s *Settings) fromFile() ([]setting, error) {
	name := s.config
	if name == "" {
		name = SettingsFile
	}
	file, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && s.config == "":
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("settings: %w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("settings: %s: is a directory, and no file", name)
	}
	root, err := readYAML(file, name)
	if err != nil || root == nil {
		return nil, err
	}
	f := fileSettings{s, name, nil}
	if root.Kind != yaml.MappingNode {
		return nil, f.errorf(root, "expected settings, such as url: http://127.0.0.1:8000/webhook")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if err := f.add(root.Content[i], root.Content[i+1]); err != nil {
			return nil, err
		}
	}
	return f.list, nil
}

// readYAML reads the one document of a file, and returns nil if the file is empty.
func readYAML(file io.Reader, name string) (*yaml.Node, error) {
	var document, more yaml.Node
	decoder := yaml.NewDecoder(file)
	err := decoder.Decode(&document)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		if err = decoder.Decode(&more); err == nil {
			return nil, fmt.Errorf("%s:%d: a second document: settings are one", name, more.Line)
		} else if errors.Is(err, io.EOF) {
			return document.Content[0], nil
		}
	}
	return nil, yamlError(name, err)
}

// yamlLine matches the line number in an error of package yaml, which has no type for it.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

func yamlError(name string, err error) error {
	if at := yamlLine.FindStringSubmatch(err.Error()); at != nil {
		return fmt.Errorf("%s:%s: broken YAML: %s", name, at[1], err.Error()[len(at[0]):])
	}
	var unreadable *fs.PathError
	if errors.As(err, &unreadable) {
		return fmt.Errorf("settings: %s: %w", name, unreadable.Err)
	}
	return fmt.Errorf("%s: broken YAML: %w", name, err)
}

type fileSettings struct {
	of   *Settings
	name string // of the file
	list []setting
}

func (f *fileSettings) errorf(at *yaml.Node, format string, a ...any) error {
	return fmt.Errorf("%s:%d: %s", f.name, at.Line, fmt.Sprintf(format, a...))
}

func (f *fileSettings) add(key, value *yaml.Node) error {
	name := key.Value
	// That a secret is in the file matters more than any other error.
	secret := rejectSecret(name, "")
	switch {
	case secret != nil:
		return f.errorf(key, "%s: %v", name, secret)
	case !slices.Contains(f.of.Names(), name) && slices.Contains(f.of.OfOtherVerbs, name):
		return nil
	case !slices.Contains(f.of.Names(), name):
		return f.errorf(key, "%s", f.of.unknown(name))
	case slices.ContainsFunc(f.list, func(one setting) bool { return one.name == name }):
		return f.errorf(key, "%s stands there twice", name)
	}
	values, err := f.values(name, value)
	if err != nil {
		return err
	}
	f.list = append(f.list, setting{name, values, fmt.Sprintf("%s:%d: %s", f.name, key.Line, name)})
	return nil
}

// values returns the values of a setting: one, or a list if its flag may be repeated.
func (f *fileSettings) values(name string, node *yaml.Node) ([]string, error) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	items := []*yaml.Node{node}
	if node.Kind == yaml.SequenceNode {
		if items = node.Content; !f.of.repeats(name) {
			return nil, f.errorf(node, "%s takes one value, not a list", name)
		}
	}
	values := []string{}
	for _, item := range items {
		value, err := f.value(name, item)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

func (f *fileSettings) value(name string, node *yaml.Node) (string, error) {
	switch {
	case node.Kind == yaml.MappingNode:
		return "", f.errorf(node, "%s takes a text, and this is a mapping: put what holds a colon in quotes", name)
	case node.Kind != yaml.ScalarNode:
		return "", f.errorf(node, "%s takes a text, a number, true or false", name)
	case node.Tag == "!!null":
		return "", f.errorf(node, "%s has no value", name)
	}
	if err := rejectSecret(name, node.Value); err != nil {
		return "", f.errorf(node, "%s: %v", name, err)
	}
	return node.Value, nil
}

// rejectSecret returns why a file must not hold a setting, or nil if it may.
func rejectSecret(name, value string) error {
	header, _, _ := strings.Cut(value, ":")
	address, err := url.Parse(value)
	hasPassword := err == nil && address.User != nil
	switch {
	case name == "secret":
		return errors.New("the file is committed; set " + SecretVariable)
	case name == HeaderName && redact.IsConfidential(strings.TrimSpace(header)):
		return errors.New("the file is committed; set HUBHOOK_HEADER")
	case (name == "url" || name == "observe") && hasPassword:
		return fmt.Errorf("the file is committed, and this holds a password; set HUBHOOK_%s", strings.ToUpper(name))
	}
	return nil
}
