package hub

import (
	"fmt"
	"net/http"
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
