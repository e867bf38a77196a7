package reports

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// pageBody is a body as the page shows it.
type pageBody struct {
	Size  string // empty where there is no body
	Note  string
	Lines []pageLine
}

// longestDump is how much of a body is shown in hexadecimal digits, in bytes.
const longestDump = 256

// deepest is how deeply a body is indented, at most: one that is deeper stands as it is,
// for indentation would be most of it.
const deepest = 40

// wholeBody is a body as it is shown where there is as much room as a body ever has.
type wholeBody struct {
	text   string
	all    bool // that is all of it
	length int  // in bytes as it is written
}

// whole is a body as it is shown at most. Many are sent more than once.
func (b *pageBuilder) whole(body Body) wholeBody {
	if known, there := b.bodies[body]; there {
		return known
	}
	text := strings.ToValidUTF8(readable(body), "\ufffd")
	end := fitsIn(text, longestBody)
	whole := wholeBody{text[:end], end == len(text), writtenLength(text[:end])}
	b.bodies[body] = whole
	return whole
}

// readable is a body as a person reads it with the least effort.
func readable(body Body) string {
	if body.Base64 {
		raw, err := base64.StdEncoding.DecodeString(body.Text)
		if err != nil {
			return body.Text
		}
		return hex.Dump(raw[:min(len(raw), longestDump)])
	}
	if indented, ok := indentedJSON(body.Text); ok {
		return indented
	}
	return body.Text
}

// indentedJSON is a text with its values on lines of their own, where it is JSON.
func indentedJSON(text string) (string, bool) {
	if trimmed := strings.TrimLeft(text, " \t\r\n"); !strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "[") {
		return "", false
	}
	if depth(text) > deepest {
		return "", false
	}
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(strings.TrimSpace(text)), "", "  "); err != nil {
		return "", false
	}
	return out.String(), true
}

// depth is how deeply a JSON text is nested. Brackets in strings count, which does no
// harm.
func depth(text string) (most int) {
	now := 0
	for _, c := range []byte(text) {
		switch c {
		case '{', '[':
			now++
			most = max(most, now)
		case '}', ']':
			now--
		}
	}
	return most
}

// body is a body with the differences from another marked in it.
func (b *pageBuilder) body(body Body, base *Body) (pageBody, bodyDifference) {
	if body.Bytes == 0 && body.Text == "" {
		return pageBody{}, differenceOf(body, base)
	}
	page := pageBody{Size: english.Plural(int(max(body.Bytes, 0)), "byte", "")}
	whole := b.whole(body)
	end := fitsIn(whole.text, b.limits.body)
	all := whole.all && end == len(whole.text)
	difference := differenceOf(body, base)
	page.Lines = difference.marked(whole.text[:end])
	if all {
		page.Lines = append(page.Lines, difference.missing()...)
	}
	page.Note = excerptNote(body, all)
	return page, difference
}

func excerptNote(body Body, all bool) string {
	switch {
	case body.Base64:
		return fmt.Sprintf("no UTF-8: the first %s, in hexadecimal digits", english.Plural(int(min(body.Bytes, longestDump)), "byte", ""))
	case !all:
		return "the beginning: --json FILE writes more"
	case body.Truncated:
		return "the beginning, as much as was kept"
	}
	return ""
}
