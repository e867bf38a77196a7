// Package curl writes command lines of curl for a POSIX shell, and quotes their words.
package curl

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// URLFlags are the options, each after a blank, that keep curl from making
// something else of a URL.
func URLFlags(target string) string {
	flags := ""
	if strings.ContainsAny(target, "[]{}") {
		flags += " -g" // these would be taken for a set of URLs
	}
	if strings.Contains(target, "/.") {
		flags += " --path-as-is" // curl would resolve /../
	}
	return flags
}

// TextOption is the option of curl that takes a body as text.
func TextOption(body []byte) string {
	if bytes.HasPrefix(body, []byte("@")) {
		return "--data-raw" // with --data-binary it would be the name of a file
	}
	return "--data-binary"
}

// ExpectFrom is the size in bytes from which on curl asks for leave before it
// sends a body, unless it is told "Expect:".
const ExpectFrom = 1 << 20

// PrintBase64 is a command that writes bytes, whatever they are, with a pipe
// after it.
func PrintBase64(body []byte) string {
	return "printf %s " + Quote(base64.StdEncoding.EncodeToString(body)) + " | base64 -d | "
}

// IsCopyable tells whether bytes are text that comes through a page, the
// clipboard and a terminal as it is. Carriage returns do not, and other control
// characters do things to terminals.
func IsCopyable(text []byte) bool {
	for len(text) > 0 {
		r, width := utf8.DecodeRune(text)
		if r == utf8.RuneError && width == 1 || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return false
		}
		text = text[width:]
	}
	return true
}
