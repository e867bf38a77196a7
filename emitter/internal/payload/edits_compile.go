package payload

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// checkItem returns an error unless one item can be set without the others: a value that one step writes, in an array
// that is not itself an item.
func (e Edit) checkItem(at location, v *schemas.Value) error {
	inner := lastItem(at.path)
	outer := slices.Index(at.path, anyItem)
	array := strings.Join(e.Path[:outer], ".")
	for i := outer; i < inner; i++ {
		if at.path[i] == anyItem && e.Path[i] != anyItem {
			return fmt.Errorf(
				"%s: one item of an array that is an item itself cannot be set alone; all of them are set by %s:=[…]",
				e, array)
		}
	}
	if kindOf(v) != "" {
		return fmt.Errorf("%s: of an item, one property can be set; all of them are set by %s:=[…]",
			e, strings.Join(e.Path[:inner], "."))
	}
	return nil
}

// edit adds the step of a value that an edit sets or leaves out as a whole. It reports whether it did, and whether the
// value is always there.
func (b *builder) edit(at location, v *schemas.Value) (edited, present bool, err error) {
	whole, items := b.editsAt(at.path)
	for _, e := range items {
		if err := e.checkItem(at, v); err != nil {
			return true, false, err
		}
	}
	if whole == nil {
		return false, false, nil
	}
	if err := b.checkWithin(whole, at); err != nil || len(items) > 0 {
		return err != nil, false, err // withItemEdits goes by what is set for all
	}
	if whole.Remove {
		return true, false, whole.checkRemove(at)
	}
	raw, err := whole.json(v)
	if err != nil {
		return true, false, err
	}
	b.literal(at, raw)
	return true, true, nil
}

// editsAt returns the edits of the values at a path that take effect, the last of each: the one for all of them, and
// those for single items that come after it.
func (b *builder) editsAt(path []string) (whole *Edit, items []Edit) {
	for i := range b.edits {
		e := &b.edits[i]
		if !e.matches(path) {
			continue
		}
		b.used[i] = true
		if _, ofItem := e.item(path); ofItem {
			items = append(items, *e)
		} else {
			whole, items = e, nil
		}
	}
	return whole, items
}

// checkWithin looks at the edits of what is within a value that is set or left out as a whole: those before have no
// effect, those after are errors.
func (b *builder) checkWithin(whole *Edit, at location) error {
	after := false
	for i := range b.edits {
		e := &b.edits[i]
		switch n := len(at.path); {
		case e == whole:
			after = true
		case len(e.Path) <= n || !(Edit{Path: e.Path[:n]}).matches(at.path):
		case after && whole.Remove:
			return fmt.Errorf("%s: %s is left out before that", e, whole)
		case after:
			return fmt.Errorf("%s: %s is set as a whole before that; write it into that value", e, whole)
		default:
			b.used[i] = true
		}
	}
	return nil
}

// checkRemove returns an error if the value is an item, which has no name to be left out with.
func (e Edit) checkRemove(at location) error {
	if at.key != "" {
		return nil
	}
	return fmt.Errorf("%s: an item cannot be left out; all of them are set by %s:=[…]",
		e, strings.Join(e.Path[:len(e.Path)-1], "."))
}

func (b *builder) withItemEdits(at location, v *schemas.Value, from valueSource) (valueSource, error) {
	whole, items := b.editsAt(at.path)
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

func (e Edit) over(at location, v *schemas.Value, from valueSource) (valueSource, error) {
	n, ofItem := e.item(at.path)
	inner := from.append
	var raw string
	var err error
	if e.Remove {
		from.always = false
		err = e.checkRemove(at)
	} else {
		raw, err = e.json(v)
	}
	from.append = func(s *State, dst []byte) ([]byte, bool) {
		if ofItem && s.item != n {
			return inner(s, dst)
		}
		return append(dst, raw...), !e.Remove
	}
	return from, err
}

// hasItems reports whether an edit concerns single ones of the values of a place.
func (b *builder) hasItems(at location) bool {
	_, items := b.editsAt(at.path)
	return len(items) > 0
}
