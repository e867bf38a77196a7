package delivery

import (
	"unicode/utf8"

	"github.com/hubhook/hubhook/reports/safetext"
)

// rephrased is an error in other words.
type rephrased struct {
	error
	text string
}

func (e rephrased) Error() string { return e.text }
func (e rephrased) Unwrap() error { return e.error }

// maxErrorText is how long the text of an error may be, in bytes.
const maxErrorText = 400

// shortError is an error that fits a line: those of net/http repeat what a handler
// sent, be it 64 KiB long or made to upset a terminal.
func shortError(err error) error {
	text := safetext.Escape(ShortText(err.Error()), "")
	if text == err.Error() {
		return err
	}
	return rephrased{err, text}
}

// ShortText returns the beginning of an error's text, which may repeat all that a handler
// sent.
func ShortText(text string) string {
	if len(text) <= maxErrorText {
		return text
	}
	end := maxErrorText
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
