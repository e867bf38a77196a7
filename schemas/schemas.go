// Package schemas holds the shapes of what the Hub sends, as JSON Schemas
// (draft 2020-12), and judges payloads by them. They are the one source of
// truth: a property exists because a schema has it.
//
// One file under v3 describes one shape and is named after it,
// v3/discussion.comment.create.json; what shapes share stands once in v3/parts;
// v3/narrowed describes, for each known scope, the narrower ones that the Hub
// may add.
//
// Each file is read in two ways. As it stands it is the open reading: what a
// handler must accept, so that more properties and new repo types are fine. Two
// keywords of ours add the rest: "x-strict" holds a schema that counts under
// the strict reading alone, what the Hub is known to send today; "x-from" says
// where a generator takes the value from.
//
// Nothing here speaks HTTP or makes up data.
package schemas

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed v3
var embedded embed.FS

// Base is the URL under which the embedded schemas know each other.
const Base = "https://github.com/hubhook/hubhook/schemas/v3/"

// Options say where schemas come from. The zero value loads the embedded ones.
type Options struct {
	// Overlay adds files to the embedded ones, or replaces those of the same
	// path; it is laid out as v3 is.
	Overlay fs.FS
}

// Set is a family of schemas that refer to each other. It is safe for
// concurrent use.
type Set struct {
	files  map[string][]byte              // by path below Base
	order  map[string]map[string][]string // by path, then by pointer: property names as written
	shapes []Shape

	mu       sync.Mutex
	compiled map[compiledKey]*jsonschema.Schema
}

// Load reads the schemas and checks that the files are JSON objects whose names
// fit what they say. Each schema is compiled when it is first used; Compile
// compiles them all.
func Load(o Options) (*Set, error) {
	s := &Set{
		files:    map[string][]byte{},
		order:    map[string]map[string][]string{},
		compiled: map[compiledKey]*jsonschema.Schema{},
	}
	own, err := fs.Sub(embedded, "v3")
	if err != nil {
		return nil, fmt.Errorf("open embedded schemas: %w", err)
	}
	for _, source := range []fs.FS{own, o.Overlay} {
		if source == nil {
			continue
		}
		if err := s.read(source); err != nil {
			return nil, err
		}
	}
	return s, s.listShapes()
}

// read takes over every .json file of a tree.
func (s *Set) read(tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read schemas: %w", err)
		}
		if entry.IsDir() || path.Ext(name) != ".json" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return fmt.Errorf("read schema %s: %w", name, err)
		}
		order, err := propertyOrder(text)
		if err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		s.files[name], s.order[name] = text, order
		return nil
	})
}

// Compile compiles every schema under every reading, so that a mistake in one
// is found before anything is done with the others.
func (s *Set) Compile() error {
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, reading := range []Reading{Open, Strict} {
			if _, err := s.compile(name, reading); err != nil {
				return err
			}
		}
	}
	return nil
}

// compiledKey tells compiled schemas apart.
type compiledKey struct {
	file    string
	reading Reading
}

// compile compiles one file under one reading, once.
func (s *Set) compile(file string, reading Reading) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := compiledKey{file, reading}
	if schema, ok := s.compiled[key]; ok {
		return schema, nil
	}
	schema, err := s.compiler(reading).Compile(Base + file)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %s", file, schemaFault(err))
	}
	s.compiled[key] = schema
	return schema, nil
}

// schemaFault says in one line why a schema does not compile, and where.
func schemaFault(err error) string {
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		leaf := leaves(invalid)[0]
		return fmt.Sprintf("%s: %s", pointerOrRoot(leaf.InstanceLocation), leaf.Message)
	}
	var fault *jsonschema.SchemaError
	if errors.As(err, &fault) {
		err = fault.Err
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}

// Source is the text of a schema's file, by the name of a shape or a part.
func (s *Set) Source(name string) (json.RawMessage, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(s.files[file]), nil
}
