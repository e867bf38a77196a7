package emitter

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

// single checks that one item can be set alone: a value that is written in one
// go, in an array that is not itself an item.
func (e Edit) single(at place, v *schemas.Value) error {
	inner := lastItem(at.path)
	outer := slices.Index(at.path, anyItem)
	array := strings.Join(e.Path[:outer], ".")
	for i := outer; i < inner; i++ {
		if at.path[i] == anyItem && e.Path[i] != anyItem {
			return fmt.Errorf("%s: one item of an array that is an item itself cannot be set alone; all of them are set by %s:=[…]", e, array)
		}
	}
	if kindOf(v) != "" {
		return fmt.Errorf("%s: of an item, one property can be set; all of them are set by %s:=[…]", e, strings.Join(e.Path[:inner], "."))
	}
	return nil
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
	whole, items := c.editsAt(at.path)
	for _, e := range items {
		if err := e.single(at, v); err != nil {
			return true, false, err
		}
	}
	if whole == nil {
		return false, false, nil
	}
	if err := c.within(whole, at); err != nil || len(items) > 0 {
		return err != nil, false, err // itemised goes by what is set for all
	}
	if whole.Remove {
		return true, false, whole.mayLeaveOut(at)
	}
	raw, err := whole.json(v)
	if err != nil {
		return true, false, err
	}
	c.literal(at, raw)
	return true, true, nil
}

// editsAt are the edits of the values of a place that count, the last word of
// each: the one for all of them, and those for single items that come after it.
func (c *planner) editsAt(path []string) (whole *Edit, items []Edit) {
	for i := range c.edits {
		e := &c.edits[i]
		if !e.matches(path) {
			continue
		}
		c.used[i] = true
		if _, ofItem := e.item(path); ofItem {
			items = append(items, *e)
		} else {
			whole, items = e, nil
		}
	}
	return whole, items
}

// within looks at the edits of what is within a value that is set or left out as
// a whole: those before are forgotten, those after have no place any more.
func (c *planner) within(whole *Edit, at place) error {
	after := false
	for i := range c.edits {
		e := &c.edits[i]
		switch n := len(at.path); {
		case e == whole:
			after = true
		case len(e.Path) <= n || !(Edit{Path: e.Path[:n]}).matches(at.path):
		case after && whole.Remove:
			return fmt.Errorf("%s: %s is left out before that", e, whole)
		case after:
			return fmt.Errorf("%s: %s is set as a whole before that; write it into that value", e, whole)
		default:
			c.used[i] = true
		}
	}
	return nil
}

// mayLeaveOut checks that there is something left where a value stood: an item
// has no name to be left out with.
func (e Edit) mayLeaveOut(at place) error {
	if at.key != "" {
		return nil
	}
	return fmt.Errorf("%s: an item cannot be left out; all of them are set by %s:=[…]", e, strings.Join(e.Path[:len(e.Path)-1], "."))
}

// itemised lets edits of single items stand for what a source has.
func (c *planner) itemised(at place, v *schemas.Value, from source) (source, error) {
	whole, items := c.editsAt(at.path)
	if whole != nil && len(items) > 0 {
		items = append([]Edit{*whole}, items...)
	}
	for _, e := range items {
		var err error
		if from, err = e.over(at, v, from); err != nil {
			return from, err
		}
	}
	return from, nil
}

// over lets an edit stand for what a source has, where it is about that item.
func (e Edit) over(at place, v *schemas.Value, from source) (source, error) {
	n, ofItem := e.item(at.path)
	inner := from.append
	if e.Remove {
		from.always = false
		from.append = func(s *scene, dst []byte) ([]byte, bool) {
			if ofItem && s.item != n {
				return inner(s, dst)
			}
			return dst, false
		}
		return from, e.mayLeaveOut(at)
	}
	raw, err := e.json(v)
	from.append = func(s *scene, dst []byte) ([]byte, bool) {
		if ofItem && s.item != n {
			return inner(s, dst)
		}
		return append(dst, raw...), true
	}
	return from, err
}

// hasItems tells whether an edit is about single ones of the values of a place.
func (c *planner) hasItems(at place) bool {
	_, items := c.editsAt(at.path)
	return len(items) > 0
}

// wished is what a value that is set by hand asks of a scene.
type wished struct {
	raw  string // the value as JSON; empty where a part of it is set
	item int    // which item of an array it is about, or everyItem
}

const everyItem = -1

// wishes adds what edits ask of the scenes of a shape, so that what follows from
// the values that they set fits. What no scene can have is not asked for.
func (c *planner) wishes(t *tale, want *Scene) error {
	for i, e := range c.edits {
		forgotten := slices.ContainsFunc(c.edits[i+1:], func(later Edit) bool { return later.covers(e) })
		if e.Remove || forgotten || valueAt(t.tree, e.Path) == nil {
			continue
		}
		w := wished{item: everyItem}
		for n := range e.Path {
			v := valueAt(t.tree, e.Path[:n+1])
			if n > 0 && isNumber(e.Path[n]) && valueAt(t.tree, e.Path[:n]).Items == v {
				w.item, _ = strconv.Atoi(e.Path[n])
			}
			if n == len(e.Path)-1 {
				var err error
				if w.raw, err = e.json(v); err != nil {
					return err
				}
			}
			if v.From.Kind == "world" {
				c.sources[v.From.Name].ask(t, want, w)
			}
		}
	}
	return nil
}

// ask asks for scenes with a value of the source, where there can be some.
func (from source) ask(t *tale, want *Scene, w wished) {
	asked := *want
	if from.wish == nil || !from.wish(&asked, w) {
		return
	}
	if asked.check(t.scope, t.action) != nil {
		t.unfit = true
		return
	}
	*want = asked
}

// valueAt follows a path through a tree; nil where it leads nowhere.
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
func checkEdits(edits []Edit, entries []*entry) error {
	for i, edit := range edits {
		if !slices.ContainsFunc(entries, func(e *entry) bool { return e.used[i] || e.below != nil && e.below.used[i] }) {
			return fmt.Errorf("no payload here has a place for %s%s", edit, edit.didYouMean(entries))
		}
	}
	return nil
}

// didYouMean suggests the nearest of the paths that there are.
func (e Edit) didYouMean(entries []*entry) string {
	var known []string
	for _, entry := range entries {
		for _, path := range paths(entry.tree, "") {
			known = append(known, e.numbered(path))
		}
	}
	slices.Sort(known)
	return didYouMean(strings.Join(e.Path, "."), slices.Compact(known))
}

// numbered gives a path the numbers of items that the edit has at the same places.
func (e Edit) numbered(path string) string {
	names := strings.Split(path, ".")
	for i := range min(len(names), len(e.Path)) {
		if names[i] == "0" && isNumber(e.Path[i]) {
			names[i] = e.Path[i]
		}
	}
	return strings.Join(names, ".")
}

// named quotes what would not show as it is.
func named(path string) string {
	if path == "" || strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || !unicode.IsPrint(c) }) {
		return strconv.Quote(path)
	}
	return path
}

// didYouMean suggests the known name that is nearest.
func didYouMean(name string, known []string) string {
	if nearest, ok := schemas.Closest(name, known); ok {
		return fmt.Sprintf(": did you mean %q?", nearest)
	}
	return ""
}
