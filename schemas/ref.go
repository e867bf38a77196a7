package schemas

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// ref checks that a reference leads to a schema of this set. The compiler would
// find that out, too, but not tell who refers to what.
func (c *checker) ref(value any, pointer string) error {
	text, ok := value.(string)
	if !ok {
		return nil // draft 2020-12 says what it must be
	}
	base, err := url.Parse(Base + c.file)
	if err != nil {
		return c.fault(pointer, "%v", err)
	}
	target, err := base.Parse(text)
	if err != nil {
		return c.fault(pointer, "$ref %q is no reference: %v", text, err)
	}
	fragment := target.Fragment
	target.Fragment, target.RawFragment = "", ""
	file, ours := strings.CutPrefix(target.String(), Base)
	switch {
	case target.String() == draft:
		return nil
	case !ours:
		return c.fault(pointer, "$ref %q leads out of the schemas: only their own files are read, such as %q", text, "parts/repo.json")
	case c.set.files[file] == nil:
		return c.fault(pointer, "$ref %q leads nowhere: there is no %s%s", text, file, c.closestFile(file))
	}
	// A name without "/" is an anchor, which may stand anywhere in the file.
	if strings.HasPrefix(fragment, "/") && !leadsTo(c.set.files[file].doc(), fragment) {
		return c.fault(pointer, "$ref %q leads nowhere: there is no %s in %s", text, fragment, file)
	}
	return nil
}

func (c *checker) closestFile(file string) string {
	if closest, ok := Closest(file, slices.Sorted(maps.Keys(c.set.files))); ok {
		return ": did you mean " + closest + "?"
	}
	return ""
}

// leadsTo tells whether a JSON pointer leads to something.
func leadsTo(doc any, pointer string) bool {
	_, ok := find(doc, pointer)
	return ok
}
