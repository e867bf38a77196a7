package schemas

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/hubhook/hubhook/schemas/suggest"
)

// Shape is the shape of a payload. There is one for each known scope and action, and
// one for all scopes that are narrower than a known one.
type Shape struct {
	Name     string // "discussion.comment.create", or "repo.config.*"
	Scope    string // "discussion.comment", "repo.config"
	Action   string // "create"; empty for narrower scopes, which may have any
	Narrowed bool   // whether it is for all scopes narrower than Scope
}

const (
	partsDir    = "parts/"
	narrowedDir = "narrowed/"
	extension   = ".json"
)

func (s Shape) file() string {
	if s.Narrowed {
		return narrowedDir + s.Scope + extension
	}
	return s.Name + extension
}

// Shapes lists the shapes: those of known scopes, then those for narrower scopes, both
// sorted by scope.
func (s *Set) Shapes() []Shape { return slices.Clone(s.shapes) }

// AddedShapes lists the shapes that an overlay adds to those of this package.
func (s *Set) AddedShapes() []Shape {
	return slices.DeleteFunc(s.Shapes(), func(shape Shape) bool {
		_, err := fs.Stat(embedded, embeddedDir+shape.file())
		return err == nil
	})
}

// Title returns the title of a shape's schema; empty if there is none.
func (s *Set) Title(shape Shape) string {
	return gjson.GetBytes(s.files[shape.file()].text(), "title").String()
}

// Parts lists the parts that shapes share, such as "repo" and "updatedRefs".
func (s *Set) Parts() []string {
	var parts []string
	for file := range s.files {
		if name, ok := strings.CutPrefix(file, partsDir); ok {
			parts = append(parts, strings.TrimSuffix(name, extension))
		}
	}
	slices.Sort(parts)
	return parts
}

// KnowsScope reports whether a scope has shapes of its own.
func (s *Set) KnowsScope(scope string) bool {
	return slices.ContainsFunc(s.shapes, func(shape Shape) bool { return shape.Scope == scope })
}

func (s *Set) listShapes() {
	for file := range s.files {
		if !strings.HasPrefix(file, partsDir) {
			s.shapes = append(s.shapes, shapeOfFile(file))
		}
	}
	slices.SortFunc(s.shapes, compareShapes)
}

func shapeOfFile(file string) Shape {
	name := strings.TrimSuffix(file, extension)
	if scope, ok := strings.CutPrefix(name, narrowedDir); ok {
		return Shape{Name: scope + ".*", Scope: scope, Narrowed: true}
	}
	scope, action, _ := splitName(name)
	return Shape{Name: name, Scope: scope, Action: action}
}

// splitName splits "repo.config.update" into "repo.config" and "update".
func splitName(name string) (scope, action string, ok bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || dot == len(name)-1 {
		return "", "", false
	}
	return name[:dot], name[dot+1:], true
}

func compareShapes(a, b Shape) int {
	if a.Narrowed != b.Narrowed {
		if a.Narrowed {
			return 1
		}
		return -1
	}
	// "repo" and its narrower scopes come before "discussion": newcomers look for repos
	// first.
	return cmp.Or(
		-strings.Compare(rootOf(a.Scope), rootOf(b.Scope)),
		strings.Compare(a.Scope, b.Scope),
		strings.Compare(a.Action, b.Action))
}

func rootOf(scope string) string {
	root, _, _ := strings.Cut(scope, ".")
	return root
}

// ShapeByName returns the shape of a name, with the name's scope and action. If the scope
// is unknown, as in "repo.config.dois.minted", it is the shape for scopes narrower than the
// nearest known one; the action "*", returned as empty, means any. An action that a known
// scope doesn't have is an error: it is more often a mistake than new.
func (s *Set) ShapeByName(name string) (shape Shape, scope, action string, err error) {
	if i := slices.IndexFunc(s.shapes, func(shape Shape) bool { return shape.Name == name }); i >= 0 {
		return s.shapes[i], s.shapes[i].Scope, s.shapes[i].Action, nil
	}
	scope, action, isName := splitName(name)
	if action == anyAction {
		action = ""
	}
	known, _ := Nearest(scope, s.KnowsScope)
	shape, ok := s.narrowed(known)
	if !ok || !isName || known == scope && action != "" || !eventName.MatchString(scope+"."+action) {
		names := s.names()
		return Shape{}, "", "", fmt.Errorf("unknown shape %q: %sknown are %s",
			name, suggest.DidYouMean(name, names), strings.Join(names, ", "))
	}
	return shape, scope, action, nil
}

// anyAction, in a name, means any action on an unknown scope.
const anyAction = "*"

// eventName matches a scope and an action, which may be empty.
var eventName = regexp.MustCompile(`^[\w-]+(\.[\w-]+)*\.[\w-]*$`)

func (s *Set) names() []string {
	var names []string
	for _, shape := range s.shapes {
		names = append(names, shape.Name)
	}
	return names
}

// narrowed returns the shape for scopes below a known one, or below a broader one.
func (s *Set) narrowed(scope string) (Shape, bool) {
	scope, ok := Nearest(scope, func(scope string) bool {
		return slices.ContainsFunc(s.shapes, func(shape Shape) bool { return shape.Narrowed && shape.Scope == scope })
	})
	return Shape{Name: scope + ".*", Scope: scope, Narrowed: true}, ok
}

// ShapeOf returns the shape of an event. If its scope is unknown, or has no such action,
// it is the shape for scopes narrower than the nearest known one (hub docs, "Webhook
// Payload", "Event").
func (s *Set) ShapeOf(scope, action string) (Shape, error) {
	for _, shape := range s.shapes {
		if shape.Scope == scope && shape.Action == action && !shape.Narrowed {
			return shape, nil
		}
	}
	known, ok := Nearest(scope, s.KnowsScope)
	if !ok {
		return Shape{}, fmt.Errorf("no known scope is at the root of %q", scope)
	}
	shape, ok := s.narrowed(known)
	if !ok {
		return Shape{}, fmt.Errorf("no shape stands for the scopes below %q", known)
	}
	return shape, nil
}

// fileOf returns the file of a shape or a part.
func (s *Set) fileOf(name string) (string, error) {
	if part := partsDir + name + extension; s.files[part] != nil {
		return part, nil
	}
	shape, _, _, err := s.ShapeByName(name)
	if err != nil {
		known := append(s.names(), s.Parts()...)
		return "", fmt.Errorf("unknown schema %q: %sshapes are %s; parts are %s",
			name, suggest.DidYouMean(name, known), strings.Join(s.names(), ", "), strings.Join(s.Parts(), ", "))
	}
	return shape.file(), nil
}

// Broader returns a scope without its last segment: "repo.config" for "repo.config.dois". It
// returns false if there is only one segment.
func Broader(scope string) (string, bool) {
	dot := strings.LastIndexByte(scope, '.')
	if dot < 0 {
		return "", false
	}
	return scope[:dot], true
}

// Nearest walks up from scope, one segment at a time, and returns the first known scope.
// It returns false if not even the root is known.
//
// The Hub requires this fallback of every handler, for scopes that it will add (hub docs,
// "Webhook Payload", "Event"). On a broader scope than its own, an event counts as an
// "update", whatever its action.
func Nearest(scope string, known func(scope string) bool) (string, bool) {
	for ok := true; ok; scope, ok = Broader(scope) {
		if known(scope) {
			return scope, true
		}
	}
	return "", false
}
