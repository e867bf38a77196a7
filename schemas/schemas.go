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
// The way in is [Load]. [Decode] reads a payload; [Set.Judge] tells its problems
// under one reading, [Set.Assess] under which readings it is valid. [Set.Find] and
// [Nearest] are the fallback that scopes of the future ask for. [Set.Tree] is what
// a generator is compiled from.
//
// Nothing here speaks HTTP or makes up data.
package schemas

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed v3
var embedded embed.FS

// BaseURL is the URL under which the embedded schemas know each other.
const BaseURL = "https://github.com/hubhook/hubhook/schemas/v3/"

// Options say where schemas come from. The zero value loads the embedded ones.
type Options struct {
	// Overlay adds files to the embedded ones, or replaces those of the same
	// path; it is laid out as v3 is.
	Overlay fs.FS
}

// Set is a family of schemas that refer to each other. It is safe for
// concurrent use.
type Set struct {
	files  map[string]*file // by path below Base
	shapes []Shape

	mu        sync.Mutex
	compilers map[Reading]*jsonschema.Compiler
	compiled  map[compiledKey]*jsonschema.Schema
}

// Load lists the schemas. Those of this package are read and compiled when they
// are first used. With an overlay everything is compiled at once, under both
// readings, so that a mistake in it is found before anything is done with the
// schemas.
func Load(o Options) (*Set, error) {
	s := &Set{
		files:     map[string]*file{},
		compilers: map[Reading]*jsonschema.Compiler{},
		compiled:  map[compiledKey]*jsonschema.Schema{},
	}
	if err := s.listEmbedded(); err != nil {
		return nil, fmt.Errorf("list embedded schemas: %w", err)
	}
	if o.Overlay == nil {
		s.listShapes()
		return s, nil
	}
	names, err := s.readOverlay(o.Overlay)
	if err != nil {
		return nil, err
	}
	s.listShapes()
	if err := s.check(names); err != nil {
		return nil, err
	}
	return s, s.Compile()
}

// Compile compiles every schema under every reading, so that a mistake in one
// is found before anything is done with the others.
func (s *Set) Compile() error {
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
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
	// All files share a compiler, so that what they share is compiled once.
	if s.compilers[reading] == nil {
		s.compilers[reading] = s.newCompiler(reading)
	}
	schema, err := s.compilers[reading].Compile(BaseURL + file)
	if err == nil {
		err = checkLayers(schema)
	}
	if err != nil {
		delete(s.compilers, reading) // it may hold half a schema now
		return nil, fmt.Errorf("schema %s: %s", file, schemaError(err))
	}
	s.compiled[key] = schema
	return schema, nil
}

// schemaError says in one line why a schema does not compile, and where.
func schemaError(err error) string {
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		leaf := leaves(invalid)[0]
		return fmt.Sprintf("%s: %s", pointerOrRoot(leaf.InstanceLocation), leaf.Message)
	}
	var loop jsonschema.InfiniteLoopError
	if errors.As(err, &loop) {
		_, path, _ := strings.Cut(string(loop), BaseURL)
		return fmt.Sprintf("a schema leads back to itself: %s", path)
	}
	var fault *jsonschema.SchemaError
	if errors.As(err, &fault) {
		err = fault.Err
	}
	text := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "jsonschema: "), BaseURL, "")
	return strings.Join(strings.Fields(text), " ")
}

// Source is the text of a schema's file, by the name of a shape or a part.
func (s *Set) Source(name string) (json.RawMessage, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(s.files[file].text()), nil
}
