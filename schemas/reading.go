package schemas

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Reading is a way of reading the schemas.
type Reading string

const (
	// Open is what a handler must accept: the schemas as they stand.
	Open Reading = "open"
	// Strict is what the Hub is known to send: "x-strict" counts too.
	Strict Reading = "strict"
)

// ParseReading knows the readings by their names.
func ParseReading(name string) (Reading, error) {
	switch reading := Reading(name); reading {
	case Open, Strict:
		return reading, nil
	}
	return "", fmt.Errorf("unknown reading %q: it is %s or %s", name, Open, Strict)
}

// newCompiler makes a compiler that knows our keywords and reaches nothing but the
// files of the set: a schema that refers elsewhere must not make this program
// read a disk or a network.
func (s *Set) newCompiler(reading Reading) *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	c.LoadURL = s.open
	c.RegisterExtension(strictKeyword, nil, strictCompiler{counts: reading == Strict})
	c.RegisterExtension(fromKeyword, nil, fromCompiler{})
	return c
}

// open gives the text of a schema that another one refers to.
func (s *Set) open(url string) (io.ReadCloser, error) {
	file, ours := strings.CutPrefix(url, Base)
	if file := s.files[file]; ours && file != nil {
		return io.NopCloser(bytes.NewReader(file.text())), nil
	}
	return nil, fmt.Errorf("there is no schema %s", url)
}
