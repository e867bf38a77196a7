package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hubhook/hubhook/schemas/suggest"
)

// Decode decodes one JSON value for Set.Judge: numbers keep their digits. Anything after
// the value is an error, and so is a number larger than any payload's.
func Decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("unexpected end of JSON input")
		}
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("unexpected data after the JSON value")
	}
	return doc, checkNumbers(doc)
}

// maxExponentDigits limits the exponents of numbers: the validator computes exact
// fractions, and 1e999999999 would fill the memory.
const maxExponentDigits = 3

func checkNumbers(doc any) error {
	switch node := doc.(type) {
	case json.Number:
		_, exponent, _ := strings.Cut(strings.ToLower(string(node)), "e")
		if len(strings.Trim(exponent, "+-")) > maxExponentDigits {
			return fmt.Errorf("number %.20s is out of range", node)
		}
	case []any:
		for _, item := range node {
			if err := checkNumbers(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, value := range node {
			if err := checkNumbers(value); err != nil {
				return err
			}
		}
	}
	return nil
}

// Judgement is the result of judging a payload under one reading.
type Judgement struct {
	Schema string `json:"schema"` // the shape or part whose schema was used; empty if none was found
	// Recognised is what the document is instead of a payload of today, such as
	// "version 2" or "GitHub"; empty if unknown.
	Recognised string `json:"recognised,omitempty"`
	// Problems are sorted by pointer; empty if the payload is valid.
	Problems []Problem `json:"problems"`
}

// Valid reports whether there are no problems.
func (j Judgement) Valid() bool { return len(j.Problems) == 0 }

// Judge validates a decoded payload by the schema of its own shape, which it finds by
// the event. The error is about the schemas, never about the payload.
func (s *Set) Judge(doc any, reading Reading) (Judgement, error) {
	scope, action, ok := eventOf(doc)
	if !ok {
		return s.judgeWithoutEvent(doc)
	}
	shape, err := s.ShapeOf(scope, action)
	if err != nil {
		problem := Problem{
			Pointer: "/event/scope", Rule: "scope",
			Message: err.Error(), Found: excerpt(scope), Hint: s.scopeHint(scope),
		}
		return Judgement{Problems: []Problem{problem}}, nil
	}
	problems, err := s.validate(doc, shape.file(), reading)
	judgement := Judgement{Schema: shape.Name, Problems: problems}
	if len(problems) > 0 && isDraft(doc) {
		judgement.Recognised = draftOfVersion3
	}
	return judgement, err
}

// eventOf returns the event of a payload, and whether it has one.
func eventOf(doc any) (scope, action string, ok bool) {
	payload, _ := doc.(map[string]any)
	event, _ := payload["event"].(map[string]any)
	scope, _ = event["scope"].(string)
	action, _ = event["action"].(string)
	return scope, action, scope != "" && action != ""
}

// scopeHint explains a scope without a known root.
func (s *Set) scopeHint(scope string) string {
	meant, ok := scopeMeant(strings.ToLower(scope))
	if !ok || !s.KnowsScope(meant) {
		meant, ok = suggest.Closest(scope, s.scopes())
	}
	if !ok {
		return fmt.Sprintf("known are %s, and what may come below them", strings.Join(s.scopes(), ", "))
	}
	return fmt.Sprintf("did you mean %q?", meant)
}

func (s *Set) scopes() []string {
	var list []string
	for _, shape := range s.shapes {
		if !slices.Contains(list, shape.Scope) {
			list = append(list, shape.Scope)
		}
	}
	return list
}

// judgeWithoutEvent judges a document without an event, which has no shape.
func (s *Set) judgeWithoutEvent(doc any) (Judgement, error) {
	found, hint := recognize(doc)
	if found.version != "" {
		problem := Problem{Rule: "version", Message: found.version, Found: memberNames(doc), Hint: hint}
		return Judgement{Recognised: found.name, Problems: []Problem{problem}}, nil
	}
	problems, err := s.eventProblems(doc)
	if found.name != "" && len(problems) > 0 {
		problems[0].Hint = hint
	}
	return Judgement{Recognised: found.name, Problems: problems}, err
}

// eventProblems returns the reasons why a document has no shape.
func (s *Set) eventProblems(doc any) ([]Problem, error) {
	payload, ok := doc.(map[string]any)
	if !ok {
		return []Problem{{Rule: "type", Message: "expected object", Found: excerpt(doc)}}, nil
	}
	event, ok := payload["event"]
	if !ok {
		return []Problem{{Rule: "required", Message: "missing properties: 'event'", Found: memberNames(doc)}}, nil
	}
	found, err := s.validate(event, partsDir+"event"+extension, Open)
	for i := range found {
		found[i].Pointer = "/event" + found[i].Pointer
	}
	if err == nil && len(found) == 0 { // an overlay's schema of events requires too little
		found = []Problem{{
			Pointer: "/event", Rule: "required",
			Message: "expected an action and a scope, as strings", Found: excerpt(event),
		}}
	}
	return found, err
}

// JudgeAs validates a decoded document by the named shape or part. A part is for the
// member of that name if the document has one, otherwise for the document itself, so that
// "comment" works for both {"comment": {…}} and the comment itself. The error is about the
// schemas or their names.
func (s *Set) JudgeAs(name string, doc any, reading Reading) (Judgement, error) {
	file, err := s.fileOf(name)
	if err != nil {
		return Judgement{}, err
	}
	prefix := ""
	if payload, ok := doc.(map[string]any); ok && strings.HasPrefix(file, partsDir) {
		if member, ok := payload[name]; ok {
			doc, prefix = member, "/"+escapePointer(name)
		}
	}
	found, err := s.validate(doc, file, reading)
	for i := range found {
		found[i].Pointer = prefix + found[i].Pointer
	}
	return Judgement{Schema: name, Problems: found}, err
}

func (s *Set) validate(doc any, file string, reading Reading) ([]Problem, error) {
	schema, err := s.compile(file, reading)
	if err != nil {
		return nil, err
	}
	err = schema.Validate(doc)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		return s.problems(invalid, doc), nil
	}
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", file, err)
	}
	return nil, nil
}
