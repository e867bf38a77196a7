package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// leastPackageComment is how much a package comment says at least, in letters: what the
// package is for, and what it is not for, take more than a line.
const leastPackageComment = 160

// `go doc` of a package is how a newcomer, and whoever uses it as a library, reads it.
func TestPackagesAndExportedNamesHaveComments(t *testing.T) {
	for dir, names := range sourceFiles(t) {
		if inOwnModule(dir) {
			continue
		}
		t.Run(dir, func(t *testing.T) {
			files := token.NewFileSet()
			var parsed []*ast.File
			for _, name := range names {
				file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
				if err != nil {
					t.Fatal(err)
				}
				parsed = append(parsed, file)
			}
			for _, gap := range gapsIn(files, parsed) {
				t.Error(strings.TrimPrefix(gap, repository+"/"))
			}
		})
	}
}

// gapsIn returns the gaps in the documentation of a package, each with its place.
func gapsIn(files *token.FileSet, parsed []*ast.File) []string {
	g := gaps{files: files}
	var doors []string
	for _, file := range parsed {
		if text := strings.TrimSpace(file.Doc.Text()); text != "" {
			doors = append(doors, text)
		}
		for _, declared := range file.Decls {
			g.declaration(declared)
		}
	}
	switch {
	case len(doors) != 1:
		g.add(parsed[0].Package, "the package has %d comments, want one", len(doors))
	case len(doors[0]) < leastPackageComment:
		g.add(parsed[0].Package, "the package's comment is too short to say what it is for, and what not: %q", doors[0])
	}
	return g.list
}

// gaps collects what is not told.
type gaps struct {
	files *token.FileSet
	list  []string
}

func (g *gaps) add(at token.Pos, format string, a ...any) {
	g.list = append(g.list, fmt.Sprintf("%s: %s", g.files.Position(at), fmt.Sprintf(format, a...)))
}

// told demands a comment of a name, in one of the places where it may stand.
func (g *gaps) told(name *ast.Ident, owner string, places ...*ast.CommentGroup) {
	if !name.IsExported() {
		return
	}
	var text string
	for _, place := range places {
		text += place.Text() + " "
	}
	switch full := strings.TrimPrefix(owner+"."+name.Name, "."); {
	case strings.TrimSpace(text) == "":
		g.add(name.Pos(), "%s has no comment", full)
	case saysOnly(text, name.Name):
		g.add(name.Pos(), "the comment of %s only repeats its name", full)
	}
}

func (g *gaps) declaration(declared ast.Decl) {
	switch d := declared.(type) {
	case *ast.FuncDecl:
		if owner := receiver(d); owner == "" || ast.IsExported(owner) {
			g.told(d.Name, owner, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				g.told(s.Name, "", d.Doc, s.Doc, s.Comment)
				if s.Name.IsExported() && !g.onOneLine(s) { // where it is, one comment is about all
					g.inside(s.Type, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					g.told(name, "", d.Doc, s.Doc, s.Comment)
				}
			}
		}
	}
}

func (g *gaps) onOneLine(node ast.Node) bool {
	return g.files.Position(node.Pos()).Line == g.files.Position(node.End()).Line
}

// receiver is the name of the type that a method is of; empty where it is a function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	of := d.Recv.List[0].Type
	for {
		switch t := of.(type) {
		case *ast.StarExpr:
			of = t.X
		case *ast.IndexExpr:
			of = t.X
		case *ast.IndexListExpr:
			of = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// inside demands comments of the fields of structs and the methods of interfaces, in
// whatever an exported type is made of.
func (g *gaps) inside(of ast.Expr, owner string) {
	ast.Inspect(of, func(node ast.Node) bool {
		switch t := node.(type) {
		case *ast.StructType:
			g.fields(t.Fields, owner)
		case *ast.InterfaceType:
			g.fields(t.Methods, owner)
		case *ast.FuncType:
			return false
		}
		return true
	})
}

// fields demands a comment of each, or one above those that stand together.
func (g *gaps) fields(list *ast.FieldList, owner string) {
	var above *ast.Field // the one whose comment stands above those that stand together
	last := 0            // the line of the one before
	for _, field := range list.List {
		if field.Doc != nil {
			above = field
		} else if g.files.Position(field.Pos()).Line > last+1 {
			above = nil
		}
		last = g.files.Position(field.End()).Line
		for _, name := range field.Names { // of what is embedded, its own type tells
			if covers(above, name.Name) {
				g.told(name, owner, above.Doc, field.Comment)
			} else {
				g.told(name, owner, field.Comment)
			}
		}
	}
}

// covers tells whether the comment above some fields is about one of them. One that begins
// with the name of the first is about that one, and about others that it names.
func covers(above *ast.Field, name string) bool {
	if above == nil {
		return false
	}
	words := wordsOf(above.Doc.Text())
	startsWithFirst := len(above.Names) > 0 && len(words) > 0 && words[0] == above.Names[0].Name
	return !startsWithFirst || slices.Contains(words, name)
}

// wordsOf are the words of a text, without what stands between them.
func wordsOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// saysOnly tells whether a comment has no word that is not in the name, but for those
// that say nothing.
func saysOnly(text, name string) bool {
	words := wordsOf(strings.ToLower(text))
	return !slices.ContainsFunc(words, func(word string) bool {
		return !strings.Contains(strings.ToLower(name), strings.TrimSuffix(word, "s")) &&
			!slices.Contains([]string{"a", "an", "the", "is", "are", "of", "its", "it", "this", "returns", "method", "function", "type", "field"}, word)
	})
}

// The test of tests: what it finds in a room that tells nothing, and in one that does.
func TestGapsAreFound(t *testing.T) {
	room := func(text string) []string {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, "room.go", text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		return gapsIn(files, []*ast.File{file})
	}
	door := "// Package room " + strings.Repeat("is for something, ", 10) + "\npackage room\n"
	for _, c := range []struct{ text, want string }{
		{"package room", "room.go:1:1: the package has 0 comments, want one"},
		{"// Package room is short.\npackage room", `room.go:2:1: the package's comment is too short to say what it is for, and what not: "Package room is short."`},
		{door + "func F() {}", "room.go:3:6: F has no comment"},
		{door + "// F is the F.\nfunc F() {}", "room.go:4:6: the comment of F only repeats its name"},
		{door + "// T counts.\ntype T[K any] struct{}\nfunc (T[K]) M() {}", "room.go:5:13: T.M has no comment"},
		{door + "// T counts.\ntype T struct {\n// A and B bound it.\nA int\nB int\n\nC int }", "room.go:9:1: T.C has no comment"},
		{door + "// T counts.\ntype T struct {\n// A bounds it.\nA int\nB int }", "room.go:7:1: T.B has no comment"},
		{door + "// T counts.\ntype T struct { A []struct {\nB int } // parts\n}", "room.go:5:1: T.B has no comment"},
		{door + "// T counts.\ntype T interface {\nM() }", "room.go:5:1: T.M has no comment"},
		{door + "// T counts A.\ntype T struct { A int }", ""},
		{door + "var V, w = 1, 2", "room.go:3:5: V has no comment"},
		{door + "// The numbers.\nconst (\nA = 1\nB = 2)\ntype t struct { A int }\nfunc (t) M() {}", ""},
	} {
		if got := strings.Join(room(c.text), "\n"); got != c.want {
			t.Errorf("in\n%s\nfound %q\nwant  %q", c.text, got, c.want)
		}
	}
}
