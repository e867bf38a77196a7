package payload

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// How edits become steps of a plan.

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

// edit adds the step of a value that is set or left out, where the whole of it
// is. It tells whether it did, and whether the value is always there.
func (b *builder) edit(at place, v *schemas.Value) (edited, present bool, err error) {
	whole, items := b.editsAt(at.path)
	for _, e := range items {
		if err := e.single(at, v); err != nil {
			return true, false, err
		}
	}
	if whole == nil {
		return false, false, nil
	}
	if err := b.within(whole, at); err != nil || len(items) > 0 {
		return err != nil, false, err // withItemEdits goes by what is set for all
	}
	if whole.Remove {
		return true, false, whole.mayLeaveOut(at)
	}
	raw, err := whole.json(v)
	if err != nil {
		return true, false, err
	}
	b.literal(at, raw)
	return true, true, nil
}

// editsAt are the edits of the values of a place that count, the last word of
// each: the one for all of them, and those for single items that come after it.
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

// within looks at the edits of what is within a value that is set or left out as
// a whole: those before are forgotten, those after have no place any more.
func (b *builder) within(whole *Edit, at place) error {
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

// mayLeaveOut checks that there is something left where a value stood: an item
// has no name to be left out with.
func (e Edit) mayLeaveOut(at place) error {
	if at.key != "" {
		return nil
	}
	return fmt.Errorf("%s: an item cannot be left out; all of them are set by %s:=[…]", e, strings.Join(e.Path[:len(e.Path)-1], "."))
}

// withItemEdits lets edits of single items stand for what a source has.
func (b *builder) withItemEdits(at place, v *schemas.Value, from source) (source, error) {
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

// over lets an edit stand for what a source has, where it is about that item.
func (e Edit) over(at place, v *schemas.Value, from source) (source, error) {
	n, ofItem := e.item(at.path)
	inner := from.append
	if e.Remove {
		from.always = false
		from.append = func(s *State, dst []byte) ([]byte, bool) {
			if ofItem && s.item != n {
				return inner(s, dst)
			}
			return dst, false
		}
		return from, e.mayLeaveOut(at)
	}
	raw, err := e.json(v)
	from.append = func(s *State, dst []byte) ([]byte, bool) {
		if ofItem && s.item != n {
			return inner(s, dst)
		}
		return append(dst, raw...), true
	}
	return from, err
}

// hasItems tells whether an edit is about single ones of the values of a place.
func (b *builder) hasItems(at place) bool {
	_, items := b.editsAt(at.path)
	return len(items) > 0
}
