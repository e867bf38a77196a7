// Package problem has the errors that a Hub responds with: a status, and a text for
// the user. Errors of other types are faults of the Hub, and their texts go to its log.
package problem

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/reports/safetext"
)

// Error is an error that is sent to the client. Its text is for the user.
type Error struct {
	Status int
	Code   string // X-Error-Code: what the official client makes an exception of
	Text   string
	Field  string         // of the request that the error is about; empty: of none
	More   map[string]any // beside the error, in the answer
}

func (p *Error) Error() string { return p.Text }

// The values of X-Error-Code.
const (
	CodeRepo     = "RepoNotFound"
	CodeRevision = "RevisionNotFound"
	CodeEntry    = "EntryNotFound"
)

// Invalid returns an error with the status 400.
func Invalid(format string, args ...any) error {
	return &Error{Status: http.StatusBadRequest, Text: fmt.Sprintf(format, args...)}
}

// InvalidField returns an error about a field of the request.
func InvalidField(field, format string, args ...any) error {
	return &Error{Status: http.StatusBadRequest, Field: field, Text: fmt.Sprintf(format, args...)}
}

// Conflict returns an error with the status 409.
func Conflict(format string, args ...any) error {
	return &Error{Status: http.StatusConflict, Text: fmt.Sprintf(format, args...)}
}

// Forbidden returns an error with the status 403.
func Forbidden(format string, args ...any) error {
	return &Error{Status: http.StatusForbidden, Text: fmt.Sprintf(format, args...)}
}

// NotFound returns an error with the status 404 and a code.
func NotFound(code, format string, args ...any) error {
	return &Error{Status: http.StatusNotFound, Code: code, Text: fmt.Sprintf(format, args...)}
}

// TooLarge returns an error with the status 413.
func TooLarge(format string, args ...any) error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Text: fmt.Sprintf(format, args...)}
}

// NoRepo returns the error for a repo that does not exist.
func NoRepo(repoType, name string) error {
	return NotFound(CodeRepo, "there is no %s %s", repoType, name)
}

// Short returns the beginning of a text that a client sent, as long as an error needs it.
func Short(text string) string { return safetext.Truncate(text, 120) }

// HeaderText returns a text as a header may hold it.
func HeaderText(text string) string {
	const longest = 400
	ascii := strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, text)
	return ascii[:min(len(ascii), longest)]
}

// DescribeJSON describes an error in JSON without the names of Go types.
func DescribeJSON(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		article := "a"
		if strings.ContainsAny(kind.Value[:1], "aeiou") {
			article = "an"
		}
		return fmt.Sprintf("%s cannot be %s %s", cmp.Or(kind.Field, "it"), article, kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// OneOf returns an error for a value that is none of those that are known.
func OneOf[T ~string](what string, value T, known ...T) error {
	if slices.Contains(known, value) {
		return nil
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	return fmt.Errorf("%s is %q, and must be one of %s", what, value, strings.Join(names, ", "))
}
