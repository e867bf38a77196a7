package emitter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hubhook/hubhook/schemas"
)

// Where edits lead, and what was meant where they lead nowhere.

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
