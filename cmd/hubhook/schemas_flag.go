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
	cmd.Flags().StringVar(&f.dir, "schemas", "", "a `folder` of more schemas, laid out as schemas/v3 is: each adds a shape, or replaces one")
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
