package redact

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// escapeBytes are those with which the escape of a character begins: see readings.
const escapeBytes = "+%&\\"

// maxEntity is the length in bytes of the longest HTML entity looked for;
// &VerticalLine; has 14, numbers may have leading zeros.
const maxEntity = 20

// reading is one way to read the beginning of a text as one character.
type reading struct {
	char  rune
	width int // bytes of text
}

// readings lists the ways to read the beginning of a text as one character: as
// it stands, and as each escape that it may be. The first count are set.
func readings(s string) (options [3]reading, count int) {
	if s == "" {
		return options, 0
	}
	add := func(char rune, width int) {
		if width > 0 {
			options[count] = reading{char, width}
			count++
		}
	}
	add(decodeRune(s))
	switch s[0] {
	case '+':
		add(' ', 1)
	case '%':
		add(percentEscape(s))
	case '&':
		add(htmlEntity(s))
	case '\\':
		if len(s) > 1 {
			char, width := decodeRune(s[1:])
			add(char, 1+width)
		}
		add(hexEscape(s))
	}
	return options, count
}

// percentEscape reads %XX, or as many of them as make one character of UTF-8.
func percentEscape(s string) (char rune, width int) {
	var decoded []byte
	for len(decoded) < utf8.UTFMax && strings.HasPrefix(s, "%") {
		b, ok := hexNumber(s[1:], 2)
		if !ok {
			break
		}
		decoded, s = append(decoded, byte(b)), s[3:]
	}
	if len(decoded) == 0 {
		return 0, 0
	}
	char, size := decodeRune(string(decoded))
	return char, 3 * size
}

// hexEscape reads \xHH, \uHHHH, or two of the latter that make one character.
func hexEscape(s string) (char rune, width int) {
	if strings.HasPrefix(s, `\x`) {
		if char, ok := hexNumber(s[2:], 2); ok {
			return char, 4
		}
	}
	first, ok := unicodeEscape(s)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := unicodeEscape(s[6:]); ok {
			return utf16.DecodeRune(first, second), 12
		}
	}
	return first, 6
}

func unicodeEscape(s string) (rune, bool) {
	if !strings.HasPrefix(s, `\u`) {
		return 0, false
	}
	return hexNumber(s[2:], 4)
}

func hexNumber(s string, digits int) (rune, bool) {
	if len(s) < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:digits], 16, 32)
	return rune(n), err == nil
}

// htmlEntity reads &name;, &#39; or &#x27;.
func htmlEntity(s string) (char rune, width int) {
	end := strings.IndexByte(s[:min(len(s), maxEntity)], ';')
	if end < 0 {
		return 0, 0
	}
	decoded := html.UnescapeString(s[:end+1])
	char, size := decodeRune(decoded)
	if size != len(decoded) {
		return 0, 0
	}
	return char, end + 1
}

// isCutEscape reports whether a text, all that is left of a body that was cut, is empty
// or the beginning of one character's escape.
func isCutEscape(rest string) bool {
	if rest == "" || rest == `\` || !utf8.FullRuneInString(rest) {
		return true
	}
	hexDigits := func(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }
	switch {
	case rest[0] == '%':
		return len(rest) < 3 && hexDigits(rest[1:])
	case rest[0] == '&':
		return len(rest) < maxEntity && !strings.ContainsAny(rest, "; \n<")
	case strings.HasPrefix(rest, `\u`):
		return len(rest) < 6 && hexDigits(rest[2:])
	case strings.HasPrefix(rest, `\x`):
		return len(rest) < 4 && hexDigits(rest[2:])
	}
	return false
}
