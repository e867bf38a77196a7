package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/schemas"
)

// schemasFlag names a folder of schemas that add to those of the program, or
// take their places.
type schemasFlag struct{ dir string }

func (f *schemasFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "schemas", "", "`folder` of schemas like schemas/v3, to add or replace shapes")
	cmd.MarkFlagDirname("schemas")
}

// load loads the schemas, those of the folder among them where one is named.
func (f *schemasFlag) load() (*schemas.Set, error) {
	if f.dir == "" {
		return schemas.Load(schemas.Options{})
	}
	set, err := loadFolder(f.dir)
	if err != nil {
		return nil, fmt.Errorf("--schemas %s: %w", f.dir, err)
	}
	return set, nil
}

// extended are the schemas with those of the folder; nil where none is named, for
// then whoever needs some takes those of the program, and only those that it needs.
func (f *schemasFlag) extended() (*schemas.Set, error) {
	if f.dir == "" {
		return nil, nil
	}
	return f.load()
}

// completeShapes has a shell offer the shapes, those of --schemas among them.
func completeShapes(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return offered(cmd, func(*schemas.Set) []string { return nil })
}

// completeSchemas has a shell offer the parts of payloads, too.
func completeSchemas(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return offered(cmd, (*schemas.Set).Parts)
}

// offered are the shapes, and what else there is among the schemas that a verb uses.
func offered(cmd *cobra.Command, others func(*schemas.Set) []string) ([]string, cobra.ShellCompDirective) {
	dir, _ := cmd.Flags().GetString("schemas")
	set, err := (&schemasFlag{dir}).load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	names := others(set)
	for _, shape := range set.Shapes() {
		names = append(names, shape.Name+"\t"+set.Title(shape))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func loadFolder(dir string) (*schemas.Set, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such folder")
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, errors.New("it is a file; expected the folder that it is in")
	}
	return schemas.Load(schemas.Options{Overlay: os.DirFS(dir)})
}
