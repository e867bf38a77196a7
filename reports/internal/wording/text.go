// Package wording holds the words in which every renderer says the same of a report:
// sentences, units and marks, and text escaped for a terminal or for Markdown.
//
// It does not lay out anything, and knows no colors and no pages.
package wording

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/reports/safetext"
)

// UpperFirst returns a text with its first letter in upper case.
func UpperFirst(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	return strings.ToUpper(text[:size]) + text[size:]
}

// Escape escapes what is not printable, except line breaks. Bytes that are no UTF-8
// become U+FFFD, as in JSON.
func Escape(text string) string { return safetext.Escape(string([]rune(text)), "\n") }

// EscapeCode does as Escape, and keeps tabs, which code is indented with.
func EscapeCode(text string) string { return safetext.Escape(string([]rune(text)), "\n\t") }

// MaxIDs is how many IDs a line lists.
const MaxIDs = 12

// CutBytes returns at most limit bytes of a text, and says so if it is longer.
func CutBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s… (of %d bytes)", safetext.CutBytes(text, limit), len(text))
}
