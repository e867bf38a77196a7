package reports

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// WriteComparisonJSON writes a comparison as JSON, indented. Lists are never null. What
// is not to be seen, such as a character that turns the direction of text, is escaped:
// reports may come from anywhere.
func WriteComparisonJSON(w io.Writer, c *Comparison) error {
	var out bytes.Buffer
	if err := encode(&out, c); err != nil {
		return fmt.Errorf("write the comparison as JSON: %w", err)
	}
	_, err := w.Write(escapeUnseen(out.Bytes()))
	return err
}

// escapeUnseen escapes the characters in a JSON text that are not to be seen. Those
// stand within strings alone, but for the ends of lines.
func escapeUnseen(text []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.Bytes()
}
