package emitter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// Edit changes one value of every payload that has a place for it.
type Edit struct {
	Path []string // names of properties, and numbers of items, from the payload down
	// Raw is the value as JSON. Where Text is set it is a text instead, which is
	// read as what the schema says the value is.
	Raw    string
	Text   *string
	Remove bool // leave the value out
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
	if name, isFile := strings.CutPrefix(value, "@"); isFile {
		content, err := read(name)
		if err != nil {
			return Edit{}, fmt.Errorf("%s: %w", path, err)
		}
		value = string(content)
	}
	edit := Edit{Path: strings.Split(path, ".")}
	if !raw {
		edit.Text = &value
		return edit, nil
	}
	compact, err := compactJSON(value)
	if err != nil {
		return Edit{}, fmt.Errorf("%s: the value after := is no JSON (%v); a text is set by %s=…", path, err, path)
	}
	edit.Raw = compact
	return edit, nil
}

// ParseUnset reads the path of a value that is to be left out.
func ParseUnset(path string) Edit { return Edit{Path: strings.Split(path, "."), Remove: true} }

func compactJSON(text string) (string, error) {
	var compact bytes.Buffer
	err := json.Compact(&compact, []byte(text))
	return compact.String(), err
}

// String is the path as it is written.
func (e Edit) String() string { return strings.Join(e.Path, ".") }

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

// item is the number of the item that the edit is about; false where it is about
// none, or about all.
func (e Edit) item() (int, bool) {
	for i := len(e.Path) - 1; i >= 0; i-- {
		if n, err := strconv.Atoi(e.Path[i]); err == nil {
			return n, true
		}
	}
	return 0, false
}

// json is the value as it is written where a schema describes it.
func (e Edit) json(v *schemas.Value) (string, error) {
	if e.Text == nil {
		return e.Raw, nil
	}
	quoted := string(appendString(nil, strings.ToValidUTF8(*e.Text, "\uFFFD")))
	if len(v.Types) == 0 && len(v.Const) == 0 && len(v.Enum) == 0 || slices.Contains(v.Types, "string") {
		return quoted, nil
	}
	if json.Valid([]byte(*e.Text)) && fitsTypes([]byte(strings.TrimSpace(*e.Text)), v.Types) {
		return compactJSON(*e.Text)
	}
	return "", fmt.Errorf("%s takes a value of type %s, not %s; %s:=… sets it to any JSON", e, strings.Join(v.Types, " or "), shortened(quoted), e)
}

// shortened keeps a message on one line.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

// edit adds the step of a value that is set or left out, where the whole of it
// is. It tells whether it did, and whether the value is always there.
func (c *planner) edit(at place, v *schemas.Value) (edited, present bool, err error) {
	for i := len(c.edits) - 1; i >= 0; i-- { // the last word counts
		e := c.edits[i]
		if !e.matches(at.path) {
			continue
		}
		c.used[i] = true
		if _, ofItem := e.item(); ofItem && kindOf(v) != "" {
			return true, false, fmt.Errorf("%s: of an item, one property can be set; all of them are set by %s:=[…]", e, strings.Join(e.Path[:len(e.Path)-1], "."))
		} else if ofItem || edited {
			continue
		}
		edited = true
		if e.Remove {
			continue
		}
		raw, err := e.json(v)
		if err != nil {
			return true, false, err
		}
		c.literal(at, raw)
		present = true
	}
	return edited, present, nil
}

// itemised lets edits of single items stand for what a source has.
func (c *planner) itemised(at place, v *schemas.Value, from source) (source, error) {
	for _, e := range c.edits {
		n, ofItem := e.item()
		if !ofItem || !e.matches(at.path) {
			continue
		}
		raw, err := e.json(v)
		if err != nil && !e.Remove {
			return from, err
		}
		inner, removed := from.append, e.Remove
		from.always = from.always && !removed
		from.append = func(s *scene, dst []byte) ([]byte, bool) {
			if s.item != n {
				return inner(s, dst)
			}
			return append(dst, raw...), !removed
		}
	}
	return from, nil
}

// wishes are what edits ask of the scenes of a shape, so that what follows from
// the values that they set fits.
func (c *planner) wishes(tree *schemas.Value, want *Scene) error {
	for _, e := range c.edits {
		if e.Remove || valueAt(tree, e.Path) == nil {
			continue
		}
		for n := range e.Path {
			v := valueAt(tree, e.Path[:n+1])
			ask := c.sources[v.From.Name].wish
			if v.From.Kind != "world" || ask == nil {
				continue
			}
			raw := "" // for what the value that is set is a part of
			if n == len(e.Path)-1 {
				var err error
				if raw, err = e.json(v); err != nil {
					return err
				}
			}
			ask(want, raw)
		}
	}
	return nil
}

// valueAt follows a path through a tree; nil where it leads nowhere.
func valueAt(v *schemas.Value, path []string) *schemas.Value {
	for _, name := range path {
		switch {
		case v == nil:
			return nil
		case v.Items != nil && isNumber(name):
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

// paths lists where a tree has values.
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

// checkEdits refuses edits that no shape has a place for.
func checkEdits(edits []Edit, entries []entry) error {
	for i, edit := range edits {
		if slices.ContainsFunc(entries, func(e entry) bool { return e.used[i] }) {
			continue
		}
		var known []string
		for _, e := range entries {
			known = append(known, paths(e.tree, "")...)
		}
		slices.Sort(known)
		return fmt.Errorf("no payload here has a place for %s%s", edit, didYouMean(edit.String(), slices.Compact(known)))
	}
	return nil
}

// didYouMean suggests the known name that is nearest.
func didYouMean(name string, known []string) string {
	if nearest, ok := schemas.Closest(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", nearest)
	}
	return ""
}
