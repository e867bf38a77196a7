package hub

import (
	"strings"
)

// jsonToken is a piece of JSON and what it is: key, string, number, word, or nothing.
type jsonToken struct{ Kind, Text string }

// longestColoured is how much JSON a page shows, in bytes.
const longestColoured = 256 << 10

// colouredJSON takes JSON apart for a page. Of a text that is no JSON nothing is lost
// either. It is cut where it is long.
func colouredJSON(text string) (tokens []jsonToken, cut bool) {
	if cut = len(text) > longestColoured; cut {
		text = strings.ToValidUTF8(text[:longestColoured], "")
	}
	for text != "" {
		kind, n := nextToken(text)
		// What stands between values goes together, so that there are fewer elements.
		if last := len(tokens) - 1; last >= 0 && kind == "" && tokens[last].Kind == "" {
			tokens[last].Text += text[:n]
		} else {
			tokens = append(tokens, jsonToken{kind, text[:n]})
		}
		text = text[n:]
	}
	for i := range tokens {
		tokens[i].Text = visible(tokens[i].Text)
	}
	return tokens, cut
}

// nextToken is how a text begins: what it is, and how long that is.
func nextToken(text string) (kind string, n int) {
	const digits, letters = "+-.eE0123456789", "abcdefghijklmnopqrstuvwxyz"
	switch c := text[0]; {
	case c == '"':
		return stringToken(text)
	case c == '-' || c >= '0' && c <= '9':
		return "number", len(text) - len(strings.TrimLeft(text, digits))
	case strings.IndexByte(letters, c) >= 0:
		n = len(text) - len(strings.TrimLeft(text, letters))
		switch text[:n] {
		case "true", "false", "null":
			return "word", n
		}
		return "", n
	}
	if n = strings.IndexAny(text[1:], `"-0123456789`+letters); n >= 0 {
		return "", n + 1
	}
	return "", len(text)
}

// stringToken is a string, which is a key where a colon follows.
func stringToken(text string) (kind string, n int) {
	for n = 1; n < len(text); n++ {
		switch text[n] {
		case '\\':
			n++
		case '"':
			n++
			if strings.HasPrefix(strings.TrimLeft(text[n:], " \t\r\n"), ":") {
				return "key", n
			}
			return "string", n
		}
	}
	return "string", len(text)
}
