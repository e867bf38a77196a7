// Package curl writes command lines of curl for a POSIX shell, and quotes their words.
//
// A [Request] becomes a command by [Request.String]. What a [Text] hides, such as the
// secret, the shell fills in from its environment.
package curl

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// URLFlags returns the options that keep curl from changing a URL.
func URLFlags(target string) (flags []Text) {
	if strings.ContainsAny(target, "[]{}") {
		flags = append(flags, Literal("-g")) // these would be taken for a set of URLs
	}
	if strings.Contains(target, "/.") {
		flags = append(flags, Literal("--path-as-is")) // curl would resolve /../
	}
	return flags
}

// expectFrom is the size in bytes from which on curl asks for leave before it
// sends a body, unless it is told "Expect:".
const expectFrom = 1 << 20

// IsCopyable reports whether bytes are text that comes through a page, the
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

// Quote returns any text without NUL as one word of a POSIX shell.
func Quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// plainInShell are the characters that mean nothing to a shell within a word.
const plainInShell = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:=@%+,"

// Word returns a text as a word of a POSIX shell: in quotes only if it needs them.
func Word(text string) string {
	needsQuotes := func(r rune) bool { return !strings.ContainsRune(plainInShell, r) }
	if text == "" || strings.ContainsFunc(text, needsQuotes) {
		return Quote(text)
	}
	return text
}

// ShellComment returns a text as the rest of a comment: a blank takes the place of whatever would end the line.
func ShellComment(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
