package secrets

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hubhook/hubhook/emitter/redact"
)

// echoes are the ways in which a handler may give a value back, by name.
func echoes() map[string]func(string) string {
	each := func(format string) func(string) string {
		return func(s string) string {
			var out strings.Builder
			for _, b := range []byte(s) {
				fmt.Fprintf(&out, format, b)
			}
			return out.String()
		}
	}
	inBase64 := func(encoding *base64.Encoding, before, after string) func(string) string {
		return func(s string) string { return encoding.EncodeToString([]byte(before + s + after)) }
	}
	inJSON := func(s string) string { return inJSONString(s, true) }
	return map[string]func(string) string{
		"raw":                    func(s string) string { return s },
		"lower":                  strings.ToLower,
		"upper":                  strings.ToUpper,
		"query":                  url.QueryEscape,
		"path":                   url.PathEscape,
		"query, lower hex":       func(s string) string { return lowerHex(url.QueryEscape(s)) },
		"query twice":            func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"every byte in percent":  each("%%%02X"),
		"every byte as entity":   each("&#%d;"),
		"every byte in hex":      each("&#x%02x;"),
		"every byte in \\u":      each(`\u%04x`),
		"every byte in \\U":      each(`\u%04X`),
		"every byte in \\x":      each(`\x%02x`),
		"json":                   inJSON,
		"json without html":      func(s string) string { return inJSONString(s, false) },
		"json twice":             func(s string) string { return inJSON(inJSON(s)) },
		"json with slashes":      func(s string) string { return strings.ReplaceAll(inJSON(s), "/", `\/`) },
		"html":                   html.EscapeString,
		"html with names":        func(s string) string { return namedQuotes(html.EscapeString(s)) },
		"html in json":           func(s string) string { return inJSON(html.EscapeString(s)) },
		"json in html":           func(s string) string { return html.EscapeString(inJSON(s)) },
		"go":                     strconv.Quote,
		"hex":                    func(s string) string { return hex.EncodeToString([]byte(s)) },
		"upper hex":              func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
		"base64":                 inBase64(base64.StdEncoding, "", ""),
		"base64 url":             inBase64(base64.RawURLEncoding, "", ""),
		"base64 after 1":         inBase64(base64.StdEncoding, "u", ""),
		"base64 after 2":         inBase64(base64.URLEncoding, "u:", ""),
		"base64 between":         inBase64(base64.StdEncoding, "user", "!?"),
		"base64 in a query":      func(s string) string { return url.QueryEscape(inBase64(base64.StdEncoding, "u:", "")(s)) },
		"base64 in json, PHP's":  func(s string) string { return strings.ReplaceAll(inBase64(base64.StdEncoding, "", "")(s), "/", `\/`) },
		"query in a \\u-escaped": func(s string) string { return each(`\u%04x`)(url.QueryEscape(s)) },
	}
}

func lowerHex(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == '%' {
			s = s[:i] + strings.ToLower(s[i:i+3]) + s[i+3:]
		}
	}
	return s
}

func namedQuotes(s string) string {
	return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(s)
}

// inJSONString is what stands between the quotes of a JSON string.
func inJSONString(s string, escapeHTML bool) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(escapeHTML)
	encoder.Encode(s)
	return strings.Trim(out.String(), "\n")[1 : out.Len()-2]
}

// minBase64 is the length in characters of the shortest base64 that is hidden.
const minBase64 = 8

// stableBase64 is what must not be seen of a value in base64: all but the
// characters that it shares with its neighbors.
func stableBase64(s string) []string {
	var list []string
	for lead := range 3 {
		whole := base64.StdEncoding.EncodeToString([]byte("..."[:lead] + s))
		first, end := []int{0, 2, 3}[lead], (lead+len(s))*8/6
		if end-first >= minBase64 {
			list = append(list, whole[first:end])
		}
	}
	return list
}

func TestNoEchoGivesTheSecretAway(t *testing.T) {
	for _, secret := range append(oddSecrets(), "pässwörd ☃ 𝄞") {
		if len(secret) < minBase64 {
			continue // see TestShortSecrets
		}
		m := NewMask(secret)
		for name, encode := range echoes() {
			if strings.Contains(name, "every byte") && !isASCII(secret) {
				continue // most such escapes are of characters
			}
			echo := encode(secret)
			got := m.Text("Got <" + echo + ">; and " + echo + "\n")
			if !strings.Contains(got, redact.SecretVariable) {
				t.Errorf("%s of %q: nothing is masked in %q", name, secret, got)
			}
			for _, leak := range append(stableBase64(secret), secret, echo) {
				if strings.Contains(got, leak) {
					t.Errorf("%s of %q: %q shows %q", name, secret, got, leak)
				}
			}
		}
	}
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}

func TestLearntFormsAreMasked(t *testing.T) {
	for _, secret := range oddSecrets() {
		m := NewMask(secret)
		forms := formsOf(secret)
		for _, form := range forms {
			m.Learn(form)
		}
		for name, form := range forms {
			if form.literal || len(form.Value()) < minBase64 {
				continue
			}
			for how, encode := range echoes() {
				echo := encode(form.Value())
				if got := m.Text(echo); strings.Contains(got, echo) {
					t.Errorf("%s of %s of %q: %q", how, name, secret, got)
				}
			}
		}
	}
}
