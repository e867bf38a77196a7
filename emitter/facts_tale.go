package emitter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hubhook/hubhook/schemas"
)

// How shapes are told of facts. What a world always has, such as the comment of
// a new discussion, facts may lack: it is then left out where the schema lets it
// be, and missed where it does not.

// part is something that not all facts have, by the first word of its sources.
type part struct {
	name  string
	field string // of EventData
	has   func(*scene) bool
}

// parts are in the order in which they need each other: a comment has the number
// of its discussion in its URL.
var parts = []part{
	{"discussion", "Discussion", func(s *scene) bool { return s.talk != nil }},
	{"comment", "Comment", func(s *scene) bool { return s.comment != nil }},
	{"movedTo", "MovedTo", func(s *scene) bool { return s.facts.MovedTo != nil }},
}

// partOf is the place in parts of what a source is of; -1 where all facts have it.
func partOf(source string) int {
	name, _, _ := strings.Cut(source, ".")
	return slices.IndexFunc(parts, func(p part) bool { return p.name == name })
}

// factTale is a shape, ready to be told of facts.
type factTale struct {
	*tale
	needs []part // which each payload of it has
	push  bool   // whether it tells of what a repo holds
}

// toldTale finds a shape by a name that schemas.Set.Named knows.
func (g *Generator) toldTale(name string) (*factTale, error) {
	if known, ok := g.told.tales.Load(name); ok {
		return known.(*factTale), nil
	}
	t, err := g.outline(name)
	if err != nil {
		return nil, err
	}
	f := &factTale{tale: t, push: g.acts[t.acts[0]].shape == g.acts[pushMain].shape}
	var needs needed
	t.tree, needs = gated(t.tree)
	for i, p := range parts {
		if needs[i] {
			f.needs = append(f.needs, p)
		}
	}
	c, err := g.plan(t, g.told.sources)
	if err != nil {
		return nil, err
	}
	if err := c.wishes(t, &t.want); err != nil {
		return nil, err
	}
	return g.told.tales.keep(name, f).(*factTale), nil
}

// lacks says what the shape tells of and the facts do not.
func (t *factTale) lacks(s *scene) error {
	for _, p := range t.needs {
		if !p.has(s) {
			return fmt.Errorf("%s tells of %s: the facts have no %s", t.name, p.name, p.field)
		}
	}
	kind := s.repo.kind
	switch {
	case strings.HasPrefix(t.scope, "discussion") && !kind.git:
		return fmt.Errorf("%s: a %s has no discussions", t.name, kind.name)
	case t.push && kind.git && len(s.refs) == 0:
		return fmt.Errorf("%s of a %s tells of references: the facts have no Refs", t.name, kind.name)
	case t.push && !kind.git && len(s.files) == 0:
		return fmt.Errorf("%s of a %s tells of files: the facts have no Files", t.name, kind.name)
	}
	return nil
}

// needed tells which of the parts a value has in it, wherever it is there.
type needed [3]bool

// gated is a tree in which each object that may be left out is there only where
// the facts have all that must be in it. It tells what the tree itself needs.
func gated(v *schemas.Value) (*schemas.Value, needed) {
	var needs needed
	if v == nil {
		return nil, needs
	}
	own := *v
	own.Fields = slices.Clone(v.Fields)
	for i := range own.Fields {
		f := &own.Fields[i]
		var inner needed
		f.Value, inner = gated(f.Value)
		if f.Required {
			needs.add(inner)
		} else {
			inner.gate(f.Value)
		}
	}
	var ofItems needed
	own.Items, ofItems = gated(v.Items)
	needs.add(ofItems)
	if at := partOf(v.From.Name); v.From.Kind == "world" && at >= 0 {
		needs[at] = true
	}
	return &own, needs
}

func (n *needed) add(other needed) {
	for i := range n {
		n[i] = n[i] || other[i]
	}
}

// gate has an object be there only where the facts have what it needs. The last
// of the parts stands for those before it.
func (n needed) gate(v *schemas.Value) {
	if v == nil || kindOf(v) != "object" || v.From != (schemas.From{}) {
		return
	}
	for i, p := range parts {
		if n[i] {
			v.From = schemas.From{Kind: "world", Name: p.name}
		}
	}
}
