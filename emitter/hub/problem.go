package hub

import (
	"context"
	"errors"
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

func noRepo(repoType, name string) error {
	return notFound(codeRepo, "there is no %s %s", repoType, name)
}

// problemOf is what is answered for an error. What the user cannot know is not said.
func problemOf(err error) problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return *p
	case errors.Is(err, errStorage):
		return problem{status: http.StatusInsufficientStorage, text: errStorage.Error() + ": nothing was changed"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return problem{status: http.StatusRequestTimeout, text: "the call ended before there was an answer"}
	case errors.Is(err, errClosed):
		return problem{status: http.StatusServiceUnavailable, text: errClosed.Error()}
	}
	return problem{status: http.StatusInternalServerError, text: "the Hub made a mistake; its log says which"}
}

func writeProblem(w http.ResponseWriter, p problem) {
	if p.code != "" {
		w.Header().Set("X-Error-Code", p.code)
	}
	w.Header().Set("X-Error-Message", headerText(p.text))
	answer := map[string]any{"error": p.text}
	for name, value := range p.more {
		answer[name] = value
	}
	writeJSON(w, p.status, answer)
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
