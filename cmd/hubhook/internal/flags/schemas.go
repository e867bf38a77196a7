package flags

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/hubhook/hubhook/schemas"
)

// Schemas is the flag --schemas, a folder of schemas that add to the built-in ones or
// replace them.
type Schemas struct{ dir string }

// Add adds the flag.
func (f *Schemas) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "schemas", "", "`folder` of schemas like schemas/v3, to add or replace shapes")
	cmd.MarkFlagDirname("schemas")
}

// Load loads the built-in schemas, and those of the folder if one is named.
func (f *Schemas) Load() (*schemas.Set, error) {
	if f.dir == "" {
		return schemas.Load(schemas.Options{})
	}
	set, err := loadFolder(f.dir)
	if err != nil {
		return nil, fmt.Errorf("--schemas %s: %w", f.dir, err)
	}
	return set, nil
}

// LoadExtended loads the schemas if a folder is named, and returns nil otherwise: packages
// then load the built-in ones, and only those that they need.
func (f *Schemas) LoadExtended() (*schemas.Set, error) {
	if f.dir == "" {
		return nil, nil
	}
	return f.Load()
}

// CompleteShapes makes shells offer the shapes, those of --schemas among them.
func CompleteShapes(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return completeFrom(cmd, func(*schemas.Set) []string { return nil })
}

// CompleteSchemas makes shells offer shapes and parts of payloads.
func CompleteSchemas(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	return completeFrom(cmd, (*schemas.Set).Parts)
}

// completeFrom offers the shapes, and others, of the schemas that a command line names.
func completeFrom(cmd *cobra.Command, others func(*schemas.Set) []string) ([]string, cobra.ShellCompDirective) {
	dir, _ := cmd.Flags().GetString("schemas")
	set, err := (&Schemas{dir}).Load()
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
