package hub

import (
	"strings"
	"unicode/utf8"
)

// longestPath is how long the path of a file can be, in bytes.
const longestPath = 1024

// checkPath finds a path that no file can have.
func checkPath(path string) error {
	if path == "" || len(path) > longestPath || !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
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
	return invalid("%q is no path that a file can have: relative, of up to %d bytes, without empty parts, dots and .git", inShort(path), longestPath)
}
