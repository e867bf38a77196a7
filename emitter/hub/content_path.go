package hub

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Bounds of a file's path.
const (
	longestPath = 1024 // bytes
	deepestPath = 64   // parts
)

// checkPath finds a path that Git does not keep, or that leads somebody out of the
// folder into which they download.
func checkPath(path string) error {
	if path == "" || len(path) > longestPath || strings.Count(path, "/") >= deepestPath || !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
		return badPath(path)
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") {
			return badPath(path)
		}
	}
	return nil
}

func badPath(path string) error {
	return invalid("%q is no path that a file can have: relative, of up to %d bytes and %d parts, of which none is empty, . or .. or .git", inShort(path), longestPath, deepestPath)
}

func tooLarge(format string, args ...any) error {
	return &problem{status: http.StatusRequestEntityTooLarge, text: fmt.Sprintf(format, args...)}
}

// foldersAbove gives each folder in which a path lies, the nearest first.
func foldersAbove(path string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for at := strings.LastIndexByte(path, '/'); at > 0; at = strings.LastIndexByte(path[:at], '/') {
			if !yield(path[:at]) {
				return
			}
		}
	}
}
