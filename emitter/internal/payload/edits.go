package payload

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hubhook/hubhook/emitter/internal/world"
	"github.com/hubhook/hubhook/reports/safetext"
	"github.com/hubhook/hubhook/schemas"
	"github.com/hubhook/hubhook/schemas/suggest"
)

// Edit changes one value of every payload that has a place for it.
type Edit struct {
	Path   []string // names of properties, and indexes of items
	Raw    string   // the value as JSON
	Text   *string  // the value as text, read as what the schema says that it is; nil: Raw counts
	Remove bool     // leave the value out
}

// MaxExcerpt is how many characters of a text an error repeats.
const MaxExcerpt = 60

// anyItem is the name of the items of an array in a path.
const anyItem = "*"

// CompactJSON removes the blanks between the parts of a JSON text. JSON is UTF-8 (RFC 8259, section 8.1).
func CompactJSON(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("it is not UTF-8")
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, []byte(text))
	return compact.String(), err
}

// appendJSON appends any value as JSON. Like AppendString, it escapes nothing but what must be.
func appendJSON(dst []byte, value any) ([]byte, error) {
	buffer := bytes.NewBuffer(dst)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n")), err
}

// String returns the path as it is written, in quotes if it would not show as it is.
func (e Edit) String() string {
	path := strings.Join(e.Path, ".")
	if path == "" || strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || !unicode.IsPrint(c) }) {
		return strconv.Quote(path)
	}
	return path
}

// matches reports whether the edit concerns the values at a path; which item of an array it concerns shows only when
// that is written.
func (e Edit) matches(path []string) bool {
	return slices.EqualFunc(e.Path, path, func(mine, at string) bool {
		return mine == at || at == anyItem && isNumber(mine)
	})
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 31)
	return err == nil
}

// covers reports whether what the edit changes contains what another one changes.
func (e Edit) covers(other Edit) bool {
	n := len(e.Path)
	return n <= len(other.Path) && slices.EqualFunc(e.Path, other.Path[:n], func(mine, theirs string) bool {
		return mine == theirs || mine == anyItem && isNumber(theirs)
	})
}

// item returns the index of the item that the edit concerns, given the path of the values; false if it concerns all.
func (e Edit) item(path []string) (int, bool) {
	at := lastItem(path)
	if at < 0 || e.Path[at] == anyItem {
		return 0, false
	}
	n, err := strconv.Atoi(e.Path[at])
	return n, err == nil
}

// lastItem returns where a path leads into the innermost array; -1 if it leads into none.
func lastItem(path []string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == anyItem {
			return i
		}
	}
	return -1
}

// json returns the value as it is written if a schema describes it.
func (e Edit) json(v *schemas.Value) (string, error) {
	if e.Text == nil {
		raw, err := CompactJSON(e.Raw)
		if err != nil {
			return "", fmt.Errorf("%s: the value is no JSON (%w)", e, err)
		}
		return raw, nil
	}
	types := v.Types
	if kind := kindOf(v); kind != "" && len(types) == 0 {
		types = []string{kind}
	}
	raw, err := CompactJSON(*e.Text)
	isJSON := err == nil
	quoted := string(world.AppendString(nil, strings.ToValidUTF8(*e.Text, "\uFFFD")))
	switch {
	case isJSON && raw == "null" && slices.Contains(types, "null"),
		isJSON && len(types) == 0 && isListed(v, raw):
		return raw, nil
	case len(types) == 0, slices.Contains(types, "string"):
		return quoted, nil
	case isJSON && fitsTypes([]byte(raw), types):
		return raw, nil
	}
	return "", fmt.Errorf("%s takes a value of type %s, not %s; %s:=… sets it to any JSON",
		e, strings.Join(types, " or "), safetext.Truncate(quoted, MaxExcerpt), e)
}

func isListed(v *schemas.Value, raw string) bool {
	return slices.ContainsFunc(slices.Concat(v.Const, v.Enum), func(listed any) bool {
		text, err := listedJSON(listed)
		return err == nil && text == raw
	})
}

// valueAt follows a path through a tree; nil if it leads nowhere.
func valueAt(v *schemas.Value, path []string) *schemas.Value {
	for _, name := range path {
		switch {
		case v == nil:
			return nil
		case v.Items != nil && (name == anyItem || isNumber(name)):
			v = v.Items
		default:
			at := slices.IndexFunc(v.Fields, func(f schemas.Field) bool { return f.Name == name })
			if at < 0 {
				return nil
			}
			v = v.Fields[at].Value
		}
	}
	return v
}

func paths(v *schemas.Value, prefix string) []string {
	var list []string
	for _, field := range v.Fields {
		path := prefix + field.Name
		list = append(list, path)
		list = append(list, paths(field.Value, path+".")...)
	}
	if v.Items != nil {
		list = append(list, paths(v.Items, prefix+"0.")...)
	}
	return list
}

// Suggestion proposes the path nearest to the edit's among those of some trees.
func (e Edit) Suggestion(trees []*schemas.Value) string {
	var known []string
	for _, tree := range trees {
		for _, path := range paths(tree, "") {
			known = append(known, e.withIndexes(path))
		}
	}
	slices.Sort(known)
	return didYouMean(strings.Join(e.Path, "."), slices.Compact(known))
}

// withIndexes gives a path the indexes of items that the edit has at the same places.
func (e Edit) withIndexes(path string) string {
	names := strings.Split(path, ".")
	for i := range min(len(names), len(e.Path)) {
		if names[i] == "0" && isNumber(e.Path[i]) {
			names[i] = e.Path[i]
		}
	}
	return strings.Join(names, ".")
}

// didYouMean suggests the closest known name, after a colon; it is empty if none is near.
func didYouMean(name string, known []string) string {
	if closest, ok := suggest.Closest(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", closest)
	}
	return ""
}
