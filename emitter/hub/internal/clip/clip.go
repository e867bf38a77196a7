// Package clip cuts texts that others wrote to a size.
package clip

import "unicode/utf8"

// Short returns as much as an error needs of a text that somebody else wrote.
func Short(text string) string {
	const enough = 120
	if len(text) <= enough {
		return text
	}
	return Bytes(text, enough) + "…"
}

// Bytes returns the beginning of a text, of at most a number of bytes, cut between two characters.
func Bytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := most
	for end > max(most-utf8.UTFMax, 0) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Characters returns the beginning of a text, of at most a number of characters.
func Characters(text string, most int) string {
	n := 0
	for at := range text {
		if n == most {
			return text[:at]
		}
		n++
	}
	return text
}
