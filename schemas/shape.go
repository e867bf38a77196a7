package schemas

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Shape is a payload shape. There is one for each known scope and action, and
// one for each known scope that stands for all narrower ones.
type Shape struct {
	Name     string // "discussion.comment.create", or "repo.config.*"
	Scope    string // "discussion.comment", "repo.config"
	Action   string // "create"; empty for narrower scopes, which bring any
	Narrowed bool   // whether it stands for the scopes narrower than Scope
}

const (
	partsDir    = "parts/"
	narrowedDir = "narrowed/"
	extension   = ".json"
)

// file is the path of the schema that describes the shape.
func (s Shape) file() string {
	if s.Narrowed {
		return narrowedDir + s.Scope + extension
	}
	return s.Name + extension
}

// Shapes lists the shapes: those of today, then those that stand for narrower
// scopes, both in the order of the scopes' names.
func (s *Set) Shapes() []Shape { return slices.Clone(s.shapes) }

// AddedShapes lists the shapes that an overlay adds to those of this package.
func (s *Set) AddedShapes() []Shape {
	return slices.DeleteFunc(s.Shapes(), func(shape Shape) bool {
		_, err := fs.Stat(embedded, embeddedDir+shape.file())
		return err == nil
	})
}

// Title is what the schema of a shape says that it is; empty where it says
// nothing.
func (s *Set) Title(shape Shape) string {
	return gjson.GetBytes(s.files[shape.file()].text(), "title").String()
}

// Parts lists the names of what shapes share: "repo", "updatedRefs".
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

// KnowsScope tells whether a scope has a shape of its own.
func (s *Set) KnowsScope(scope string) bool {
	return slices.ContainsFunc(s.shapes, func(shape Shape) bool { return shape.Scope == scope })
}

// listShapes makes the list of shapes from the names of the files.
func (s *Set) listShapes() {
	for file := range s.files {
		if !strings.HasPrefix(file, partsDir) {
			s.shapes = append(s.shapes, shapeOfFile(file))
		}
	}
	slices.SortFunc(s.shapes, compareShapes)
}

// shapeOfFile reads a shape off the name of its file.
func shapeOfFile(file string) Shape {
	name := strings.TrimSuffix(file, extension)
	if scope, ok := strings.CutPrefix(name, narrowedDir); ok {
		return Shape{Name: scope + ".*", Scope: scope, Narrowed: true}
	}
	scope, action, _ := splitName(name)
	return Shape{Name: name, Scope: scope, Action: action}
}

// splitName parts "repo.config.update" into "repo.config" and "update".
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
	// "repo" and all below it come before "discussion": repos are what a
	// newcomer looks for first.
	return cmp.Or(
		-strings.Compare(rootOf(a.Scope), rootOf(b.Scope)),
		strings.Compare(a.Scope, b.Scope),
		strings.Compare(a.Action, b.Action))
}

func rootOf(scope string) string {
	root, _, _ := strings.Cut(scope, ".")
	return root
}

// ShapeByName finds the shape of a name. A name whose scope is not known, such as
// "repo.config.dois.minted", is found at the shape that stands for the narrower
// scopes of the nearest known one; scope and action are then those of the name,
// where "*" is any action. An action that a known scope does not have is an error: it is a slip of the pen
// more often than a future.
func (s *Set) ShapeByName(name string) (shape Shape, scope, action string, err error) {
	if i := slices.IndexFunc(s.shapes, func(shape Shape) bool { return shape.Name == name }); i >= 0 {
		return s.shapes[i], s.shapes[i].Scope, s.shapes[i].Action, nil
	}
	unknown := fmt.Errorf("unknown shape %q: %sknown are %s", name, DidYouMean(name, s.names()), strings.Join(s.names(), ", "))
	scope, action, ok := splitName(name)
	if action == anyAction {
		action = ""
	}
	if !ok || !newScope.MatchString(scope+"."+action) {
		return Shape{}, "", "", unknown
	}
	known, ok := Nearest(scope, s.KnowsScope)
	if !ok || known == scope && action != "" {
		return Shape{}, "", "", unknown
	}
	shape, ok = s.narrowed(known)
	if !ok {
		return Shape{}, "", "", unknown
	}
	return shape, scope, action, nil
}

// anyAction stands in a name for any action on a scope that is not known.
const anyAction = "*"

// newScope is the form of the names of scopes and actions.
var newScope = regexp.MustCompile(`^[\w-]+(\.[\w-]+)*\.[\w-]*$`)

func (s *Set) names() []string {
	var names []string
	for _, shape := range s.shapes {
		names = append(names, shape.Name)
	}
	return names
}

// narrowed finds the shape that stands for the scopes narrower than a known one,
// which may be that of a broader one.
func (s *Set) narrowed(scope string) (Shape, bool) {
	scope, ok := Nearest(scope, func(scope string) bool {
		return slices.ContainsFunc(s.shapes, func(shape Shape) bool { return shape.Narrowed && shape.Scope == scope })
	})
	return Shape{Name: scope + ".*", Scope: scope, Narrowed: true}, ok
}

// ShapeOf tells the shape of an event. Where its scope is not known, the walk goes
// up to the nearest known one, one segment at a time, and the action is
// forgotten (hub docs, "Webhook Payload", "Event"); so it is with an action that
// a known scope does not have.
func (s *Set) ShapeOf(scope, action string) (Shape, error) {
	if i := slices.IndexFunc(s.shapes, func(shape Shape) bool { return shape.Scope == scope && shape.Action == action && !shape.Narrowed }); i >= 0 {
		return s.shapes[i], nil
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

// fileOf finds the file of a shape or a part.
func (s *Set) fileOf(name string) (string, error) {
	if part := partsDir + name + extension; s.files[part] != nil {
		return part, nil
	}
	shape, _, _, err := s.ShapeByName(name)
	if err != nil {
		known := append(s.names(), s.Parts()...)
		return "", fmt.Errorf("unknown schema %q: %sshapes are %s; parts are %s",
			name, DidYouMean(name, known), strings.Join(s.names(), ", "), strings.Join(s.Parts(), ", "))
	}
	return shape.file(), nil
}

// Broader drops the last segment of a scope: "repo.config.dois" becomes
// "repo.config". It is false where no segment is left to drop.
func Broader(scope string) (string, bool) {
	dot := strings.LastIndexByte(scope, '.')
	if dot < 0 {
		return "", false
	}
	return scope[:dot], true
}

// Nearest walks up from scope, one segment at a time, to the first one that is
// known. It is false where not even the root is.
//
// This is the fallback that the Hub asks of every handler for scopes that come
// later (hub docs, "Webhook Payload", "Event"). An event found on a broader
// scope than its own counts as "update" there, whatever its action says.
func Nearest(scope string, known func(scope string) bool) (string, bool) {
	for ok := true; ok; scope, ok = Broader(scope) {
		if known(scope) {
			return scope, true
		}
	}
	return "", false
}
