package delivery

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rephrased is an error in other words.
type rephrased struct {
	error
	text string
}

func (e rephrased) Error() string { return e.text }
func (e rephrased) Unwrap() error { return e.error }

// errorLimit is how long the text of an error may be, in bytes.
const errorLimit = 400

// shortError is an error that fits a line: those of net/http repeat what a handler
// sent, be it 64 KiB long or made to upset a terminal.
func shortError(err error) error {
	text := err.Error()
	if len(text) > errorLimit {
		cut := errorLimit
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		text = text[:cut] + "…"
	}
	if text = escapeControl(text); text == err.Error() {
		return err
	}
	return rephrased{err, text}
}

// escapeControl escapes what cannot be printed, as Go's strings do.
func escapeControl(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(text[:size])
		} else {
			b.WriteString(strings.Trim(strconv.QuoteToASCII(text[:size]), `"`))
		}
		text = text[size:]
	}
	return b.String()
}
