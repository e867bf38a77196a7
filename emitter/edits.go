package emitter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hubhook/hubhook/schemas"
)

// Edit changes one value of every payload that has a place for it.
type Edit struct {
	Path []string // names of properties, and numbers of items, from the payload down
	// Raw is the value as JSON. Where Text is set it is a text instead, which is
	// read as what the schema says the value is.
	Raw    string
	Text   *string // nil: Raw counts
	Remove bool    // leave the value out
}

// anyItem stands in a place's path for the items of an array.
const anyItem = "*"

// ParseSet reads what sets a value: "repo.name=me/x" a text, or what the schema
// says that it is; "repo.id:=5" JSON, whatever the schema says; with @ in front
// of the value, the file of that name, which read reads.
func ParseSet(text string, read func(name string) ([]byte, error)) (Edit, error) {
	path, value, found := strings.Cut(text, "=")
	path, raw := strings.CutSuffix(path, ":")
	if !found || path == "" {
		return Edit{}, fmt.Errorf("%q sets nothing: expected a path and a value, such as repo.name=me/x, or JSON, such as discussion.num:=7", text)
	}
	edit := Edit{Path: strings.Split(path, ".")}
	if name, isFile := strings.CutPrefix(value, "@"); isFile {
		content, err := read(name)
		if err != nil {
			return Edit{}, fmt.Errorf("%s: %w; a text that begins with @ is set by %s:=%s", edit, err, edit, shortened(string(appendString(nil, value))))
		}
		value = string(content)
	}
	if !raw {
		edit.Text = &value
		return edit, nil
	}
	compact, err := compactJSON(value)
	if err != nil {
		return Edit{}, fmt.Errorf("%s: the value after := is no JSON (%w); a text is set by %s=…", edit, err, edit)
	}
	edit.Raw = compact
	return edit, nil
}

// ParseUnset reads the path of a value that is to be left out.
func ParseUnset(path string) Edit { return Edit{Path: strings.Split(path, "."), Remove: true} }

// compactJSON leaves out the blanks between the parts of a JSON text, and
// nothing else. JSON is UTF-8 (RFC 8259, section 8.1).
func compactJSON(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("it is not UTF-8")
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, []byte(text))
	return compact.String(), err
}

// String is the path as it is written.
func (e Edit) String() string { return named(strings.Join(e.Path, ".")) }

// matches tells whether the edit is about the values of a place; which item of an
// array it is about shows no sooner than when that is written.
func (e Edit) matches(path []string) bool {
	return slices.EqualFunc(e.Path, path, func(mine, at string) bool {
		return mine == at || at == anyItem && isNumber(mine)
	})
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 31)
	return err == nil
}

// covers tells whether what the edit is about has in it all that another one is
// about.
func (e Edit) covers(other Edit) bool {
	n := len(e.Path)
	return n <= len(other.Path) && slices.EqualFunc(e.Path, other.Path[:n], func(mine, theirs string) bool {
		return mine == theirs || mine == anyItem && isNumber(theirs)
	})
}

// item is the number of the item that an edit is about, given the place of the
// values; false where it is about all of them.
func (e Edit) item(path []string) (int, bool) {
	at := lastItem(path)
	if at < 0 || e.Path[at] == anyItem {
		return 0, false
	}
	n, err := strconv.Atoi(e.Path[at])
	return n, err == nil
}

// lastItem is where a place's path leads into the innermost array; -1 where it
// leads into none.
func lastItem(path []string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == anyItem {
			return i
		}
	}
	return -1
}

// json is the value as it is written where a schema describes it.
func (e Edit) json(v *schemas.Value) (string, error) {
	if e.Text == nil {
		raw, err := compactJSON(e.Raw)
		if err != nil {
			return "", fmt.Errorf("%s: the value is no JSON (%w)", e, err)
		}
		return raw, nil
	}
	types := v.Types
	if kind := kindOf(v); kind != "" && len(types) == 0 {
		types = []string{kind}
	}
	raw, err := compactJSON(*e.Text)
	isJSON := err == nil
	quoted := string(appendString(nil, strings.ToValidUTF8(*e.Text, "\uFFFD")))
	switch {
	case isJSON && raw == "null" && slices.Contains(types, "null"),
		isJSON && len(types) == 0 && isListed(v, raw):
		return raw, nil
	case len(types) == 0, slices.Contains(types, "string"):
		return quoted, nil
	case isJSON && fitsTypes([]byte(raw), types):
		return raw, nil
	}
	return "", fmt.Errorf("%s takes a value of type %s, not %s; %s:=… sets it to any JSON", e, strings.Join(types, " or "), shortened(quoted), e)
}

// isListed tells whether a schema names a value.
func isListed(v *schemas.Value, raw string) bool {
	return slices.ContainsFunc(slices.Concat(v.Const, v.Enum), func(listed any) bool {
		text, err := listedJSON(listed)
		return err == nil && text == raw
	})
}

// shortened is as much of a text as a message needs.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
