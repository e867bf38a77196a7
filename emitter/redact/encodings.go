package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"strings"
)

const (
	// minFolded is the length in bytes of the shortest value that is hidden in lower and
	// upper case too; many a shorter one is a common word.
	minFolded = 6
	// minBase64 is the length in characters of the shortest base64 that is hidden.
	minBase64 = 8
)

// encodings lists what a value looks like when encoded as a whole. Escapes of
// single characters are read by readings; those here make up the inner layer
// if a text is escaped twice, as JSON shown on a page is.
func encodings(value string) []string {
	if len(value) < MinLength {
		return nil
	}
	all := escapes(value)
	if len(value) >= minFolded {
		for _, folded := range []string{strings.ToLower(value), strings.ToUpper(value)} {
			all = append(append(all, folded), escapes(folded)...)
		}
	}
	digits := hex.EncodeToString([]byte(value))
	all = append(all, digits, strings.ToUpper(digits))
	for lead := range 3 {
		all = append(all, base64Spans(base64.StdEncoding, value, lead)...)
		all = append(all, base64Spans(base64.URLEncoding, value, lead)...)
	}
	return all
}

func escapes(value string) []string {
	return []string{
		url.QueryEscape(value),
		url.PathEscape(value),
		html.EscapeString(value),
		jsonEscape(value, true),
		jsonEscape(value, false),
	}
}

// jsonEscape returns value as it stands between the quotes of a JSON string.
func jsonEscape(value string, escapeHTML bool) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(escapeHTML)
	if err := encoder.Encode(value); err != nil {
		return value // a string is always encoded
	}
	quoted := strings.TrimSuffix(out.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

// base64Spans lists what base64 makes of a value that begins lead bytes into a
// group of three: the characters that depend on nothing else, and the same to
// the end, with padding and without, for a value that comes last.
func base64Spans(encoding *base64.Encoding, value string, lead int) []string {
	padded := encoding.EncodeToString(append(make([]byte, lead), value...))
	// The first 8*lead bits are of what comes before; so is part of the
	// character that they share with the value.
	start := (8*lead + 5) / 6
	stable := (lead + len(value)) * 8 / 6
	var spans []string
	for _, span := range []string{
		padded[start:stable],
		strings.TrimRight(padded[start:], "="),
		padded[start:],
	} {
		if len(span) >= minBase64 {
			spans = append(spans, span)
		}
	}
	return spans
}
