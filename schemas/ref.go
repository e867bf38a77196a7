package schemas

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// ref checks that a reference leads to a schema of this set. The compiler would
// find that out, too, but not tell who refers to what.
func (c *checker) ref(keyword string, value any, pointer string) error {
	text, ok := value.(string)
	if !ok {
		return nil // holds tells what it must be
	}
	base, err := url.Parse(Base + c.file)
	if err != nil {
		return c.fault(pointer, "%v", err)
	}
	target, err := base.Parse(text)
	if err != nil {
		return c.fault(pointer, "%s %q is no reference: %v", keyword, text, err)
	}
	fragment := target.Fragment
	target.Fragment, target.RawFragment = "", ""
	file, ours := strings.CutPrefix(target.String(), Base)
	switch {
	case target.String() == draft:
		return nil
	case !ours:
		return c.fault(pointer, "%s %q leads out of the schemas: only their own files are read, such as %q", keyword, text, "parts/repo.json")
	case c.set.files[file] == nil:
		return c.fault(pointer, "%s %q leads nowhere: there is no %s%s", keyword, text, file, c.closestFile(file))
	}
	if c.placesOf(file)[fragment] {
		return nil
	}
	if _, ok := find(c.set.files[file].doc(), fragment); ok && strings.HasPrefix(fragment, "/") {
		return c.fault(pointer, "%s %q leads to what is no schema: %s in %s", keyword, text, fragment, file)
	}
	return c.fault(pointer, "%s %q leads nowhere: there is no %s in %s", keyword, text, fragment, file)
}

func (c *checker) closestFile(file string) string {
	if closest, ok := Closest(file, slices.Sorted(maps.Keys(c.set.files))); ok {
		return ": did you mean " + closest + "?"
	}
	return ""
}

// placesOf lists what a reference may name in a file: the pointers at which
// schemas stand, and their anchors.
func (c *checker) placesOf(file string) map[string]bool {
	if c.places[file] == nil {
		c.places[file] = map[string]bool{}
		c.list(file, c.set.files[file].doc(), "")
	}
	return c.places[file]
}

func (c *checker) list(file string, node any, pointer string) {
	c.places[file][pointer] = true
	object, _ := node.(map[string]any)
	for keyword, value := range object {
		if anchor, ok := value.(string); ok && (keyword == "$anchor" || keyword == "$dynamicAnchor") {
			c.places[file][anchor] = true
		}
		held := c.vocabulary[keyword]
		place := pointer + "/" + escapePointer(keyword)
		if c.holds(held, value, place) != nil {
			continue // told when that file is read
		}
		for inner, schema := range below(held, value) {
			c.list(file, schema, place+inner)
		}
	}
}
