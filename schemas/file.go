package schemas

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// file is a schema as it is written. What is asked of it is read once, and not
// before it is asked for: most runs use few of the schemas.
type file struct {
	text  func() []byte
	doc   func() any                 // decoded; nil where it is no JSON
	order func() map[string][]string // by pointer: property names as written
}

func newFile(text func() []byte) *file {
	text = sync.OnceValue(text)
	return &file{
		text: text,
		doc: sync.OnceValue(func() any {
			doc, _ := Decode(text())
			return doc
		}),
		order: sync.OnceValue(func() map[string][]string {
			order, _ := propertyOrder(text())
			return order
		}),
	}
}

// orderOf is the order of the properties in a file; none where there is no such
// file.
func (s *Set) orderOf(name string) map[string][]string {
	if file := s.files[name]; file != nil {
		return file.order()
	}
	return nil
}

// embeddedDir is where the schemas of this package are.
const embeddedDir = "v3/"

// listEmbedded takes over the schemas of this package. They are right, which
// tests watch, so that none is read before it is used.
func (s *Set) listEmbedded() error {
	return fs.WalkDir(embedded, path.Clean(embeddedDir), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		s.files[strings.TrimPrefix(name, embeddedDir)] = newFile(func() []byte {
			text, _ := embedded.ReadFile(name)
			return text
		})
		return nil
	})
}

// readOverlay takes over every .json file of a tree, and gives their names. What
// begins with a dot belongs to editors and the like.
func (s *Set) readOverlay(tree fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read schemas: %w", err)
		case name != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir() || path.Ext(name) != extension:
			return nil
		}
		text, err := readSchema(tree, name)
		if err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		s.files[name] = newFile(func() []byte { return text })
		names = append(names, name)
		return nil
	})
	return names, err
}

// maxSchemaBytes is more than any schema has. A longer file is something else.
const maxSchemaBytes = 256 << 10

// readSchema reads one file of an overlay and checks that it is a JSON object
// under a name that fits.
func readSchema(tree fs.FS, name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	switch info, err := fs.Stat(tree, name); {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() > maxSchemaBytes:
		return nil, fmt.Errorf("it has %d bytes; a schema has %d at most", info.Size(), maxSchemaBytes)
	}
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	if _, err := propertyOrder(text); err != nil {
		return nil, err
	}
	_, err = Decode(text)
	return text, err
}

// checkName knows the names that files may have: they become parts of URLs, of
// pointers and of scopes.
func checkName(name string) error {
	form := regexp.MustCompile(`^(parts/[\w-]+|narrowed/[\w-]+|[\w-]+\.[\w-]+)(\.[\w-]+)*\.json$`)
	if form.MatchString(name) {
		return nil
	}
	return fmt.Errorf("expected a name such as repo.config.dois.update%s, parts/NAME%s or narrowed/SCOPE%s",
		extension, extension, extension)
}
