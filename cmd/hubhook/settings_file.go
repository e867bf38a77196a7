package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

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
