package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// problem is an error that is answered. Its text is for the user.
type problem struct {
	status int
	code   string // X-Error-Code: what the official client makes an exception of
	text   string
	more   map[string]any // beside the error, in the answer
}

func (p *problem) Error() string { return p.text }

// The codes.
const (
	codeRepo     = "RepoNotFound"
	codeRevision = "RevisionNotFound"
	codeEntry    = "EntryNotFound"
)

func invalid(format string, args ...any) error {
	return &problem{status: http.StatusBadRequest, text: fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &problem{status: http.StatusConflict, text: fmt.Sprintf(format, args...)}
}

func forbidden(format string, args ...any) error {
	return &problem{status: http.StatusForbidden, text: fmt.Sprintf(format, args...)}
}

func notFound(code, format string, args ...any) error {
	return &problem{status: http.StatusNotFound, code: code, text: fmt.Sprintf(format, args...)}
}

func tooLarge(format string, args ...any) error {
	return &problem{status: http.StatusRequestEntityTooLarge, text: fmt.Sprintf(format, args...)}
}

func noRepo(repoType, name string) error {
	return notFound(codeRepo, "there is no %s %s", repoType, name)
}

// headerText is a text as a header may hold it.
func headerText(text string) string {
	const longest = 400
	b := make([]byte, 0, min(len(text), longest))
	for _, c := range text {
		if len(b) == longest {
			break
		}
		if c < ' ' || c > '~' {
			c = '?'
		}
		b = append(b, byte(c))
	}
	return string(b)
}

// DescribeJSON says what is wrong with JSON, without Go's names for it.
func DescribeJSON(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%s cannot be %s", orBody(kind.Field), withArticle(kind.Value))
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func withArticle(kind string) string {
	if strings.ContainsAny(kind[:1], "aeiou") {
		return "an " + kind
	}
	return "a " + kind
}

func orBody(field string) string {
	if field == "" {
		return "it"
	}
	return field
}

// OneOf returns an error for a value that is none of those that are known.
func OneOf[T ~string](what string, value T, known ...T) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	names := make([]string, len(known))
	for i, k := range known {
		names[i] = string(k)
	}
	return fmt.Errorf("%s is %q, and must be one of %s", what, value, strings.Join(names, ", "))
}
