// Package schemas provides JSON Schemas (draft 2020-12) of the payloads that the Hub sends,
// and judges payloads by them. They are the only source: a property exists because a
// schema has it.
//
// A file in v3 describes one shape and is named after it, such as
// v3/discussion.comment.create.json. The parts that shapes share are in v3/parts. Each
// file in v3/narrowed describes the narrower scopes that the Hub may add to a known one.
//
// There are two ways to read a file. The open reading allows all that a handler must
// accept, such as new properties and repo types. The strict reading allows only what the
// Hub is known to send today: it includes the schemas in our keyword "x-strict". Our
// keyword "x-from" says where a generator takes a value from.
//
// Start with [Load]. [Decode] reads a payload, [Set.Judge] returns its problems under
// one reading, and [Set.Classify] the readings under which it is valid. [Set.ShapeOf] and
// [Nearest] are the fallback for unknown scopes. A generator is compiled from [Set.Tree].
//
// This package never uses the network, and makes up no data.
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

// BaseURL is the base of the URLs by which schemas refer to each other.
const BaseURL = "https://github.com/hubhook/hubhook/schemas/v3/"

// Options select the schemas to load. The zero value selects the embedded ones.
type Options struct {
	// Overlay adds files to the embedded ones, or replaces those with the same
	// path. Its layout is that of v3.
	Overlay fs.FS
}

// Set is a set of schemas that refer to each other. It is safe for concurrent use.
type Set struct {
	files  map[string]*schemaFile // by path below Base
	shapes []Shape

	mu        sync.Mutex
	compilers map[Reading]*jsonschema.Compiler
	compiled  map[compiledKey]*jsonschema.Schema
}

// Load returns the set of schemas. Those of this package are read and compiled when they
// are first used. With an overlay, all of them are compiled at once, to find its mistakes
// before they are used.
func Load(o Options) (*Set, error) {
	s := &Set{
		files:     map[string]*schemaFile{},
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

// Compile compiles all schemas under both readings. It returns the first error.
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

type compiledKey struct {
	file    string
	reading Reading
}

func (s *Set) compile(file string, reading Reading) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := compiledKey{file, reading}
	if schema, ok := s.compiled[key]; ok {
		return schema, nil
	}
	// All files share a compiler, so that shared parts are compiled once.
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

// schemaError returns one line that says why and where a schema doesn't compile.
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

// Source returns the text of the schema of a shape or a part.
func (s *Set) Source(name string) (json.RawMessage, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return nil, err
	}
	return slices.Clone(s.files[file].text()), nil
}
