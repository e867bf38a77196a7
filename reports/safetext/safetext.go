// Package safetext prepares text of unknown origin for a line that a person reads: what a
// handler answers must not take over a terminal, or hide what stands beside it.
//
// Escape writes what cannot be seen as escapes, OneLine and Line put a text on one line,
// Truncate, CutBytes and Excerpt shorten it. Package safetext does not know markup: HTML, Markdown,
// XML and shells have escapes of their own.
package safetext

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape writes what is not printable as a Go string literal does: control characters,
// those that change the direction of text, and bytes that are no UTF-8. The characters in
// keep, such as "\n\t", stay as they are.
func Escape(text, keep string) string {
	hidden := func(r rune) bool { return !unicode.IsPrint(r) && !strings.ContainsRune(keep, r) }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, hidden) {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case hidden(r):
			out.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		default:
			out.WriteString(text[:size])
		}
		text = text[size:]
	}
	return out.String()
}

// OneLine returns a text with each run of blanks and line breaks as one blank.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Truncate returns the first limit characters of a text, with an ellipsis after them if
// there are more.
func Truncate(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit]) + "…"
}

// CutBytes returns the beginning of a text, of at most limit bytes, cut between two characters.
func CutBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > max(limit-utf8.UTFMax, 0) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Line returns a text of any length as one line, its lines parted by semicolons: what is
// not printable is escaped, and bytes that are no UTF-8 become U+FFFD.
func Line(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, OneLine(line))
	}
	return Escape(string([]rune(strings.Join(lines, "; "))), "")
}

// Excerpt returns the first limit characters of Line, with an ellipsis after them if there
// is more.
func Excerpt(text string, limit int) string {
	const bytesEach = 16 // for blanks, of which one is shown, and those of UTF-8
	most := bytesEach * limit
	if len(text) <= most {
		return Truncate(Line(text), limit)
	}
	// A report may hold a text of any length, so it is cut before it is escaped.
	line := Line(strings.ToValidUTF8(text[:most], ""))
	if utf8.RuneCountInString(line) <= limit {
		return line + "…"
	}
	return Truncate(line, limit)
}

// TruncateList returns a list of words in which at most limit are named, and how many more
// there are.
func TruncateList(words []string, limit int) string {
	if more := len(words) - limit; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:limit], ", "), more)
	}
	return strings.Join(words, ", ")
}
