package schemas

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// The keywords that we add to JSON Schema.
const (
	strictKeyword = "x-strict"
	fromKeyword   = "x-from"
)

// strictCompiler compiles "x-strict": a schema that is applied to the same
// value under the strict reading, and to none under the open one.
type strictCompiler struct{ counts bool }

func (c strictCompiler) Compile(ctx jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	if _, ok := m[strictKeyword]; !ok {
		return nil, nil
	}
	// Compiled under both readings, so that a mistake in it never hides.
	schema, err := ctx.Compile(strictKeyword, true)
	if err != nil {
		return nil, err
	}
	if !c.counts {
		return nil, nil
	}
	return strictSchema{schema}, nil
}

// strictSchema is what stands in "x-strict", under the reading in which it counts.
type strictSchema struct{ schema *jsonschema.Schema }

func (s strictSchema) Validate(ctx jsonschema.ValidationContext, _ any) error {
	return ctx.Validate(s.schema, strictKeyword, nil, "")
}

// fromCompiler compiles "x-from": where a generator takes the value from. It
// never judges a value.
type fromCompiler struct{}

func (fromCompiler) Compile(_ jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	value, ok := m[fromKeyword]
	if !ok {
		return nil, nil
	}
	from, err := parseFrom(value)
	if err != nil {
		return nil, err
	}
	return fromSchema{from}, nil
}

// fromSchema is what stands in "x-from". No value breaks it.
type fromSchema struct{ from From }

func (fromSchema) Validate(jsonschema.ValidationContext, any) error { return nil }

// From says where a generator takes a value from. The zero value says nothing.
type From struct {
	Kind string // "world", what the simulated world holds, or "fake", a function of gofakeit
	Name string // which of them: "repo.name", "hackerphrase"
}

func parseFrom(value any) (From, error) {
	text, ok := value.(string)
	if !ok {
		return From{}, fmt.Errorf("%s: expected a string such as %q, found %s", fromKeyword, "world:repo.name", excerpt(value))
	}
	kind, name, ok := strings.Cut(text, ":")
	if !ok || name == "" || kind != "world" && kind != "fake" {
		return From{}, fmt.Errorf(`%s: expected "world:NAME" or "fake:FUNCTION", found %q`, fromKeyword, text)
	}
	return From{Kind: kind, Name: name}, nil
}

// String writes a From as schemas do.
func (f From) String() string { return f.Kind + ":" + f.Name }
