package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

// A schemaFile holds the source of a schema, read when it is first used: most runs use few of them.
type schemaFile struct {
	text  func() []byte
	doc   func() any                 // decoded; nil if it is no JSON
	order func() map[string][]string // by pointer: property names as written
}

func newFile(text func() []byte) *schemaFile {
	text = sync.OnceValue(text)
	return &schemaFile{
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

func (s *Set) orderOf(name string) map[string][]string {
	if file := s.files[name]; file != nil {
		return file.order()
	}
	return nil
}

const embeddedDir = "v3/"

// listEmbedded adds the schemas of this package unread: tests make sure that they are valid.
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

// readOverlay adds every .json file of a tree, and returns their names. It ignores names
// that begin with a dot, which belong to editors and the like.
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

const maxSchemaBytes = 256 << 10

// readSchema reads a file of an overlay: a JSON object under a valid name.
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

// checkName checks the name of a file: it becomes a part of URLs, pointers and scopes.
func checkName(name string) error {
	form := regexp.MustCompile(`^(parts/[\w-]+|narrowed/[\w-]+|[\w-]+\.[\w-]+)(\.[\w-]+)*\.json$`)
	if form.MatchString(name) {
		return nil
	}
	return fmt.Errorf("expected a name such as repo.config.dois.update%s, parts/NAME%s or narrowed/SCOPE%s",
		extension, extension, extension)
}

// maxNesting is how deep the objects and arrays of a schema may be nested.
const maxNesting = 100

// propertyOrder returns, for the JSON pointer of each object in a schema, the names of
// its members as they are written. JSON Schema has no order, but people who read payloads
// expect one, and the same seed must generate the same bytes.
func propertyOrder(text []byte) (map[string][]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	order := map[string][]string{}
	if err := encodingError(text); err != nil {
		return nil, err
	}
	if err := readOrder(d, "", order); err != nil {
		return nil, fmt.Errorf("line %d: %w", lineAt(text, d.InputOffset()), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: more than one value", lineAt(text, d.InputOffset()))
	}
	if len(order) == 0 {
		return nil, errors.New("expected a JSON object")
	}
	return order, nil
}

// readOrder reads one value, at a pointer, into order.
func readOrder(d *json.Decoder, pointer string, order map[string][]string) error {
	if strings.Count(pointer, "/") > maxNesting {
		return fmt.Errorf("more than %d objects and arrays stand within each other", maxNesting)
	}
	token, err := d.Token()
	switch token {
	case json.Delim('{'):
		order[pointer] = []string{}
		seen := map[string]bool{}
		for d.More() {
			token, err := d.Token()
			if err != nil {
				return brokenJSON(err)
			}
			name := token.(string)
			if seen[name] {
				return fmt.Errorf("%q stands twice in one object", name)
			}
			seen[name] = true
			order[pointer] = append(order[pointer], name)
			if err := readOrder(d, pointer+"/"+escapePointer(name), order); err != nil {
				return err
			}
		}
		_, err = d.Token()
	case json.Delim('['):
		for i := 0; d.More(); i++ {
			if err := readOrder(d, fmt.Sprintf("%s/%d", pointer, i), order); err != nil {
				return err
			}
		}
		_, err = d.Token()
	}
	return brokenJSON(err)
}

func brokenJSON(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("broken JSON: %w", err)
}

// lineAt returns the line, from one, of a byte offset.
func lineAt(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
}

// How a name is written in a JSON pointer (RFC 6901, 3), and read again.
var (
	escapePointer   = strings.NewReplacer("~", "~0", "/", "~1").Replace
	unescapePointer = strings.NewReplacer("~1", "/", "~0", "~").Replace
)
