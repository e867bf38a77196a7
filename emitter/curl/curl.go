// Package curl writes command lines of curl for a POSIX shell, and quotes their words.
package curl

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// URLFlags returns the options, each after a blank, without which curl would change a URL.
func URLFlags(target string) string {
	flags := ""
	if strings.ContainsAny(target, "[]{}") {
		flags += " -g" // these would mean a set of URLs
	}
	if strings.Contains(target, "/.") {
		flags += " --path-as-is" // curl would resolve /../
	}
	return flags
}

// TextOption returns the option of curl that takes a body as text.
func TextOption(body []byte) string {
	if bytes.HasPrefix(body, []byte("@")) {
		return "--data-raw" // with --data-binary it would be the name of a file
	}
	return "--data-binary"
}

// ExpectFrom is the size in bytes from which on curl sends "Expect: 100-continue" before a body, unless it is given -H
// "Expect:".
const ExpectFrom = 1 << 20

// PrintBase64 returns a command that writes any bytes, with a pipe after it.
func PrintBase64(body []byte) string {
	return "printf %s " + Quote(base64.StdEncoding.EncodeToString(body)) + " | base64 -d | "
}

// IsCopyable reports whether bytes are text that a page, the clipboard and a terminal leave as it is. They change
// carriage returns, and other control characters do things to terminals.
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
	special := func(r rune) bool { return !strings.ContainsRune(plainInShell, r) }
	if text == "" || strings.ContainsFunc(text, special) {
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
