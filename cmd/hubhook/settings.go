package main

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

	"github.com/hubhook/hubhook/emitter/curl"
	"github.com/hubhook/hubhook/emitter/redact"
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

// refuseSecrets keeps secrets out of a file of settings.
func refuseSecrets(name, value string) error {
	header, _, _ := strings.Cut(value, ":")
	address, err := url.Parse(value)
	hasPassword := err == nil && address.User != nil
	switch {
	case name == "secret":
		return errors.New("the file is committed; set " + secretVariable)
	case name == headerFlag && redact.IsConfidential(strings.TrimSpace(header)):
		return errors.New("the file is committed; set HUBHOOK_HEADER")
	case (name == "url" || name == "observe") && hasPassword:
		return fmt.Errorf("the file is committed, and this holds a password; set HUBHOOK_%s", strings.ToUpper(name))
	}
	return nil
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
		return []string{"--" + flag.Name + "=" + curl.Word(flag.Value.String())}
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
		words = append(words, "--"+flag.Name, curl.Word(redact.Passwords(value)))
	}
	return words
}

// headerFlag is the name of the flag that adds headers.
const headerFlag = "header"

// fromFile is what the file says. That the usual one is not there says nothing.
func (s *settings) fromFile() ([]setting, error) {
	name := s.config
	if name == "" {
		name = settingsFile
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
		return nil, f.fault(root, "expected settings, such as url: http://127.0.0.1:8000/webhook")
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if err := f.take(root.Content[i], root.Content[i+1]); err != nil {
			return nil, err
		}
	}
	return f.list, nil
}

// readYAML reads the one document of a file; nil where it is empty.
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
	return nil, yamlFault(name, err)
}

// yamlLine is how the library says where a fault is.
var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

func yamlFault(name string, err error) error {
	if at := yamlLine.FindStringSubmatch(err.Error()); at != nil {
		return fmt.Errorf("%s:%s: broken YAML: %s", name, at[1], err.Error()[len(at[0]):])
	}
	var unreadable *fs.PathError
	if errors.As(err, &unreadable) {
		return fmt.Errorf("settings: %s: %w", name, unreadable.Err)
	}
	return fmt.Errorf("%s: broken YAML: %w", name, err)
}

// fileSettings are the settings of a file.
type fileSettings struct {
	of   *settings
	name string // of the file
	list []setting
}

func (f *fileSettings) fault(at *yaml.Node, format string, a ...any) error {
	return fmt.Errorf("%s:%d: %s", f.name, at.Line, fmt.Sprintf(format, a...))
}

// take takes in one setting.
func (f *fileSettings) take(key, value *yaml.Node) error {
	name := key.Value
	// What must not stand there is told before anything else.
	refused := f.refused(name, "")
	switch {
	case refused != nil:
		return f.fault(key, "%s: %v", name, refused)
	case !slices.Contains(f.of.names(), name) && slices.Contains(f.of.others, name):
		return nil
	case !slices.Contains(f.of.names(), name):
		return f.fault(key, "%s", f.of.unknown(name))
	case slices.ContainsFunc(f.list, func(one setting) bool { return one.name == name }):
		return f.fault(key, "%s stands there twice", name)
	}
	values, err := f.values(name, value)
	if err != nil {
		return err
	}
	f.list = append(f.list, setting{name, values, fmt.Sprintf("%s:%d: %s", f.name, key.Line, name)})
	return nil
}

// values are those of a setting: one, or a list where its flag may be repeated.
func (f *fileSettings) values(name string, node *yaml.Node) ([]string, error) {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.SequenceNode {
		value, err := f.value(name, node)
		return []string{value}, err
	}
	if !f.of.repeats(name) {
		return nil, f.fault(node, "%s takes one value, not a list", name)
	}
	values := []string{}
	for _, item := range node.Content {
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
		return "", f.fault(node, "%s takes a text, and this is a mapping: put what holds a colon in quotes", name)
	case node.Kind != yaml.ScalarNode:
		return "", f.fault(node, "%s takes a text, a number, true or false", name)
	case node.Tag == "!!null":
		return "", f.fault(node, "%s has no value", name)
	}
	if err := f.refused(name, node.Value); err != nil {
		return "", f.fault(node, "%s: %v", name, err)
	}
	return node.Value, nil
}

func (f *fileSettings) refused(name, value string) error {
	if f.of.refuse == nil {
		return nil
	}
	return f.of.refuse(name, value)
}
